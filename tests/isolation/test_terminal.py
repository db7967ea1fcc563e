"""Two workspaces in a terminal: every verb that takes `--workspace`, and every line of the shell, asked in the one."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.desk import FrontDesk
from news.channels import Platform
from storage.engine import open_store
from tests.end_to_end.conftest import Attache
from tests.fakes import SetClock
from tests.isolation.asks import known, lines, looks
from tests.isolation.planted import MARK, NAMES, NOW, WORDS, plant, reader_of_ours, words_in
from tests.isolation.rows import lost, numbers_of, rows_in
from tests.scenarios.terminal import LOCAL, opened
from tests.test_docs import commands

OURS, THEIRS = LOCAL, "theirs"
SINCE = ("--since", "2024-11-01")
N = NAMES
VERBS: dict[str, tuple[tuple[str, ...], ...]] = {
    "shell": (),
    "digest": (SINCE, (*SINCE, "--json"), ("--actor", N["actor"], *SINCE), ("--outlet", N["outlet"], *SINCE)),
    "whosaid": ((N["actor"],), (N["both"], "--json"), ("--about", "bridge", "--json"), (N["misspelt"],), (N["both"], "--page", "2")),
    "stance": ((N["both"], "--json"), ("--target", N["target"]), ("--target", "negotiations now", "--json"), (N["alias"],)),
    "actor": ((N["both"], "--json"), (N["actor"],), (N["alias"],)),
    "stories": (("--all", "--json"), ("--all",), ("--json", *SINCE)),
    "feeds list": ((), ("--json",)),
    "feeds export": (("out.opml",),),
    "feeds add": ((N["address"] + "/none",),),
    "feeds remove": ((N["address"],), (N["feed"],), (N["outlet"],)),
    "feeds notices": ((), ("here",), ("off",)),
    "feeds import": (("feeds.opml",),),
    "actors list": ((), ("--json",)),
    "actors alias": ((N["importer"], "as", MARK),),
    "actors merge": ((N["affiliation"], "into", N["importer"]),),
    "actors undo": ((), (), ()),
    "actors split": ((N["alias"], "from", N["actor"]),),
    "schedule list": ((),),
    "schedule add": (("10:00", "--title", f"{MARK} noon"),),
    "schedule preview": (("1",), ("{number}",)),
    "schedule now": (("1",), ("{number}",)),
    "schedule pause": (("{number}",),),
    "schedule resume": (("{number}",),),
    "schedule change": (("{number}", "11:00", "--title", MARK),),
    "schedule remove": (("{number}",),),
    "schedule timezone": ((), ("Europe/Kyiv",)),
    "targets list": ((), ("--json",)),
    "targets show": ((N["target"],), (N["near_target"], "--json")),
    "targets remove": ((N["target"],), (N["near_target"],)),
    "targets add": ((f"{MARK} mills", "--for", "fund the mills", "--against", "close the mills"),),
    "targets import": (("targets.yaml",),),
    "targets export": (("out.yaml",),),
    "import": (("memo.jsonl",),),  # last, for it takes the other's id, which is shown as its own from then on
}  # fmt: skip
"""What is asked by each verb; in the shell, every line."""


def verbs():
    for name, command in commands():
        if any("--workspace" in each.opts for each in command.params):
            yield name.removeprefix("attache ")


@pytest.fixture
def attache(tmp_path, store_url):
    (tmp_path / "memo.jsonl").write_text(
        json.dumps({"id": f"{WORDS['import']}-1", "text": "A memo was read. Nobody spoke."})
    )
    (tmp_path / "feeds.opml").write_text(
        '<opml version="2.0"><body><outline type="rss" text="Alpha" xmlUrl="https://alpha-list.example/feed"/></body></opml>'
    )
    (tmp_path / "targets.yaml").write_text(
        "- name: Alpha towers\n  for: build the towers\n  against: no towers\n"
    )
    return Attache(tmp_path)


@pytest.fixture
async def sides(store_url):
    async with open_store(store_url) as store:
        return await plant(store, SetClock(NOW), Platform.TERMINAL, (OURS, OURS), (THEIRS, THEIRS))


def test_every_verb_with_a_workspace_has_a_case():
    assert set(verbs()) == VERBS.keys()


@pytest.mark.timeout(300)
async def test_no_verb_shows_or_changes_anything_of_the_other_workspace(attache, sides, store_url):
    here, _ = sides
    before, found, shown = await rows_in(store_url), {}, 0
    numbers = [each for each in await numbers_of(store_url, here.workspace.id) if each < 10]
    settings = {"ATTACHE_DATABASE_URL": store_url}
    for verb, some in VERBS.items():
        for words in some:
            for number in sorted({2, 3, *numbers}) if "{number}" in words else (0,):
                line = [*verb.split(), *(word.replace("{number}", str(number)) for word in words)]
                done = await asyncio.to_thread(
                    lambda line=line: attache(*line, "--workspace", OURS, **settings)
                )
                shown += done.stdout.count(MARK)
                files = "".join(path.read_text() for path in attache.folder.glob("out.*"))
                if leaked := words_in(done.stdout + done.stderr + files, asked=known(" ".join(line))):
                    found[tuple(line)] = leaked
    assert found == {}
    assert lost(before, await rows_in(store_url), here.workspace.id) == []
    assert shown > 30
    done = await asyncio.to_thread(
        lambda: attache("stories", "--all", "--json", "--workspace", THEIRS, **settings)
    )
    assert WORDS["article"] in done.stdout


async def test_no_line_of_the_shell_shows_or_changes_anything_of_the_other_workspace(
    store, store_url, clock, sides, understanding
):
    here, _ = sides
    before, found, shown = await rows_in(store_url), {}, 0
    desk = FrontDesk(store, reader_of_ours(), understanding, clock)
    async with opened(desk, "") as terminal:
        for line in lines(*await numbers_of(store_url, here.workspace.id)):
            answers = [await terminal.say(line)]
            answers += [await terminal.say("more")] if looks(line) else []
            words = "\n".join(answer.words for answer in answers)
            shown += words.count(MARK)
            if leaked := words_in(words, asked=known(line)):
                found[line] = leaked
    assert found == {}
    assert lost(before, await rows_in(store_url), here.workspace.id) == []
    assert shown > 50
