"""The whole road, as a person goes it: the command as a process, a wire on this machine, a real database."""

import asyncio
import json
import re
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from news.channels import Channel, Platform
from storage.engine import open_store

ROOT = Path(__file__).parent.parent.parent
ARTICLES = sorted((ROOT.parent / "shared" / "articles").glob("*.txt"))
shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not ARTICLES, reason="the real articles are not beside the checkout"),
]
TEXT = (
    "Bridge over the Sill to close\n\n"
    "The bridge over the Sill will close on Monday, Mayor Ilka Tarn said on Friday.\n\n"
    "“We have waited too long,” Tarn told the Valley Courier. “Nobody will be cut off.”\n"
)


@pytest.fixture
def article(tmp_path):
    (tmp_path / "bridge.txt").write_text(TEXT, encoding="utf-8")
    return "bridge.txt"


def test_the_demo_prints_a_digest_and_three_answers_with_sources_as_the_documentation_shows(attache):
    """The port differs from run to run; all the rest is as it comes out, whatever the environment says."""
    page = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
    shown = page.split("<!-- demo -->")[1].split("<!-- /demo -->")[0].strip().removeprefix("```text\n")

    def free(text):
        return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text.removesuffix("```").strip())

    done = attache("demo", ATTACHE_SUMMARY_MODEL="./no-such-model", ATTACHE_TIMEZONE="Mars/Olympus")
    assert (done.returncode, done.stderr) == (0, "")
    assert free(done.stdout) == free(shown), "run `make picture`"
    intake, digest, who, what, where = done.stdout.split("\n> /")
    assert "6 feeds" in intake
    assert "1 feed failing" in intake
    assert digest.startswith("digest\n")
    assert "stories from" in digest
    assert digest.count("[1]") >= 3
    assert who.startswith("whosaid Tarokhin")
    assert "Lev Tarokhin" in who
    assert what.startswith("whosaid about")
    assert "“" in who
    assert where.startswith("stance target")
    assert "negotiations now" in where
    for answer in (digest, who, what, where):
        assert "http://127.0.0.1" in answer


def test_what_was_imported_can_be_asked_for(attache, article):
    assert attache("import", article).stdout == "1 article imported, 1 new or changed\n"
    done = attache("whosaid", "Tarn")
    assert (done.returncode, done.stderr) == (0, "")
    assert "“We have waited too long,”" in done.stdout

    answer = json.loads(attache("whosaid", "Tarn", "--about", "waited", "--json").stdout)
    (statement,) = answer["statements"]
    assert statement["speaker"]["name"] == "Ilka Tarn"
    assert statement["article"] == article
    said = " … ".join(TEXT[start:end] for start, end in statement["content"])
    assert said == statement["words"]
    assert (answer["total"], answer["complete"], statement["own"]) == (1, True, True)
    start, end = statement["sentence"]["span"]
    assert TEXT[start:end] == statement["sentence"]["text"]
    assert statement["sentence"]["text"].startswith(said.split(" … ")[0])
    (source,) = statement["sources"]
    assert source == {name: statement[name] for name in source}


def test_what_two_outlets_carry_is_told_once_with_both(attache, tmp_path):
    rows = [
        {"id": "a", "outlet": "Echo", "url": "https://echo.example/1", "published": "2024-12-04T09:00:00Z", "text": TEXT},
        {"id": "b", "outlet": "Post", "published": "2024-12-05T09:00:00Z", "text": TEXT.replace("“", "‘").replace("”", "’")},
    ]  # fmt: skip
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    attache("import", "rows.jsonl")
    (told,) = json.loads(attache("whosaid", "Tarn", "--about", "waited", "--json").stdout)["statements"]
    assert [(s["article"], s["outlet"], s["url"], s["words"][:26]) for s in told["sources"]] == [
        ("b", "Post", None, "‘We have waited too long,’"),
        ("a", "Echo", "https://echo.example/1", "“We have waited too long,”"),
    ]
    assert "in 2 articles" in attache("whosaid", "Tarn", "about", "waited").stdout


def test_more_shows_older_ones_and_nothing_beyond_the_last(attache, tmp_path):
    words = ("toll", "bridge", "ferry", "harbour", "river", "tunnel")
    rows = [{"id": w, "text": f"“We have waited too long for the {w},” said Ilka Tarn."} for w in words]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    attache("import", "rows.jsonl")
    done = attache("shell", typed="whosaid Tarn\nmore\nmore\n")
    assert "1–5 of 6 statements" in done.stdout
    assert "6 of 6 statements" in done.stdout
    assert done.stderr == "There is no more to show.\n"


def test_importing_again_changes_nothing_and_an_edit_makes_a_version(attache, article, tmp_path):
    attache("import", article)
    assert attache("import", article).stdout == "1 article imported, 0 new or changed\n"
    (tmp_path / article).write_text(TEXT.replace("Monday", "Tuesday"), encoding="utf-8")
    assert attache("import", article).stdout == "1 article imported, 1 new or changed\n"
    stories = attache("stories", "--json", "--all").stdout.splitlines()
    assert [[a["id"] for a in json.loads(line)["articles"]] for line in stories] == [[article]]


def test_every_imported_article_is_in_exactly_one_story(attache, tmp_path):
    rows = [{"id": f"a{n}", "text": f"{TEXT} It is number {n}.", "outlet": f"O{n % 3}"} for n in range(7)]
    rows.append({"id": "b", "text": "Olive growers in the south expect a poor harvest, the union said."})
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    attache("import", "rows.jsonl")
    lines = attache("stories", "--json", "--all").stdout.splitlines()
    ids = [a["id"] for line in lines for a in json.loads(line)["articles"]]
    assert sorted(ids) == sorted(row["id"] for row in rows)


def test_another_workspace_sees_nothing_of_it(attache, article):
    attache("import", article)
    assert json.loads(attache("whosaid", "Tarn", "--json", "--workspace", "other").stdout)["total"] == 0
    assert attache("stories", "--json", "--all", "--workspace", "other").stdout == ""


async def test_a_feed_is_followed_checked_listed_and_left(attache, wire):
    private = {"ATTACHE_PRIVATE_HOSTS": wire.host}
    url = wire.feeds["Aldenmoor Wire"]
    checked = await attache.aside("feeds", "check", url, "--json", **private)
    assert len(json.loads(checked.stdout)["entries"]) > 5
    assert (await attache.aside("feeds", "add", url, **private)).returncode == 0
    again = await attache.aside("feeds", "add", url, **private)
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    listed = await attache.aside("feeds", "list", "--json", **private)
    assert json.loads(listed.stdout)["well"] is True
    said = json.loads((await attache.aside("whosaid", "Kelvasen", "--json")).stdout)
    assert said["total"] > 0
    assert said["statements"][0]["url"].startswith(wire.base_url)
    assert (await attache.aside("feeds", "remove", url)).returncode == 0
    assert (await attache.aside("feeds", "list", "--json")).stdout == ""
    assert json.loads((await attache.aside("whosaid", "Kelvasen", "--json")).stdout)["total"] == 0


async def test_the_running_bot_reads_feeds_posts_its_digest_once_and_leaves_when_told(attache, wire):
    private = {"ATTACHE_PRIVATE_HOSTS": wire.host, "ATTACHE_HEARTBEAT_SECONDS": "0.2"}
    await attache.aside("feeds", "add", wire.feeds["Sarvo Evening Post"], **private)
    await attache.aside("schedule", "add", "09:00")
    await _make_due(attache)
    bot = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=attache.folder,
        env=attache.environment | private,
    )
    async with asyncio.timeout(60):
        first = (await bot.stdout.readline()).decode()
        bot.send_signal(signal.SIGTERM)
        rest, errors = (part.decode() for part in await bot.communicate())
    assert first.startswith("Digest · "), errors
    assert bot.returncode == 0
    assert "Traceback" not in errors
    assert "Digest · " not in rest
    again = await attache.aside("run", "--once", **private)
    assert (again.returncode, again.stdout) == (0, "")


def test_names_are_joined_set_apart_and_undone(attache, tmp_path):
    rows = [
        {"id": "a", "text": "The bridge will close on Monday, Ilka Tarn said.", "published": "2024-12-02"},
        {"id": "b", "text": "“We are ready,” Nell Harrow said at the toll house.", "published": "2024-12-03"},
        {"id": "c", "text": "The toll will stay, Otto Tarn said in the evening.", "published": "2024-12-04"},
        {"id": "d", "text": "“Nobody will be cut off,” Tarn said on the bridge.", "published": "2024-12-05"},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    attache("import", "rows.jsonl")

    def found(name):
        done = attache("whosaid", name, "--json")
        return sorted(statement["article"] for statement in json.loads(done.stdout)["statements"])

    assert (found("Ilka Tarn"), found("Tarn")) == (["a"], ["a", "c", "d"])
    done = attache("actors", "alias", "Ilka Tarn", "as", "Nell Harrow")
    assert done.stdout.startswith("Nell Harrow is another name of Ilka Tarn\n")
    assert found("Ilka Tarn") == found("Nell Harrow") == ["a", "b"]
    attache("actors", "merge", "Tarn", "into", "Ilka", "Tarn")
    assert found("Ilka Tarn") == found("Tarn") == ["a", "b", "d"]
    told = [json.loads(line) for line in attache("actors", "list", "--json").stdout.splitlines()]
    assert [(one["actor"], one["name"], one["relation"]) for one in told] == [
        ("Ilka Tarn", "Tarn", "same"),
        ("Ilka Tarn", "Nell Harrow", "same"),
    ]
    profile = json.loads(attache("actor", "Tarn", "--json").stdout)
    assert (profile["name"], profile["total"], len(profile["statements"])) == ("Ilka Tarn", 3, 3)
    assert [one["name"] for one in profile["written"]] == ["Ilka Tarn", "Nell Harrow", "Tarn"]
    assert profile["last"].startswith("2024-12-05")
    assert attache("actors", "list", "--json", "--workspace", "other").stdout == ""
    attache("actors", "split", "Nell Harrow", "from", "Tarn")
    assert found("Tarn") == ["a", "d"]
    for left in (["a", "b", "d"], ["a", "b"], ["a"]):
        assert attache("actors", "undo").stdout.startswith("Undone: ")
        assert found("Ilka Tarn") == left
    assert found("Tarn") == ["a", "c", "d"]


def test_the_shell_answers_what_is_piped_into_it(attache, article):
    attache("import", article)
    done = attache("shell", typed='/whosaid Tarn about "cut off"\nhelp\nexit\nwhosaid Tarn\n')
    assert (done.returncode, done.stderr) == (0, "")
    assert "“Nobody will be cut off.”" in done.stdout
    assert "What you can ask" in done.stdout
    assert done.stdout.count("Nobody will be cut off") == 1


@pytest.mark.parametrize("path", [pytest.param(p, marks=shared) for p in ARTICLES], ids=lambda p: p.stem[:3])
def test_the_real_articles_are_read_with_spans_inside_their_text(attache, path):
    done = attache("read", "--json", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    text = path.read_text(encoding="utf-8")
    brief = json.loads(done.stdout)
    assert (brief["id"], brief["length"]) == (str(path), len(text))
    assert len(brief["statements"]) >= 3
    assert 1 <= len(brief["summary"]) <= 3
    for sentence in brief["summary"]:
        assert text[slice(*sentence["span"])] == sentence["text"]
    for statement in brief["statements"]:
        for start, end in statement["content"] + statement["cue"] + statement["source"]:
            assert 0 <= start < end <= len(text)


@pytest.mark.shared
@pytest.mark.skipif(not ARTICLES, reason="the real articles are not beside the checkout")
def test_the_real_articles_can_be_asked_who_said_what(attache):
    assert attache("import", *map(str, ARTICLES)).returncode == 0
    done = attache("whosaid", "Peskov", "--json")
    answer = json.loads(done.stdout)
    assert answer["total"] >= 5
    assert len({s["article"] for s in answer["statements"]}) >= 1
    stories = [json.loads(line) for line in attache("stories", "--all", "--json").stdout.splitlines()]
    together = [{Path(a["id"]).name[:3] for a in story["articles"]} for story in stories]
    assert any({"000", "002"} <= story for story in together)
    assert sorted(number for story in together for number in story) == ["000", "001", "002", "003", "004"]
    (story,) = json.loads(attache("digest", "--since", "1d", "--json").stdout)["stories"]
    sides = [
        {side["words"]: Path(side["article"]).name[:3] for side in d["sides"]} for d in story["differences"]
    ]
    assert sides == [{"$725 million": "002", "$750 million": "000"}]
    assert [(Path(flag["article"]).name[:3], flag["kind"]) for flag in story["flags"]] == [
        ("000", "headline")
    ]


async def _make_due(attache):
    """Puts the only subscription's time into the past, as if it had been made yesterday."""
    url = attache.url
    async with open_store(url) as store:
        async with store.read() as uow:
            workspace = await uow.workspaces.find(Platform.TERMINAL, "local")
            (made,) = await uow.subscriptions.of(workspace.id)
        assert made.channel == Channel(Platform.TERMINAL, "local")
        async with store.write() as uow:
            then = datetime.now(UTC) - timedelta(minutes=1)
            await uow.subscriptions.cover([made.id], datetime(2024, 12, 1, tzinfo=UTC))
            await uow.subscriptions.postpone(made.id, then)
            await uow.commit()
