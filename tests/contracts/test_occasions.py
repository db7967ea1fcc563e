"""Occasions: what several articles carry is one answer, whatever page it is on and whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from news.answers import telling_of
from news.queries import StatementQuery
from news.statements import Kind, Mode
from storage.quotes import LOOKED_THROUGH
from tests.builders import MORNING, a_speaker, a_statement

HOUR = timedelta(hours=1)
FULL = "“We will talk when the guns fall silent, and not an hour before.”"
PART = "‘When the guns fall silent, and not an hour before’"


async def say(world, feed, words, *, hours=0, speaker="Dana Miller", text="{} the minister said.", **draft):
    """An article of its own that tells the words."""
    whole = text.format(words)
    article = await world.publish(feed, f"{hours} {whole}", at=MORNING - hours * HOUR, text=whole, **draft)
    await world.read(article, a_statement(whole, words, speaker=speaker))
    return article


async def ask(store, workspace, **query):
    async with store.read() as uow:
        return await uow.briefs.statements(workspace.id, StatementQuery(**query))


def told(page):
    """The outlets of each occasion."""
    return [[telling.quote.outlet for telling in occasion.tellings] for occasion in page.occasions]


async def test_what_two_outlets_carry_is_one_answer_in_the_fullest_words(world, store, workspace, feed):
    part = await say(world, feed, PART, outlet="Echo", speaker="Miller")
    full = await say(world, feed, FULL, hours=5, outlet="Wire")
    page = await ask(store, workspace, actor="Miller")
    (occasion,) = page.occasions
    assert occasion.told == telling_of(a_statement(full.text, FULL), full)
    assert occasion.tellings == (
        telling_of(a_statement(part.text, PART, speaker="Miller"), part),
        occasion.told,
    )
    assert (page.total, page.complete, page.more) == (1, True, False)
    assert occasion.told.sentence_words == full.text


async def test_pages_count_occasions_and_none_stands_on_two(world, store, workspace, feed):
    for hour in range(12):
        await say(
            world, feed, f"“It is number {hour % 4} that we talk about.”", hours=hour, outlet=f"O{hour}"
        )
    pages = [await ask(store, workspace, actor="Miller", offset=at, limit=3) for at in (0, 3, 6)]
    assert [told(page) for page in pages] == [
        [["O0", "O4", "O8"], ["O1", "O5", "O9"], ["O2", "O6", "O10"]],
        [["O3", "O7", "O11"]],
        [],
    ]
    assert [(page.total, page.more) for page in pages] == [(4, True), (4, False), (4, False)]


async def test_what_a_workspace_does_not_follow_carries_nothing_there(world, store, workspace, feed):
    other = await world.workspace("other")
    theirs = await world.follow(other, "https://other.example/feed")
    await say(world, feed, "“We will talk when the guns”", outlet="Ours")
    await say(world, feed, "“fall silent, and not an hour before.”", hours=1, outlet="Ours too")
    await say(world, theirs, FULL, hours=2, outlet="Theirs")
    assert told(await ask(store, workspace, actor="Miller")) == [["Ours"], ["Ours too"]]
    assert told(await ask(store, other, actor="Miller")) == [["Theirs"]]
    await world.follow(other, feed.url)
    assert told(await ask(store, other, actor="Miller")) == [["Ours", "Ours too", "Theirs"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [["Echo", "Wire"]]),
        ({"outlet": "Wire"}, [["Wire"]]),
        ({"since": MORNING - HOUR}, [["Echo"]]),
        ({"about": "talk"}, [["Wire"]]),
        ({"about": "silent"}, [["Echo", "Wire"]]),
    ],
)
async def test_only_what_was_asked_for_is_put_together(world, store, workspace, feed, query, found):
    await say(world, feed, PART, outlet="Echo")
    await say(world, feed, FULL, hours=5, outlet="Wire")
    assert told(await ask(store, workspace, **query)) == found


async def test_a_statement_without_a_speaker_is_nobodys(world, store, workspace, feed):
    await say(world, feed, FULL, outlet="Echo", speaker=None)
    await say(world, feed, FULL, hours=1, outlet="Wire")
    await say(world, feed, FULL, hours=2, outlet="Post", speaker=None)
    assert told(await ask(store, workspace, about="guns")) == [["Echo", "Post"], ["Wire"]]


async def test_a_denial_is_no_statement_of_the_same(world, store, workspace, feed):
    for hours, cue in enumerate(("said", "denied")):
        text = f"Dana Miller {cue} that the bridge would close."
        article = await world.publish(feed, cue, at=MORNING - hours * HOUR, text=text)
        cues = a_statement(text, cue).content
        said = a_statement(text, "that the bridge would close", kind=Kind.INDIRECT, cue=cues)
        await world.read(article, said)
    assert (await ask(store, workspace, actor="Miller")).total == 2


@pytest.mark.parametrize(
    ("speaker", "own"),
    [
        (a_speaker("Dana Miller"), True),
        (a_speaker("Miller"), True),
        (a_speaker("Pat Lee", "Miller"), False),
        (a_speaker("spokesman for Dana Miller", "Dana Miller", anonymous=True), False),
    ],
)
async def test_what_others_say_in_an_actors_name_is_not_its_own(world, store, workspace, feed, speaker, own):
    await say(world, feed, FULL, speaker=speaker)
    (occasion,) = (await ask(store, workspace, actor="Miller")).occasions
    assert occasion.own is own
    (occasion,) = (await ask(store, workspace, about="guns", actor="  ")).occasions
    assert occasion.own is None


async def test_within_one_article_speech_is_first_then_thoughts_then_intentions(world, workspace, feed):
    article = await world.publish(feed, text="one two three four five")
    modes = (Mode.INTENTION, Mode.THOUGHT, Mode.SPEECH, Mode.INTENTION, Mode.SPEECH)
    words = article.text.split()
    told = (a_statement(article.text, w, mode=mode) for w, mode in zip(words, modes, strict=True))
    await world.read(article, *told)
    await say(world, feed, "newer", hours=-1)
    assert await world.said(workspace) == ["newer", "three", "five", "two", "one", "four"]


async def test_beyond_many_statements_only_as_many_are_looked_through_as_a_page_needs(
    world, store, workspace, feed
):
    text = " ".join(f"w{n}" for n in range(LOOKED_THROUGH + 10))
    await say(world, feed, "first")
    article = await world.publish(feed, "many", at=MORNING - 24 * HOUR * 4, text=text)
    await world.read(article, *(a_statement(text, word) for word in text.split()))
    first = await ask(store, workspace, actor="Miller", limit=1)
    assert (first.total, first.complete, first.more) == (1, False, True)
    last = await ask(store, workspace, actor="Miller", offset=LOOKED_THROUGH + 10, limit=5)
    assert (last.total, last.complete, last.more) == (LOOKED_THROUGH + 11, True, False)
    assert len(last.occasions) == 1
    pages = [
        await ask(store, workspace, actor="Miller", offset=at, limit=20)
        for at in range(0, LOOKED_THROUGH + 11, 20)
    ]
    # In the order in which the article has them, whichever of them were looked through first.
    assert [quote.words for page in pages for quote in page.quotes] == ["first", *text.split()]
