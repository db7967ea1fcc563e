"""Every kind of message as Discord gets it, reviewed like code.

`python -m tests.discord.test_golden` writes the payloads anew; `python -m tests.discord.draw FOLDER` draws them.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.messages.actors import names_message, profile_message
from bot.messages.digest import digest_message
from bot.messages.feeds import feeds_message
from bot.messages.help import help_message
from bot.messages.message import Attachment, Message
from bot.messages.stances import stances_message
from bot.messages.statements import statements_message
from bot.messages.targets import Listed, target_message, targets_message
from bot.pictures.positions import describe_positions, numbered
from bot.platforms.discord.buttons import view_of
from bot.platforms.discord.choices import buttons_of
from bot.platforms.discord.rendering import files, render, render_error, render_thread
from news.errors import GrammarError
from news.feeds import Feed, FeedId, Follow
from news.names import ActorNames, NameChange, NameChangeId, Relation
from news.polling import after_failure
from news.profiles import ActorProfile, Counted
from news.rereading import Progress
from news.targets import BUILT_IN
from tests.bot.samples import (
    KYIV,
    MORNING,
    a_digest,
    a_full_digest,
    a_page,
    a_story,
    an_edited_story,
    an_occasion_of_three,
    three_quotes,
)
from tests.bot.standings import (
    NIGHTS,
    a_changed_standing,
    a_digest_of_positions,
    a_standing_page,
    three_standings,
)
from tests.discord.fake import breaches

GOLDEN = Path(__file__).parents[1] / "golden" / "discord"
KURIER = Feed(FeedId(1), "https://kurier.example/feed.xml", outlet="Kurier")
WELL = replace(KURIER, last_success=MORNING, next_check=MORNING + timedelta(minutes=30))
FAILING = after_failure(
    replace(KURIER, id=FeedId(2), url="https://herald.example/feed", outlet="Daily Herald"),
    "https://herald.example/feed answers 500: try again later.",
    MORNING,
)
PAGE = a_page(*three_quotes(), total=17, since=MORNING - timedelta(days=3), offset=5)
LONG = replace(
    PAGE,
    occasions=(an_occasion_of_three(), *PAGE.occasions),
    query=replace(
        PAGE.query, about="the harbour strike and the night shifts that are no longer paid in full"
    ),
)
PROFILE = ActorProfile(
    "Marlow",
    ActorNames("Edda Marlow", ("Edda Marlow", "Minister Marlow")),
    written=(Counted("Edda Marlow", 14), Counted("Marlow", 3)),
    speaks_for=("Port Ministry",),
    total=17,
    first=MORNING - timedelta(days=40),
    last=MORNING,
)
CHANGES = (
    NameChange(NameChangeId(2), "Edda Marlow", "Minister Marlow", Relation.SAME, MORNING),
    NameChange(NameChangeId(1), "Edda Marlow", "Ida Marlow", Relation.APART, MORNING - timedelta(days=1)),
)
DRAWN = a_standing_page(*three_standings())
PICTURE = Attachment("positions.png", b"", describe_positions(DRAWN.standings, timezone=KYIV, now=MORNING))
MESSAGES: dict[str, Message | GrammarError] = {
    "digest": digest_message(a_full_digest()),
    "digest_of_three": digest_message(
        a_digest(stories=(a_story(), an_edited_story(), *a_digest().stories[1:]))
    ),
    "digest_with_nothing_new": digest_message(a_digest(stories=(), articles=0, outlets=0)),
    "whosaid": statements_message(PAGE, KYIV),
    "whosaid_with_a_long_line": statements_message(LONG, KYIV),
    "whosaid_found_nothing": statements_message(a_page(about="strike"), KYIV),
    "actor": profile_message(PROFILE, PAGE, KYIV),
    "actor_with_positions": profile_message(PROFILE, PAGE, KYIV, three_standings()),
    "names": names_message(CHANGES, KYIV),
    "positions": stances_message(
        a_standing_page(*three_standings(), total=9, offset=6),
        KYIV,
        reading=(Progress("night shifts", 12, 1900),),
    ),
    "one_position": stances_message(a_standing_page(a_changed_standing()), KYIV),
    "drawn_positions": stances_message(DRAWN, KYIV, picture=PICTURE, marks=numbered(DRAWN.standings)),
    "no_positions": stances_message(a_standing_page(actor="Marlo"), KYIV, like=("Edda Marlow",)),
    "digest_of_positions": digest_message(a_digest_of_positions()),
    "targets": targets_message(
        [Listed(NIGHTS, 3, Progress("night shifts", 12, 1900)), *(Listed(t, 0) for t in BUILT_IN)], KYIV
    ),
    "target": target_message(Listed(NIGHTS, 3, Progress("night shifts", 12, 1900)), KYIV),
    "feeds": feeds_message((Follow(WELL, "World"), Follow(FAILING)), MORNING, KYIV),
    "help": help_message(fields=True),
    "help_with_one": help_message("schedule", fields=True),
    "error": GrammarError("No time is called @everyone: after since, use 3d."),
}


def payload_of(message: Message | GrammarError) -> dict[str, object]:
    """What is sent for the message."""
    if isinstance(message, GrammarError):
        return {"content": render_error(str(message))}
    embeds = [embed.to_dict() for embed in render(message)]
    view = view_of(buttons_of(message.choices))
    attached = [file.to_dict(number) for number, file in enumerate(files(message))]
    return {
        "embeds": embeds,
        **({"components": view.to_components()} if view is not None else {}),
        **({"attachments": attached} if attached else {}),
    }


def thread_of(message: Message) -> list[dict[str, object]]:
    """What is sent for the message as a thread."""
    opening, told = render_thread(message, key="attache-7")
    return [{"embeds": [embed.to_dict() for embed in embeds]} for embeds in (opening, *told)]


def written(payload: object) -> str:
    return json.dumps(payload, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("name", MESSAGES)
async def test_a_message_is_as_reviewed(name):
    payload = payload_of(MESSAGES[name])
    assert breaches(payload) == []
    assert written(payload) == (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


def test_a_thread_is_as_reviewed():
    payloads = thread_of(digest_message(a_full_digest()))
    assert written(payloads) == (GOLDEN / "thread.json").read_text(encoding="utf-8")


async def write() -> None:
    GOLDEN.mkdir(exist_ok=True)
    payloads = {name: payload_of(message) for name, message in MESSAGES.items()}
    for name, payload in (payloads | {"thread": thread_of(digest_message(a_full_digest()))}).items():
        (GOLDEN / f"{name}.json").write_text(written(payload), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(write())
