"""Statements: kept with their brief, and found by who, what, when and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news.answers import quote_of
from news.articles import ArticleId
from news.briefs import Flag, SummarySentence
from news.errors import NotFound
from news.queries import StatementQuery, StoryQuery
from news.spans import Span
from news.stances import Position, Stance
from news.statements import Kind, Mode, Speaker
from tests.builders import MORNING, TEXT, a_brief, a_span, a_speaker, a_statement

HOUR = timedelta(hours=1)


async def say(world, feed, words, key=None, *, at=MORNING, speaker="Dana Miller", **draft):
    """An article that is one statement."""
    article = await world.publish(feed, key or words, at=at, text=words, **draft)
    await world.read(article, a_statement(words, words, speaker=speaker))
    return article


async def page(store, workspace, **query):
    async with store.read() as uow:
        return await uow.briefs.statements(workspace.id, StatementQuery(**query))


async def brief(store, workspace):
    async with store.read() as uow:
        (story,) = await uow.stories.find(workspace.id, StoryQuery())
    return story.readings[0].brief


async def test_a_brief_comes_back_as_it_was_saved(world, store, workspace, feed):
    article = await world.publish(feed)
    full = a_statement(
        cue=(a_span(TEXT, "said"),),
        source=(a_span(TEXT, "Dana Miller"), a_span(TEXT, "of the council")),
        speaker=Speaker("Dana Miller", "she", "council", anonymous=True, state="Ruritania"),
        mode=Mode.THOUGHT,
        kind=Kind.MIXED,
        venue=(a_span(TEXT, "Tuesday"),),
        confidence=0.1,
    )
    saved = a_brief(
        article,
        full,
        a_statement(speaker=None),
        summary=(SummarySentence("Made up.", None), SummarySentence("The mayor", Span(0, 9))),
        stances=(Stance("Dana Miller", "the bridge", Position.CONDITIONAL, (Span(3, 5),), 0.7),),
        flags=(Flag("headline", "not \0 borne out", (Span(0, 0), Span(1, 2))),),
    )
    await world.read(
        article, *saved.statements, **{n: getattr(saved, n) for n in ("summary", "stances", "flags")}
    )
    await world.together(article)
    expected = replace(saved, flags=(replace(saved.flags[0], detail="not \ufffd borne out"),))
    assert await brief(store, workspace) == expected


async def test_a_quote_is_the_statement_with_its_article(world, store, workspace, feed):
    article = await world.publish(feed, url="https://herald.example/1")
    statement = a_statement(cue=(a_span(TEXT, "said"),))
    await world.read(article, statement)
    query = StatementQuery(actor="Miller")
    async with store.read() as uow:
        found = await uow.briefs.statements(workspace.id, query)
    assert found.query is query
    assert found.quotes == (quote_of(statement, article),)


async def test_a_new_brief_takes_the_place_of_the_old_one(world, workspace, feed):
    article = await world.publish(feed)
    await world.read(article, a_statement(words="will close"), a_statement(words="spoke"))
    await world.read(article, a_statement(words="The bridge"))
    assert await world.said(workspace) == ["The bridge"]


async def test_an_edit_is_told_once_it_has_been_read(world, workspace, feed):
    old = await world.publish(feed)
    await world.read(old, a_statement(words="will close"))
    new = await world.publish(feed, at=MORNING + HOUR, published=MORNING, text="Short now: stays open.")
    assert await world.said(workspace) == ["will close"]
    await world.read(new, a_statement(new.text, "stays open"))
    assert await world.said(workspace, standing=True) == ["stays open"]
    await world.read(old, a_statement(words="will close"))  # by a reader that was late
    assert await world.said(workspace, standing=True) == ["stays open"]


@pytest.mark.parametrize("changes", [{"id": ArticleId(999)}, {"id": ArticleId(1 << 70)}, {"version": 2}])
async def test_a_brief_of_what_is_not_there_is_refused(world, feed, changes):
    article = await world.publish(feed)
    with pytest.raises(NotFound, match="store the article first"):
        await world.read(replace(article, **changes))


NAMES = {
    "peskov": a_speaker("Dmitry Peskov", "the Kremlin"),
    "short": a_speaker("Zelenskiy"),
    "full": a_speaker("Volodymyr Zelenskyy", "Ukraine"),
    "other": a_speaker("Olena Zelenska"),
    "spokesman": a_speaker("Pat Lee", "U.S. State Department"),
    "official": a_speaker("a senior official", "Kremlin", anonymous=True),
    "brother": a_speaker("Ann Tarn’s brother", anonymous=True),
    "friend": a_speaker("friend of Ann Tarn", anonymous=True),
    "minister": a_speaker("Lev Morr", "Kremlin", state="Ruritania"),
    "nobody": None,
}


@pytest.mark.parametrize(
    ("actor", "found"),
    [
        ("Peskov", {"peskov"}),
        ("peskov dmitry", {"peskov"}),
        ("Дмитрий", set()),
        ("Zelensky", {"short", "full"}),
        ("Volodymyr Zelensky", {"short", "full"}),
        ("President Zelensky", {"short"}),
        ("Zelen", set()),
        ("Kremlin", {"peskov", "official", "minister"}),
        ("the Kremlin's", {"peskov", "official", "minister"}),
        ("Ruritania", {"minister"}),
        ("Ann Tarn", set()),
        ("brother", {"brother"}),
        ("State Department", {"spokesman"}),
        ("senior official", {"official"}),
        ("%", set()),
        ("_____", set()),
        ("'; DROP TABLE statements; --", set()),
        ("\0", set()),
        ("\ud83d", set()),
        ("x" * 10_000, set()),
        ("Peskov " * 2_000, {"peskov"}),
        (" ".join(f"w{n}" for n in range(5_000)), set()),
        ("  ", set(NAMES)),
    ],
)
async def test_statements_are_found_by_their_actor(world, workspace, feed, actor, found):
    for words, speaker in NAMES.items():
        await say(world, feed, words, speaker=speaker)
    assert set(await world.said(workspace, actor=actor)) == found


@pytest.mark.parametrize(
    ("about", "found"),
    [
        ("bridge", True),
        ("BRIDGE close", True),
        ("close bridge", True),
        ("bridges closed", True),
        ("brid", False),
        ("brid*", True),
        ("br*", False),  # that could be anything
        ("bridge*", True),
        ("*", False),
        ('"bridge at the cafe"', True),
        ('"bridge cafe"', False),
        ('"the caf*"', False),  # a sign like any other
        ("at-the", True),
        ("bridge-cafe", False),
        ("bridge -tunnel", True),
        ("bridge -cafe", False),
        ('bridge -"will sink"', True),
        ("-tunnel", False),  # of what lacks it there is no end
        ('"the bridge', True),
        ('" " bridge', True),
        ("bridge AND NOT close", False),
        ("bridge OR tunnel", False),
        ("said:bridge NEAR(close, 5) ^the", False),
        ("bridge & !close | (", True),
        ("ridge", False),
        ("bridge tunnel", False),
        ("cafe", True),
        ("Café", True),
        ("harbour", False),  # in the headline
        ("harbour bridge", False),  # one in each
        ("mayor", False),  # in the article, but not in the statement
        ("100%", True),
        ("200%", False),
        ("!?", False),
        ("%", False),
        ("_", False),
        ("\0", False),
        ("'\"\\", False),
        ("bridge\0at", True),
        ("close " * 1_600, True),
        ("x" * 10_000, False),
        (" ".join(f"w{n}" for n in range(5_000)), False),
        (" ", True),
    ],
)
async def test_statements_are_found_by_their_words(world, workspace, feed, about, found):
    text = "The mayor said: “The bridge at the Café will close, 100% sure.”"
    article = await world.publish(feed, text=text, title="Harbour news")
    await world.read(article, a_statement(text, text[text.index("“") :]))
    assert bool(await world.said(workspace, about=about)) is found


@pytest.mark.parametrize(("actor", "found"), [("Dana Miller", True), (None, False)])
async def test_a_headlines_words_count_only_for_an_actors_statements(world, workspace, feed, actor, found):
    article = await world.publish(feed, title="Harbour strike")
    await world.read(article, a_statement())
    assert bool(await world.said(workspace, actor=actor, about="harbour")) is found


@pytest.mark.parametrize(
    ("outlet", "found"),
    [
        ("The Herald", ["a"]),
        ("herald", ["a"]),
        ("ECHO", ["b"]),
        ("l'echo", ["b"]),
        ("H%d", []),
        ("_", []),
        ("\0", []),
    ],
)
async def test_statements_are_found_by_their_outlet(world, workspace, feed, outlet, found):
    await say(world, feed, "a", outlet="The Herald")
    await say(world, feed, "b", outlet="L'Écho")
    await say(world, feed, "c", outlet=None)
    assert await world.said(workspace, outlet=outlet) == found


async def test_since_is_included_and_until_is_not(world, workspace, feed):
    for hour in range(4):
        await say(world, feed, f"hour {hour}", at=MORNING + hour * HOUR)
    found = await world.said(workspace, since=MORNING + HOUR, until=MORNING + 3 * HOUR)
    assert found == ["hour 2", "hour 1"]


async def test_the_time_of_a_statement_is_when_its_article_was_published(world, workspace, feed):
    await say(world, feed, "old", at=MORNING, published=MORNING - timedelta(days=9))
    await say(world, feed, "undated", at=MORNING, published=None)
    assert await world.said(workspace) == ["undated", "old"]
    assert await world.said(workspace, until=MORNING) == ["old"]


async def test_statements_come_newest_first_speech_first_then_in_order(world, workspace, feed):
    article = await world.publish(feed, text="one two three four")
    await world.read(
        article,
        a_statement(article.text, "one", mode=Mode.THOUGHT),
        a_statement(article.text, "two"),
        a_statement(article.text, "three", mode=Mode.INTENTION),
        a_statement(article.text, "four"),
    )
    await say(world, feed, "newer", at=MORNING + HOUR)
    assert await world.said(workspace) == ["newer", "two", "four", "one", "three"]


@pytest.mark.parametrize(
    ("offset", "limit", "found"),
    [
        (0, 2, "ed"),
        (2, 2, "cb"),
        (4, 2, "a"),
        (9, 2, ""),
        (-5, 2, "ed"),
        (0, 0, ""),
        (0, -1, ""),
        (1 << 70, 1 << 70, ""),
    ],
)
async def test_a_page_holds_its_part_and_tells_how_many_there_are(
    world, store, workspace, feed, offset, limit, found
):
    for hour, words in enumerate("abcde"):
        await say(world, feed, words, at=MORNING + hour * HOUR)
    got = await page(store, workspace, actor="Miller", offset=offset, limit=limit)
    assert "".join(quote.words for quote in got.quotes) == found
    assert got.total == 5


async def test_a_workspace_finds_only_what_it_follows(world, store, workspace, feed):
    other = await world.workspace("other")
    theirs = await world.follow(other, "https://other.example/feed")
    await say(world, feed, "ours")
    await say(world, theirs, "theirs")
    brought = await world.bring(other, "k", text="brought")
    await world.read(brought, a_statement("brought", "brought"))
    assert await world.said(workspace) == ["ours"]
    assert set(await world.said(other)) == {"theirs", "brought"}
    async with store.write() as uow:
        await uow.feeds.unfollow(workspace.id, feed.url)
        await uow.commit()
    assert await world.said(workspace) == []
    await world.follow(other, feed.url)
    assert set(await world.said(other)) == {"ours", "theirs", "brought"}


async def test_an_article_that_came_by_two_feeds_is_found_once(world, workspace, feed):
    second = await world.follow(workspace, "https://second.example/feed")
    article = await say(world, feed, "once", url="https://herald.example/1")
    assert (await world.publish(second, "x", url=article.url, text="once")).id == article.id
    assert await world.said(workspace) == ["once"]
