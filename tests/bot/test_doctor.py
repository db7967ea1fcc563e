"""The doctor: what is found, how bad it is, and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.operations.doctor import examine, of_settings
from bot.operations.judging import (
    GIB,
    MIB,
    lasting,
    of_database,
    of_file,
    of_index,
    of_integrity,
    of_life,
    of_server,
    of_tables,
    of_walk,
    size,
)
from bot.settings import Settings
from news.errors import StoreBusy, StoreError
from news.soundness import (
    Database,
    DeadRows,
    Fault,
    FileRoom,
    Finding,
    Grade,
    Integrity,
    Life,
    Read,
    ServerRoom,
    Tables,
    Unreached,
    Waiting,
    Walk,
)
from tests.fakes import NOON
from tests.slack.towns import KEY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FILE = FileRoom(size=2 * GIB, unused=0, log=MIB, disk_free=9 * GIB)
SERVER = ServerRoom(size=2 * GIB, encoding="UTF8", read_only=False, vacuums=True)
SOUND = Walk(looked=1200, whole=True)


def lines(findings) -> list[str]:
    """As they are shown, without what was looked at."""
    return [f"{f.grade} {f.told}" + (f": {f.advice}" if f.advice else "") for f in findings]


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        (Tables("7", "7"), "ok version 7, which this attache works with"),
        (Tables(None, "7"), "problem there are none yet: make them with `attache db upgrade`"),
        (
            Tables("6", "7"),
            "problem version 6, and this attache works with 7: bring them there with `attache db upgrade`; what is in them stays",
        ),
        (
            Tables("8", "7", newer=True),
            "problem version 8 is of a newer attache than this one, which works with 7: install the newer attache, or set ATTACHE_DATABASE_URL to another database",
        ),
    ],
)
def test_program_and_tables_must_fit(tables, line):
    assert lines(of_tables(tables)) == [line]


@pytest.mark.parametrize(
    ("integrity", "expected"),
    [
        (Integrity((), Read.ALL), ["ok read through, nothing wrong"]),
        (
            Integrity((), Read.SMALL),
            ["ok the small tables are read through, nothing wrong; --thorough reads the large ones too"],
        ),
        (
            Integrity((), Read.BOOKS, aged_collation=True),
            [
                "warning the system sorts texts by other rules than the indexes were made with: REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION",
                "ok no broken index, no wrong checksum in the server's books",
            ],
        ),
        (
            Integrity(("page 7 is never used",), Read.ALL),
            [
                "problem the database says: page 7 is never used: stop the bot and restore the newest backup (`attache restore`)"
            ],
        ),
        (
            Integrity(("invalid index ix",), Read.BOOKS),
            [
                "problem the database says: invalid index ix: see its log; REINDEX mends an index"
            ],
        ),
    ],
)  # fmt: skip
def test_what_the_database_says_of_itself(integrity, expected):
    assert lines(of_integrity(integrity)) == expected


@pytest.mark.parametrize(
    ("walk", "expected"),
    [
        (SOUND, ["ok 1,200 rows looked at, nothing wrong"]),
        (Walk(1, whole=True), ["ok 1 row looked at, nothing wrong"]),
        (
            Walk(1200, whole=False),
            ["ok 1,200 rows looked at, nothing wrong (a sample; --thorough looks at all)"],
        ),
        (
            Walk(9, whole=True, faults=(Fault("entries without their feeds", 3, ("7/a", "7/b")), Fault("stories", 1, harmless=True))),
            [
                "problem entries without their feeds (3, such as 7/a): stop the bot and restore the newest backup (`attache restore`), or report it as a bug",
                "warning stories (1): they only take room; report it as a bug if there come more",
            ],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_rows(walk, expected):
    assert lines(of_walk("rows", "row", walk)) == expected


def test_an_index_that_does_not_fit_is_made_anew():
    faults = (Fault("statements that are not in the index", 3, ("7", "8")), Fault("faults", 1))
    mend = "stop the bot and run `attache doctor --repair`, which makes the index anew"
    assert lines(of_index(SOUND)) == ["ok 1,200 rows looked at, nothing wrong"]
    assert lines(of_index(replace(SOUND, faults=faults))) == [
        f"problem statements that are not in the index (3, such as 7): {mend}",
        f"problem faults (1): {mend}",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["ok 9.0 GB free beside the 2.0 GB of the database"]),
        (
            {"unused": GIB},
            [
                "ok 9.0 GB free beside the 2.0 GB of the database, of which 1.0 GB are empty and will be used again"
            ],
        ),
        (
            {"disk_free": GIB},
            [
                "warning 1.0 GB free beside the 2.0 GB of the database: a backup needs as much: make room, or write it elsewhere"
            ],
        ),
        (
            {"disk_free": 3 * MIB},
            [
                "problem 3 MB free beside the 2.0 GB of the database: make room, or soon nothing can be stored"
            ],
        ),
        (
            {"log": 5 * GIB, "unwritable": ("/srv/a.db", "/srv"), "write_ahead": False},
            [
                "problem /srv/a.db, /srv may not be written: give them to the user that runs attache",
                "warning the write-ahead log has grown to 5.0 GB: somebody reads without an end: restart whatever has the database open",
                "warning the file is not in WAL mode, so those who read and those who write wait for each other: stop the bot, then run PRAGMA journal_mode=WAL in sqlite3",
                "ok 9.0 GB free beside the 2.0 GB of the database",
            ],
        ),
    ],
)  # fmt: skip
def test_a_file_must_have_room_and_be_writable(changes, expected):
    assert lines(of_file(replace(FILE, **changes))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"transaction_since": NOON - HOUR}, []),
        ({"read_only": True}, ["problem it may only be read: set ATTACHE_DATABASE_URL to the primary server"]),
        (
            {"encoding": "LATIN1"},
            [
                "problem its encoding is LATIN1, which does not hold every text: make one with ENCODING 'UTF8', and move everything by `attache dump` and `attache load`"
            ],
        ),
        (
            {"vacuums": False, "dead": (DeadRows("statements", 50_000, 90),), "transaction_since": NOON - 3 * DAY},
            [
                "warning autovacuum is off, so dead rows stay: turn it on in the server's settings",
                "warning statements has 50,000 dead rows beside 90: VACUUM statements; should they come again, let autovacuum work more",
                "warning a transaction has been open for 3 days: end it: dead rows are kept for it",
            ],
        ),
    ],
)  # fmt: skip
def test_a_server_must_be_writable_and_tidy(changes, expected):
    room = replace(SERVER, **changes)
    assert lines(of_server(room, NOON)) == [*expected, f"ok 2.0 GB, {room.encoding}"]


WELL = ["ok none is followed yet", "ok every article has been read", "ok 0 schedules, nothing overdue"]
START = "start `attache run`; if it runs, its log says why"


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (Life(), WELL),
        (Life(feeds=2), ["ok 2 feeds", *WELL[1:]]),
        (
            Life(feeds=1200, failing=3, ended=1, feeds_due=Waiting(3, NOON - HOUR)),
            ["ok 1,200 feeds, 3 failing, 1 ended: `attache feeds list` shows which", *WELL[1:]],
        ),
        (
            Life(feeds=3, failing=2, ended=1),
            ["warning 3 feeds, 2 failing, 1 ended: as all of them fail, look at this machine's own network", *WELL[1:]],
        ),
        (
            Life(feeds=3, feeds_due=Waiting(2, NOON - 5 * HOUR), unread=Waiting(1, NOON - 50 * HOUR)),
            [f"warning 3 feeds; 2 due, the first for 5 hours: {START}", f"warning 1 article to read for 2 days: {START}", WELL[2]],
        ),
        (
            Life(unread=Waiting(3000, NOON - HOUR / 2), subscriptions={"terminal": 1, "discord": 2}),
            [WELL[0], "ok 3,000 articles to read, the first for 30 minutes", "ok 3 schedules, nothing overdue"],
        ),
        (
            Life(given_up=Waiting(2, NOON - HOUR)),
            [
                *WELL[:2],
                "warning 2 articles could not be read: `attache articles unread` says why; `attache articles retry` has them read again",
                WELL[2],
            ],
        ),
        (
            Life(stopped=Waiting(2, NOON - 3 * HOUR)),
            [
                *WELL[:2],
                "warning 2 schedules stopped by a lost channel, the first for 3 hours: `attache schedule list` shows why: mend that, then `attache schedule resume` it",
            ],
        ),
        (
            Life(
                overdue=Waiting(2, NOON - HOUR), pending=Waiting(1, NOON - 2 * HOUR), sending=Waiting(1, NOON - HOUR)
            ),
            [
                *WELL[:2],
                f"warning 2 digests due, the first for 60 minutes: {START}",
                f"warning 1 post waiting for 2 hours: {START}",
                "warning 1 post being sent for 60 minutes: `attache run` asks the platform what became of them; if it runs, see its log",
            ],
        ),
    ],
)  # fmt: skip
def test_whether_the_bot_keeps_up(life, expected):
    assert lines(of_life(life, NOON)) == expected


def settings(**changes):
    return Settings(_env_file=None, **{"summary_model": None, "summary_server": None, "discord_token": None, "slack_bot_token": None} | changes)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["ok nothing in them that cannot work"]),
        (
            {"private_hosts": "http://lan.example/feed, lan.example"},
            ["problem ATTACHE_PRIVATE_HOSTS has http://lan.example/feed, which is no host: name it as feeds.example or feeds.example:8080"],
        ),
        (
            {"discord_api_url": "proxy.example", "discord_gateway_url": "https://proxy.example"},
            [
                "problem ATTACHE_DISCORD_API_URL is no address of that kind: let it begin with https://",
                "problem ATTACHE_DISCORD_GATEWAY_URL is no address of that kind: let it begin with wss://",
            ],
        ),
    ],
)  # fmt: skip
def test_settings_that_cannot_work(changes, expected):
    assert lines(of_settings(settings(**changes))) == expected


def test_a_model_that_is_not_there_is_told(tmp_path, monkeypatch):
    folder = tmp_path / "model"
    told = f"ATTACHE_SUMMARY_MODEL names {folder}, which is no folder here, so extracts are shown"
    assert told in [finding.told for finding in of_settings(settings(summary_model=str(folder)))]
    folder.mkdir()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert lines(of_settings(settings(summary_model=str(folder)))) == [
        "warning ATTACHE_SUMMARY_MODEL needs PyTorch, which is not installed, so extracts are shown: install attache with its extra `models`"
    ]


class Answers:
    """A store that answers as it is told to; an exception in the place of an answer is raised."""

    def __init__(self, **changes):
        self.answers = {
            "database": Database("SQLite", "3", "/srv/a.db"),
            "tables": Tables("7", "7"),
            "integrity": Integrity((), Read.ALL),
            "rows": SOUND,
            "spans": SOUND,
            "index": SOUND,
            "room": FILE,
            "life": Life(),
        } | changes
        self.asked = []

    def __getattr__(self, name):
        async def answer(*arguments, whole=None):
            self.asked.append((name, whole))
            found = self.answers[name]
            if isinstance(found, Exception):
                raise found
            return found

        return answer


async def examined(soundness, **more):
    found = await examine(settings(), lambda: soundness, NOON, **more)
    return [(finding.check, finding.grade.value) for finding in found]


ALL = ["settings", "database", "tables", "integrity", "disk", "rows", "statements", "index", "feeds", "reading", "posting"]  # fmt: skip


@pytest.mark.parametrize("thorough", [False, True])
async def test_everything_is_looked_at_in_order(thorough):
    soundness = Answers()
    assert await examined(soundness, thorough=thorough) == [(check, "ok") for check in ALL]
    assert {whole for _, whole in soundness.asked} == {None, thorough}


@pytest.mark.parametrize("name", ["integrity", "rows", "spans", "index", "room", "life"])
async def test_a_check_that_fails_is_told_and_the_others_go_on(name):
    sound = await examined(Answers())
    shown = {"room": "disk", "spans": "statements"}.get(name, name)
    for error, grade in ((StoreError("It broke: mend it."), "problem"), (StoreBusy("Wait: try again."), "warning"), (KeyError("x"), "problem")):  # fmt: skip
        found = await examined(Answers(**{name: error}))
        assert (shown, grade) in found
        assert [one for one in found if one[1] == "ok"] == [
            one for one in sound if one[0] != shown and not (name == "life" and one[0] in ALL[-3:])
        ]


async def test_rows_of_another_version_are_not_looked_at():
    found = await examined(Answers(tables=Tables("6", "7")))
    assert found == [("settings", "ok"), ("database", "ok"), ("tables", "problem"), ("integrity", "ok"), ("disk", "ok")]  # fmt: skip


@pytest.mark.parametrize("opened", [True, False])
async def test_without_a_database_there_is_nothing_more_to_look_at(opened):
    error = StoreError("Cannot reach the database (no route: none): start it.")

    def open_soundness():
        if opened:
            return Answers(database=error)
        raise error

    found = await examine(settings(), open_soundness, NOON)
    assert found[1:] == (
        Finding("database", Grade.PROBLEM, "Cannot reach the database (no route: none)", "start it"),
    )


async def test_schedules_to_a_platform_without_its_token_are_told():
    found = await examine(settings(), lambda: Answers(life=Life(subscriptions={"discord": 2})), NOON)
    assert lines(found[-1:]) == [
        "warning 2 schedules to Discord, and ATTACHE_DISCORD_TOKEN is not set: set it where `attache run` runs, or nothing is posted"
    ]
    found = await examine(
        settings(discord_token="t"), lambda: Answers(life=Life(subscriptions={"discord": 2})), NOON
    )
    assert found[-1].grade is Grade.OK


NO_TOKEN = "warning 1 schedule to Slack, and ATTACHE_SLACK_BOT_TOKEN is not set: set it where `attache run` runs, or nothing is posted"
SEVERAL = {"slack_client_id": "1.2", "slack_client_secret": "secret", "slack_token_key": KEY, "slack_http": "[::1]:3000", "slack_signing_secret": "s"}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [NO_TOKEN]),
        ({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}, ["platforms"]),
        (SEVERAL, ["platforms"]),
        ({"discord_token": "t"}, [NO_TOKEN]),
    ],
    ids=["neither", "one workspace", "several", "another platform"],
)  # fmt: skip
async def test_what_the_settings_have_no_more_is_not_told_as_away(given, expected):
    away = Unreached("slack", NOON - HOUR, "Slack cannot be reached: check the network.")
    life = Life(unreached=(away,), subscriptions={"slack": 1})
    found = await examine(settings(**given), lambda: Answers(life=life), NOON)
    wrong = [finding for finding in found if finding.grade is not Grade.OK]
    assert [one.check if one.check == "platforms" else lines([one])[0] for one in wrong] == expected


def test_the_database_is_named():
    assert lines(of_database(Database("SQLite", "3", "/srv/a.db"))) == ["ok SQLite 3, /srv/a.db"]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "0 KB"), (1, "1 KB"), (4096, "4 KB"), (3 * MIB, "3 MB"), (GIB - 1, "1024 MB"), (5 * GIB // 2, "2.5 GB")],
)  # fmt: skip
def test_sizes_are_rounded(amount, shown):
    assert size(amount) == shown


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_spans_are_rounded_down(span, shown):
    assert lasting(span) == shown


def test_a_platform_that_is_not_reached_is_told_with_its_reason():
    life = Life(
        unreached=(Unreached("slack", NOON - 5 * HOUR, "Slack cannot be reached: check the network."),)
    )
    [told] = [one for one in of_life(life, NOON) if one.check == "platforms"]
    assert lines([told]) == [
        "warning Slack has not been connected for 5 hours (Slack cannot be reached: check the network): while it runs, `attache run` tries again and then posts what is due"
    ]
