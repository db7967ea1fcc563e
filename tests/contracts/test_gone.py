"""What an edit took out of an article: kept, marked, shown as such, and told nowhere as if it still stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news.answers import telling_of
from news.queries import StatementQuery, StoryQuery
from storage import briefs
from tests.builders import MORNING, a_brief, a_speaker, a_statement

HOUR = timedelta(hours=1)
THREE = "“We will build three bridges by May,”"
TWO = "“We will build two bridges by May,”"
NEVER = "“Nobody asked us before the bridge was shut,”"
FULL = "“We will reopen the bridge in May, if the frost lets us,”"
SHORT = "“We will reopen the bridge in May,”"


def text_of(*quotations: str) -> str:
    return "\n".join(["The council met.", *(f"{words} said Dana Miller." for words in quotations)])


class Edited:
    """One article, version after version, an hour apart."""

    def __init__(self, world, feed, workspace):
        self.world, self.feed, self.workspace = world, feed, workspace
        self.versions = []

    async def becomes(self, *quotations, found=None, key="1", **draft):
        """A version of these quotations, of which those `found` (else all) are told by its brief."""
        at = MORNING + len(self.versions) * HOUR
        text = text_of(*quotations)
        article = await self.world.publish(
            self.feed, key, at=at, **{"text": text, "published": MORNING} | draft
        )
        self.versions.append(article)
        return await self.read(article, *(quotations if found is None else found))

    async def read(self, article, *found):
        return await self.world.read(article, *(a_statement(article.text, words) for words in found))

    async def quotes(self, **query):
        async with self.world.store.read() as uow:
            page = await uow.briefs.statements(self.workspace.id, StatementQuery(**query))
        return page.quotes

    async def told(self, **query):
        """The words that are found, each with the hour since which it is gone."""
        return [
            (quote.words, None if quote.gone is None else (quote.gone - MORNING) / HOUR)
            for quote in await self.quotes(**query)
        ]


@pytest.fixture
def edited(world, feed, workspace):
    return Edited(world, feed, workspace)


async def test_what_an_edit_took_out_is_shown_in_the_words_of_its_own_version(
    edited, world, store, workspace
):
    old = await edited.becomes(NEVER, title="Council shut bridge")
    new = await edited.becomes(TWO, title="Council to build bridges", text=f"Longer before. {text_of(TWO)}")
    async with store.read() as uow:
        page = await uow.briefs.statements(workspace.id, StatementQuery(actor="Miller"))
    stands, gone = page.occasions
    assert stands.told == telling_of(a_statement(new.text, TWO), new)
    assert (gone.told.quote.words, gone.told.quote.gone, gone.told.quote.version) == (
        NEVER,
        MORNING + HOUR,
        1,
    )
    assert gone.told.sentence_words == f"{NEVER} said Dana Miller."
    assert gone.told.sentence.of(old.text) == gone.told.sentence_words
    assert gone.told.quote.content[0].of(old.text) == NEVER
    assert (gone.told.quote.headline, gone.told.quote.when) == ("Council to build bridges", MORNING)
    assert (stands.told.quote.version, page.total) == (2, 2)


@pytest.mark.parametrize(
    ("before", "after", "found", "told"),
    [
        ([THREE], [TWO], None, [(TWO, None), (THREE, 1)]),  # another figure
        ([THREE, NEVER], [THREE], None, [(THREE, None), (NEVER, 1)]),
        ([THREE, NEVER], [NEVER, THREE], None, [(NEVER, None), (THREE, None)]),
        ([THREE], [THREE], [], []),  # it stands, though nobody found it again
        ([SHORT], [FULL], None, [(FULL, None)]),  # it stands in the longer one
        ([FULL], [SHORT], None, [(SHORT, None)]),  # one occasion: told apart below
        ([NEVER], [NEVER.replace("shut", "shutt")], None, [(NEVER.replace("shut", "shutt"), None)]),
        ([NEVER], [NEVER.replace("“Nobody", "“Everybody")], None, [(NEVER.replace("“Nobody", "“Everybody"), None), (NEVER, 1)]),
    ],
)  # fmt: skip
async def test_only_words_that_have_left_the_text_are_gone(edited, before, after, found, told):
    await edited.becomes(*before)
    await edited.becomes(*after, found=found)
    assert await edited.told(actor="Miller") == told


async def test_where_an_article_cut_a_statement_both_are_told_and_the_longer_one_is_marked(
    edited, store, workspace
):
    await edited.becomes(FULL)
    await edited.becomes(SHORT)
    async with store.read() as uow:
        (occasion,) = (await uow.briefs.statements(workspace.id, StatementQuery(actor="Miller"))).occasions
    assert occasion.told.quote.words == SHORT
    assert [(t.quote.words, t.quote.gone) for t in occasion.tellings] == [
        (SHORT, None),
        (FULL, MORNING + HOUR),
    ]


async def test_what_stands_again_is_gone_no_longer_and_what_does_not_stays_gone(edited):
    await edited.becomes(THREE, NEVER)
    await edited.becomes(TWO)
    assert await edited.told(actor="Miller") == [(TWO, None), (THREE, 1), (NEVER, 1)]
    await edited.becomes(NEVER)
    assert await edited.told(actor="Miller") == [(NEVER, None), (TWO, 2), (THREE, 1)]
    await edited.becomes(THREE, NEVER, found=[NEVER])  # it stands, though nobody found it
    assert await edited.told(actor="Miller") == [(NEVER, None), (TWO, 2)]
    assert [quote.version for quote in await edited.quotes(actor="Miller")] == [4, 2]


async def test_reading_a_version_anew_replaces_what_stands_and_keeps_what_is_gone(edited):
    await edited.becomes(THREE, NEVER)
    latest = await edited.becomes(TWO, FULL, found=[TWO])
    for found in ([FULL], [TWO, FULL]):
        await edited.read(latest, *found)
        assert await edited.told(actor="Miller") == [
            *((words, None) for words in found),
            (THREE, 1),
            (NEVER, 1),
        ]


async def test_what_only_an_excerpt_said_was_not_taken_out_by_the_whole_article(edited):
    await edited.becomes(THREE, partial=True)
    await edited.becomes(TWO)
    assert await edited.told(actor="Miller") == [(TWO, None)]


async def test_a_page_that_shows_its_beginning_alone_took_nothing_back(edited):
    page = "\n".join(f"Sentence {n} of the long page has words of its own." for n in range(40))
    await edited.becomes(THREE, text=f"{page}\n{text_of(THREE)}")
    await edited.becomes(text=f"{page[:800]} Subscribe to read on.")
    assert await edited.told(actor="Miller") == []


async def test_a_version_that_nobody_read_takes_nothing_with_it(edited, world, feed):
    await edited.becomes(THREE)
    await world.publish(feed, at=MORNING + HOUR, published=MORNING, text=text_of(NEVER))
    edited.versions.append(None)
    await edited.becomes(TWO)
    assert await edited.told(actor="Miller") == [(TWO, None), (THREE, 2)]


async def test_of_many_that_are_gone_the_last_are_kept(edited, monkeypatch):
    monkeypatch.setattr(briefs, "MOST_GONE", 2)
    quotations = [f"“It is number {n} that we build,”" for n in range(5)]
    await edited.becomes(*quotations[:3])
    await edited.becomes(quotations[3])
    assert await edited.told(actor="Miller") == [
        (quotations[3], None),
        (quotations[1], 1),
        (quotations[2], 1),
    ]
    await edited.becomes(quotations[4])
    assert await edited.told(actor="Miller") == [
        (quotations[4], None),
        (quotations[3], 2),
        (quotations[2], 1),
    ]


async def test_what_is_gone_is_found_by_all_that_statements_are_found_by(edited):
    await edited.becomes(THREE, title="Harbour news")
    await edited.becomes(TWO, title="Bridge news")
    gone = [(THREE, 1)]
    assert await edited.told(about="three") == gone
    assert await edited.told(actor="Miller", about="three bridge") == gone
    assert await edited.told(actor="Miller", about="harbour") == []  # the headline is another one now
    assert (
        await edited.told(actor="Miller", about="three", outlet="herald", since=MORNING, until=MORNING + HOUR)
        == gone
    )
    assert await edited.told(actor="Miller", about="three", since=MORNING + HOUR) == []
    assert await edited.told(actor="Miller", standing=True) == [(TWO, None)]


async def test_each_article_of_an_occasion_is_marked_on_its_own_and_a_standing_one_is_shown(
    edited, world, feed, store, workspace
):
    await edited.becomes(FULL)
    text = text_of(SHORT)
    other = await world.publish(feed, "2", at=MORNING - HOUR, text=text, outlet="Wire")
    await world.read(other, a_statement(text, SHORT))
    await edited.becomes(NEVER)
    async with store.read() as uow:
        page = await uow.briefs.statements(workspace.id, StatementQuery(about="reopen"))
    (occasion,) = page.occasions
    assert (occasion.told.quote.outlet, occasion.told.quote.words) == ("Wire", SHORT)
    assert [(t.quote.outlet, t.quote.words, t.quote.gone) for t in occasion.tellings] == [
        ("The Herald", FULL, MORNING + HOUR),
        ("Wire", SHORT, None),
    ]


async def test_nothing_that_is_gone_is_told_as_if_it_stood(edited, world, store, workspace):
    """Stories, their counts, whom they are found by, and who somebody is."""
    await edited.becomes(THREE)
    latest = await edited.becomes(TWO, NEVER, found=[])
    text = f"{latest.text}\nThe end."
    latest = await world.publish(edited.feed, at=MORNING + 2 * HOUR, published=MORNING, text=text)
    mayor = a_statement(text, TWO, speaker=a_speaker("Ida Stern"))
    await world.read(latest, mayor)
    await world.together(latest)
    assert await edited.told(actor="Miller") == [(THREE, 1)]
    async with store.read() as uow:
        (story,) = await uow.stories.find(workspace.id, StoryQuery())
        (outline,), _ = await uow.stories.outlines(workspace.id, StoryQuery(), most=5)
        (read,) = await uow.stories.read(workspace.id, [outline])
        profile = await uow.actors.profile(workspace.id, "Miller")
        by_actor = await uow.stories.find(workspace.id, StoryQuery(actor="Miller"))
        ranked, total = await uow.stories.outlines(workspace.id, StoryQuery(actor="Miller"), most=5)
        edited_then = StoryQuery(actor="Miller", since=MORNING + HOUR, until=MORNING + 3 * HOUR)
        taken, _ = await uow.stories.outlines(workspace.id, edited_then, most=5)
        later = replace(edited_then, since=MORNING + 2 * HOUR)
        taken_before, _ = await uow.stories.outlines(workspace.id, later, most=5)
        borne = await uow.actors.is_borne(workspace.id, "Dana Miller")
    assert story.readings[0].brief == a_brief(latest, mayor)
    assert read.readings == story.readings
    assert outline.statements == 1
    assert (by_actor, ranked, total) == ((), (), 0)
    assert (profile.total, profile.written, profile.first) == (0, (), None)
    assert ([one.id for one in taken], taken_before) == ([story.id], ())
    assert borne  # whoever asks for the name finds what is gone
