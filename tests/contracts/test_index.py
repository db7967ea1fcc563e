"""The index: it says what the rows say, through all that becomes of articles, feeds and statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from news.queries import StatementQuery, StoryQuery
from storage.directory import feeds_if_few
from storage.indexing import VERSION, is_current, rebuild
from storage.sqlite_driver import look
from storage.tables import SearchIndexRow
from tests.builders import MORNING, a_speaker, a_statement
from tests.contracts.test_statements import say

HOUR = timedelta(hours=1)


async def suggest(store, workspace, typed, **more):
    async with store.read() as uow:
        return await uow.actors.suggest(workspace.id, typed, **more)


async def test_an_index_that_is_made_anew_finds_the_same(world, store, workspace, feed):
    second = await world.follow(workspace, "https://second.example/feed")
    first = await say(
        world, feed, "The bridge will close", speaker=a_speaker("Ida Stern", "Kremlin", state="Ruritania")
    )
    await world.publish(second, "x", url=first.url, text="The bridge will close")
    edited = await say(world, feed, "The tunnel will open", "2", at=MORNING + HOUR, title="Tunnel news")
    again = await world.publish(
        feed, "2", at=MORNING + 2 * HOUR, text="Nothing at all.", title="Harbour news"
    )
    await world.read(again)
    asked = [
        {"about": "bridges"},
        {"about": "tunnel"},
        {"actor": "Stern", "about": "close"},
        {"actor": "Kremlin"},
        {"actor": "Ruritania"},
        {"actor": "Miller", "about": "harbour"},
        {"outlet": "Herald"},
    ]

    async def answers():
        found = [await world.said(workspace, **one) for one in asked]
        return found, await suggest(store, workspace, "st"), await suggest(store, workspace, "krem")

    before = await answers()
    async with store.write() as uow:
        await rebuild(uow.briefs._session)
        await uow.commit()
    assert edited.id == again.id
    assert await answers() == before
    assert [len(found) for found in before[0]] == [1, 1, 1, 1, 1, 1, 2]


async def test_an_index_of_other_rules_is_no_current_one(store):
    async with store.write() as uow:
        assert await is_current(uow.briefs._session)
        row = (await uow.briefs._session.scalars(select(SearchIndexRow))).one()
        row.version = VERSION + 1
        await uow.briefs._session.flush()
        assert not await is_current(uow.briefs._session)


async def test_who_follows_few_feeds_of_many_finds_by_feed(world, store, workspace):
    """The index is asked for the feeds: also those that led to an article only after it was read."""
    late = await world.follow(workspace, "https://late.example/feed")
    mine = await world.workspace("mine")
    others = [await world.follow(workspace, f"https://other-{n}.example/feed") for n in range(8)]
    own = await world.follow(mine, "https://own.example/feed")
    await say(world, own, "Only ours speaks of bridges")
    for number, feed in enumerate(others):
        await say(world, feed, f"Bridges there, {number}")
    article = await say(world, others[0], "Bridges everywhere", url="https://other-0.example/1")
    assert await _feeds(store, mine) == (own.id,)
    assert await _feeds(store, workspace) is None
    assert await world.said(mine, about="bridges") == ["Only ours speaks of bridges"]
    assert await suggest(store, mine, "Dana") == ("Dana Miller",)
    await world.publish(own, "y", url=article.url, text="Bridges everywhere")
    assert set(await world.said(mine, about="bridges")) == {
        "Only ours speaks of bridges",
        "Bridges everywhere",
    }
    assert late.id not in (await _feeds(store, mine) or ())


async def _feeds(store, workspace):
    async with store.read() as uow:
        return await look(uow.briefs._session, lambda connection: feeds_if_few(connection, workspace.id))


async def test_a_name_that_many_bear_is_found_without_the_index(world, store, workspace, feed, monkeypatch):
    monkeypatch.setattr("storage.namesakes.MOST_FOUND", 3)
    for number in range(6):
        await say(world, feed, f"word {number}", at=MORNING + number * HOUR, speaker=f"Given{number} Bell")
    assert len(await world.said(workspace, actor="Bell")) == 6
    assert await world.said(workspace, actor="Bell", about='"word 4"') == ["word 4"]


@pytest.mark.parametrize("count", [1, 9])
async def test_a_speaker_of_several_names_is_found_newest_first(world, store, workspace, feed, count):
    """PostgreSQL walks through the statements of few names one by one, and through the index for many."""
    for number in range(2 * count):
        name = f"Given{number % count} Bell"
        await say(world, feed, f"word {number}", at=MORNING + number * HOUR, speaker=name)
    async with store.read() as uow:
        page = await uow.briefs.statements(workspace.id, StatementQuery(actor="Bell", about="word", limit=3))
    newest = range(2 * count - 1, -1, -1)
    assert [quote.words for quote in page.quotes] == [f"word {n}" for n in newest][:3]
    assert page.total == 2 * count


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("m", ["Edda Marlow", "Mara Lind", "Ida Moss"]),
        ("MAR", ["Edda Marlow", "Mara Lind"]),
        ("marl", ["Edda Marlow"]),
        ("Marlow ed", ["Edda Marlow"]),
        ("edda x", []),
        ("Zelen", ["Volodymyr Zelenskyy"]),
        ("Zelenskiy", ["Volodymyr Zelenskyy"]),
        ("zelenskyy", ["Volodymyr Zelenskyy"]),
        ("Khame", ["Ali Khamenei"]),
        ("harb", ["Harbour Board"]),
        ("ruri", ["Ruritania"]),
        ("official", []),
        ("", []),
        ("%", []),
        ("_", []),
        ("\0", []),
        ("x" * 5_000, []),
        ("m " * 5_000, ["Edda Marlow", "Mara Lind", "Ida Moss"]),
    ],
)
async def test_names_are_suggested_as_they_are_typed(world, store, workspace, feed, typed, found):
    names = ["Edda Marlow"] * 5 + ["Mara Lind"] * 2 + ["Ida Moss", "Volodymyr Zelenskyy", "Ali Khamenei"]
    for number, name in enumerate(names):
        await say(world, feed, f"word {number}", speaker=name)
    board = a_speaker("Pat Hill", "Harbour Board", state="Ruritania")
    await say(world, feed, "one more", speaker=board)
    await say(world, feed, "nameless", speaker=a_speaker("an official", anonymous=True))
    assert list(await suggest(store, workspace, typed)) == found


async def test_names_are_suggested_from_what_the_workspace_follows_and_not_too_many(
    world, store, workspace, feed
):
    other = await world.workspace("other")
    theirs = await world.follow(other, "https://other.example/feed")
    await say(world, theirs, "a secret", speaker="Edda Secret")
    for number in range(5):
        await say(world, feed, f"word {number}", speaker=f"Edda Number{number}")
    assert len(await suggest(store, workspace, "edda", most=3)) == 3
    assert set(await suggest(store, workspace, "edda")) == {f"Edda Number{n}" for n in range(5)}
    assert await suggest(store, other, "edda") == ("Edda Secret",)


@pytest.mark.parametrize("few", [(100, 1_000), (2, 1_000), (1, 2)], ids=["few", "many", "very many"])
async def test_who_is_meant_does_not_depend_on_how_many_are_alike(
    world, store, workspace, feed, monkeypatch, few
):
    """Names are read in small numbers first; where too many share a word, another way finds the same."""
    monkeypatch.setattr("storage.namesakes.FEW_ALIKE", few[0])
    monkeypatch.setattr("storage.namesakes.MOST_ALIKE", few[1])
    names = [
        "Anna Bell",
        "Bert Bell",
        "Carl Bell",
        "Dora Bell",
        "Bell",
        "Anna Shorter",
        "Shorter",
        "Emil Ministry",
    ]
    for number, name in enumerate(names):
        await say(world, feed, f"said by {name}", at=MORNING + number * HOUR, speaker=name)
    for body in ("Defence Ministry", "Justice Ministry", "Labour Ministry"):
        await say(world, feed, f"said for {body}", speaker=a_speaker("Fred Faber", body))
    asked = {
        "Anna Bell": ["said by Anna Bell"],
        "Bell": [f"said by {name}" for name in reversed(names) if "Bell" in name],
        "Anna Shorter": ["said by Shorter", "said by Anna Shorter"],
        "Justice Ministry": ["said for Justice Ministry"],
        "Ministry": [
            f"said for {body}" for body in ("Labour Ministry", "Justice Ministry", "Defence Ministry")
        ],
        "Gina Bell": [],
    }
    for name, found in asked.items():
        said = await world.said(workspace, actor=name)
        assert sorted(said) == sorted(found + (["said by Emil Ministry"] if name == "Ministry" else [])), name


async def test_a_surname_is_its_bearers_again_when_nobody_else_has_it(world, store, workspace, feed):
    """What the directory remembers of a name does not outlast its statements."""
    await say(world, feed, "by the surname alone", speaker="Bell")
    await say(world, feed, "by Anna", speaker="Anna Bell")
    misread = await say(world, feed, "by whom", speaker="Tom Bell")
    assert await world.said(workspace, actor="Anna Bell") == ["by Anna"]
    await world.read(misread, a_statement("by whom", "by whom", speaker="Anna Bell"))
    assert sorted(await world.said(workspace, actor="Anna Bell")) == [
        "by Anna",
        "by the surname alone",
        "by whom",
    ]


async def test_a_lone_surname_does_not_hide_the_many_that_go_by_a_name(
    world, store, workspace, feed, monkeypatch
):
    monkeypatch.setattr("storage.namesakes.MOST_FOUND", 2)
    names = ["Bell", "Ann Bell", "Ann Bee Bell", "Ann Cee Bell", "Ann Dee Bell"]
    for name in names:
        await say(world, feed, f"by {name}", speaker=name)
    assert sorted(await world.said(workspace, actor="Ann Bell")) == sorted(f"by {name}" for name in names)


async def test_a_phrase_is_found_wherever_it_stands_in_an_article(world, store, workspace, feed):
    """However often its words stand before it, and however long the article is."""
    text = f"{'the bridge ' * 300}{'word ' * 17_000}and then the president spoke."
    article = await world.publish(feed, text=text, title="Bridges")
    await world.together(await world.read(article))
    for about, found in (
        ('"the president"', 0),
        ('"bridge the bridge"', 1),
        ('"bridge word"', 1),
        ('bridge -"word word"', 0),
        ('bridge -"the president"', 1),
    ):
        async with store.read() as uow:
            query = StoryQuery(about=about, since=MORNING - HOUR)
            assert len(await uow.stories.find(workspace.id, query)) == found, about
