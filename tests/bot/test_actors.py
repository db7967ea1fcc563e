"""`actor` and `actors`, from the typed line to what is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk import FrontDesk
from bot.grammar import parse
from bot.platforms.terminal.rendering import render
from news.arrivals import Arrival
from news.channels import Channel, Platform
from news.errors import AlreadyThere, GrammarError, InputError, NotFound
from tests.builders import MORNING, a_brief, a_draft, a_speaker, a_statement

HERE = Channel(Platform.TERMINAL, "local")
SAID = (
    ("The port closes on Monday.", a_speaker("Anna Bell", "Harbour League"), 0),
    ("We have waited.", a_speaker("Anna Bell", "the Council"), 1),
    ("Nobody will be cut off.", "Tom Bell", 2),
    ("We are ready.", "Nan Corry", 3),
    ("The League agrees.", a_speaker("Pat Lee", "Harbour League"), 4),
)


@pytest.fixture
async def ask(store, reader, understanding, clock, workspace):
    """Types a line, half an hour after the last one, and reads the answer."""
    async with store.write() as uow:
        feed = await uow.feeds.follow(workspace.id, "https://herald.example/feed")
        for words, speaker, hour in SAID:
            at = MORNING + timedelta(hours=hour)
            arrival = Arrival(words, a_draft(words, title=words, published=at), "f", arrived=at)
            (article,) = await uow.articles.save_all(feed.id, [arrival], now=at)
            await uow.briefs.save(a_brief(article, a_statement(words, words, speaker=speaker)))
        await uow.commit()
    desk = FrontDesk(store, reader, understanding, clock)

    async def ask(line):
        clock.forward(minutes=30)
        parsed = parse(line)
        message = await desk.answer(workspace, HERE, parsed.command, parsed.options)
        shown = render(message, width=100, color=False)
        return [row for row in shown.splitlines() if row.strip()]

    return ask


async def test_an_alias_is_told_with_all_names_and_how_to_take_it_back(ask):
    assert await ask('actors alias Anna Bell as "Nan Corry"') == [
        "Nan Corry is another name of Anna Bell",
        "All names: Anna Bell, Nan Corry",
        "To take it back: actors undo",
    ]
    assert "We are ready." in "\n".join(await ask("whosaid Anna Bell"))


async def test_names_that_nobody_bears_are_kept_with_a_hint(ask):
    assert await ask("actors merge Nan Corry into Ana Bel Corry") == [
        "Nan Corry is another name of Ana Bel Corry",
        "All names: Ana Bel Corry, Nan Corry",
        "Nobody called Ana Bel Corry speaks in the articles that are read here yet: mind the spelling.",
        "To take it back: actors undo",
    ]


async def test_a_merge_takes_all_names_along(ask):
    await ask("actors alias Anna Bell as Annie")
    await ask("actors alias Nan Corry as Nanny")
    assert (await ask("actors merge Nan Corry into Anna Bell"))[1] == (
        "All names: Anna Bell, Annie, Nan Corry, Nanny"
    )
    assert "We are ready." in "\n".join(await ask("whosaid Annie"))


async def test_a_split_takes_an_alias_away_and_can_be_taken_back(ask):
    await ask("actors alias Anna Bell as Nan Corry")
    assert await ask("actors split Nan Corry from Anna Bell") == [
        "Nan Corry is no longer another name of Anna Bell",
        "To take it back: actors undo",
    ]
    assert "We are ready." not in "\n".join(await ask("whosaid Anna Bell"))
    assert await ask("actors undo") == [
        "Undone: Nan Corry is another name of Anna Bell again",
        'To do it all the same: actors split "Nan Corry" from "Anna Bell"',
    ]
    assert "We are ready." in "\n".join(await ask("whosaid Anna Bell"))


async def test_a_split_of_a_part_of_a_name_says_how_to_set_it_apart(ask):
    await ask("actors alias Anna Bell as Bell")
    assert (await ask("actors split Bell from Anna Bell"))[1] == (
        'Words they share may still find both; to set them apart: actors split Bell from "Anna Bell"'
    )


async def test_a_name_that_was_no_alias_is_set_apart(ask):
    assert await ask("actors split Tom Bell from Bell") == [
        "Tom Bell is not Bell",
        "To take it back: actors undo",
    ]
    assert "Nobody will be cut off." not in "\n".join(await ask("whosaid Bell"))
    assert (await ask("actors undo"))[0] == "Undone: Tom Bell is no longer set apart from Bell"
    assert "Nobody will be cut off." in "\n".join(await ask("whosaid Bell"))


async def test_undoing_tells_what_stands_again_and_how_to_do_it_all_the_same(ask):
    await ask("actors alias Anna Bell as Nan Corry")
    await ask("actors merge Anna Bell into Nan Corry")
    assert await ask("actors undo") == [
        "Undone: Anna Bell is no longer another name of Nan Corry; Nan Corry is another name of Anna Bell",
        "again",
        'To do it all the same: actors alias "Nan Corry" as "Anna Bell"',
    ]


async def test_names_are_listed_in_the_order_in_which_undoing_goes_back(ask):
    assert await ask("actors") == [
        "No names are joined or set apart here",
        'Tell of one: actors alias "Edda Marlow" as "E. Marlow"',
    ]
    await ask("actors alias Anna Bell as Nan Corry")
    await ask("actors split Tom Bell from Bell")
    assert await ask("actors list") == [
        "2 changes to names",
        "Tom Bell is not Bell · Thu 5 Dec 2024, 15:30",
        "Nan Corry is another name of Anna Bell · Thu 5 Dec 2024, 15:00",
        "To take back what was told last: actors undo",
    ]


@pytest.mark.parametrize(
    ("line", "error", "part"),
    [
        ("actors alias Bell as bell", InputError, "spellings of one name"),
        ("actors alias Bell as ?!", InputError, "letter or a digit"),
        ("actors alias Bell as " + "x" * 300, InputError, "at most 100 characters"),
        ("actors undo", NotFound, "nothing to undo"),
        ("actors split Bell from BELL", InputError, "spellings of one name"),
        ("actor", GrammarError, "Say whom"),
        ("actor " + "x" * 600, GrammarError, "too long"),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(ask, line, error, part):
    with pytest.raises(error, match=part):
        await ask(line)


async def test_what_was_told_already_is_refused(ask):
    await ask("actors alias Anna Bell as Nan Corry")
    with pytest.raises(AlreadyThere, match="told already"):
        await ask("actors alias anna bell as NAN CORRY")


async def test_an_actor_is_shown_with_names_affiliations_times_and_newest_statements(ask):
    await ask("actors alias Anna Bell as Nan Corry")
    await ask("actors split Tom Bell from Anna Bell")
    shown = await ask("actor Nan Corry")
    assert shown[:6] == [
        "Anna Bell · 3 statements, Wed 4 Dec 2024",
        "Named in articles: Anna Bell (2), Nan Corry (1)",
        "Other names told here: Nan Corry",
        "Set apart here: Tom Bell",
        "Speaks for: the Council, Harbour League",
        "Newest statements",
    ]
    told = "\n".join(shown)
    words = [told.index(text) for text in ("We are ready.", "We have waited.", "The port closes")]
    assert words == sorted(words)


async def test_a_body_is_shown_with_those_who_speak_for_it_and_the_way_to_older_statements(ask):
    shown = await ask("actor League")
    assert shown[:2] == [
        "League · 2 statements, Wed 4 Dec 2024",
        "Spoken for by: Anna Bell (1), Pat Lee (1)",
    ]
    assert (await ask("actor Bell"))[-1] != "Older  whosaid Bell"
    await ask("actors alias Bell as Pat Lee")
    assert (await ask("actor Bell"))[-1] == "Older  whosaid Bell"


async def test_an_actors_time_reaches_from_day_to_day(ask, store, workspace):
    async with store.write() as uow:
        article = await uow.articles.import_(
            workspace.id, "k", a_draft("Later.", published=MORNING + timedelta(days=2)), now=MORNING
        )
        await uow.briefs.save(a_brief(article, a_statement("Later.", "Later.", speaker="Tom Bell")))
        await uow.commit()
    assert (await ask("actor Tom Bell"))[0] == (
        "Tom Bell · 2 statements from Wed 4 Dec 2024 to Fri 6 Dec 2024"
    )


async def test_nobody_is_shown_with_what_to_try(ask):
    assert await ask("actor Otto Nemo") == [
        "Otto Nemo · no statements",
        "No such statement stands in the articles that are read here.",
        "Try a shorter name, such as the family name alone.",
        "feeds list shows what is read.",
    ]


@pytest.mark.parametrize("command", ["actor", "whosaid"])
async def test_a_name_is_found_without_the_title_that_was_typed(ask, command):
    shown = "\n".join(await ask(f"{command} President Corry"))
    assert "We are ready." in shown
    assert shown.startswith("Corry · 1 statement")


@pytest.mark.parametrize("command", ["actor", "whosaid"])
async def test_a_misspelt_name_is_answered_with_those_that_may_be_meant(ask, command):
    shown = await ask(f"{command} Nan Corly")
    assert "Nobody called Nan Corly is known here. Did you mean Nan Corry?" in shown


async def test_a_title_alone_is_a_name_like_any_other(ask):
    assert (await ask("whosaid President"))[0] == "President · no statements"


async def test_one_who_is_known_by_a_title_is_nobody_else(ask, store, reader):
    await ask('actors alias Anna Bell as "Mayor Bell"')
    shown = await ask("whosaid Mayor Bell about shortages")
    assert shown[0] == "Mayor Bell on shortages · no statements"
