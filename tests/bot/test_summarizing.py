"""Articles are read in processes of their own: what ends those costs the article, and not who waits for it."""

from __future__ import annotations

import asyncio
import json
import os
import traceback
from dataclasses import replace
from functools import partial

import pytest
from pydantic import SecretStr

from bot.apart import Elsewhere
from bot.settings import Settings
from bot.summarizing import ReadingEnded, apart
from bot.understanding import ENDS, ThreadedUnderstanding
from news.articles import ArticleId
from news.errors import ReadingAway
from summarizer.stories import Clusterer
from tests.bot import apart_reading
from tests.builders import an_article

SETTINGS = Settings(_env_file=None, summary_model=None, summary_server=None)


@pytest.fixture(autouse=True)
def reading(monkeypatch):
    monkeypatch.setattr("bot.summarizing._settle", apart_reading.settle)


def articles(*titles):
    return [replace(an_article(), id=ArticleId(n), title=title) for n, title in enumerate(titles, 1)]


async def understood(summarizer, *titles, threads=2):
    understanding = ThreadedUnderstanding(summarizer, Clusterer, threads=threads)
    try:
        return await understanding.understand(articles(*titles), [()] * len(titles))
    finally:
        understanding.close()


def flags(made):
    return [[flag.kind for flag in brief.flags] for brief, _ in made]


async def test_articles_are_read_in_another_process():
    async with apart(SETTINGS, 1) as summarizer:
        assert [brief.article_id for brief, _ in await understood(summarizer, "a", "b")] == [1, 2]
        said = await asyncio.to_thread(summarizer.fault, None, ())
        assert int(said) != os.getpid()
        assert await asyncio.to_thread(summarizer.positions, articles("a")[0], (), ()) == ()


async def test_what_fails_there_is_told_as_it_was():
    async with apart(SETTINGS, 1) as summarizer:
        with pytest.raises(RuntimeError, match="it tripped over a word") as raised:
            await understood(summarizer, "fail")
    assert isinstance(raised.value.__cause__, Elsewhere)
    assert "LookupError: it tripped over a word." in "".join(traceback.format_exception(raised.value))


async def test_an_article_that_ends_what_reads_it_costs_itself_alone():
    async with apart(SETTINGS, 2) as summarizer:
        assert flags(await understood(summarizer, "crash", "b", "c")) == [["reading"], [], []]
        with pytest.raises(ReadingEnded, match="It breaks what should read it"):
            await understood(summarizer, "crash")


async def test_where_somebody_ended_the_process_the_article_is_read_all_the_same(tmp_path):
    async with apart(SETTINGS, 1) as summarizer:
        assert flags(await understood(summarizer, f"once {tmp_path / 'killed'}")) == [[]]
    assert (tmp_path / "killed").exists()


async def test_who_closes_waits_for_no_article_and_holds_it_against_none():
    async with apart(SETTINGS, 1) as summarizer:
        assert await asyncio.to_thread(summarizer.sign, articles("b")[0])
        reading = asyncio.create_task(understood(summarizer, "a", "hang"))
        while not summarizer._workers._running:  # noqa: ASYNC110 - until the next is in hand
            await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_what_is_logged_there_is_as_the_settings_say_and_tells_no_secret(tmp_path, monkeypatch):
    there = partial(apart_reading.settle_as_ever, str(tmp_path / "log"))
    monkeypatch.setattr("bot.summarizing._settle", there)
    given = SETTINGS.model_copy(update={"log_format": "json", "slack_bot_token": SecretStr("xoxb-1-secret")})
    async with apart(given, 1) as summarizer:
        await asyncio.to_thread(summarizer.fault, "xoxb-1-secret", ())
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert json.loads(line) | {"timestamp": ""} == {
        "event": "asked",
        "of": "***",
        "level": "info",
        "timestamp": "",
    }


async def test_where_no_process_gets_as_far_as_an_article_none_is_to_blame(monkeypatch):
    monkeypatch.setattr("bot.summarizing._settle", apart_reading.settle_badly)
    async with apart(SETTINGS, 1) as summarizer:
        with pytest.raises(ReadingAway, match="no process could be started"):
            await understood(summarizer, "a")


async def test_an_article_that_waits_alone_is_given_up_once_it_has_ended_three():
    async with apart(SETTINGS, 1) as summarizer:
        understanding = ThreadedUnderstanding(summarizer, Clusterer, threads=1)
        for _ in range(ENDS - 1):
            with pytest.raises(ReadingEnded):
                await understanding.understand(articles("crash"), [()])
        assert flags(await understanding.understand(articles("crash"), [()])) == [["reading"]]
        understanding.close()


async def test_where_every_article_ends_what_reads_it_none_is_given_up():
    class Ending:
        def brief(self, article, targets):
            raise ReadingEnded("It breaks what should read it.")

    understanding = ThreadedUnderstanding(Ending(), Clusterer, threads=1)
    for _ in range(2 * ENDS):
        with pytest.raises(ReadingEnded):
            await understanding.understand(articles("a", "b", "c"), [(), (), ()])


async def test_where_no_process_can_be_had_no_article_is_to_blame(monkeypatch):
    def refused(self) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("feeds.workers._Worker.start", refused)
    async with apart(SETTINGS, 2) as summarizer:
        with pytest.raises(ReadingAway, match="no process could be started"):
            await understood(summarizer, "a", "b")
