"""What Discord offers while an option is typed comes from the desk, fits, and never stops anyone."""

from __future__ import annotations

import asyncio

import pytest

from bot.platforms.discord.cogs import suggesting
from bot.ports import Kind, Suggestion
from news.errors import StoreAway


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("command", "option", "kind"),
    [
        ("digest", "actor", Kind.ACTOR),
        ("digest", "outlet", Kind.OUTLET),
        ("whosaid", "actor", Kind.ACTOR),
        ("whosaid", "outlet", Kind.OUTLET),
        ("stance", "actor", Kind.ACTOR),
        ("stance", "target", Kind.TARGET),
        ("targets show", "name", Kind.TARGET),
        ("targets remove", "name", Kind.TARGET),
        ("actor", "name", Kind.ACTOR),
        ("actors alias", "as", Kind.ACTOR),
        ("actors merge", "into", Kind.ACTOR),
        ("actors split", "from", Kind.ACTOR),
        ("feeds add", "outlet", Kind.OUTLET),
        ("feeds remove", "feed", Kind.FEED),
    ],
)
async def test_what_is_typed_reaches_the_desk_and_its_suggestions_come_back(
    fake, desk, command, option, kind
):
    desk.suggestions = (Suggestion("Orla Venn", "Orla Venn"), Suggestion("Herald", "https://h.example/f"))
    offered = await fake.type(command, option, "ve")
    assert offered == [("Orla Venn", "Orla Venn"), ("Herald", "https://h.example/f")]
    assert desk.typed == [("42", kind, "ve")]
    assert desk.asked == []


@pytest.mark.usefixtures("messenger")
async def test_nothing_is_offered_and_nothing_made_where_nobody_asked_yet(fake, desk):
    desk.strangers = {"42"}
    desk.suggestions = (Suggestion("x", "x"),)
    assert await fake.type("whosaid", "actor", "x") == []
    assert desk.typed == []


@pytest.mark.usefixtures("messenger")
async def test_in_a_direct_message_names_are_offered_too(fake, desk):
    await fake.type("whosaid", "actor", "x", guild=None)
    assert desk.typed == [("dm-77", Kind.ACTOR, "x")]


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("failure", [StoreAway("Cannot reach the database."), RuntimeError("bug")])
async def test_a_failure_offers_nothing(fake, desk, failure):
    desk.failure = failure
    assert await fake.type("whosaid", "actor", "x") == []


@pytest.mark.usefixtures("messenger")
async def test_what_takes_too_long_offers_nothing(fake, desk, monkeypatch):
    monkeypatch.setattr(suggesting, "PATIENCE", 0.01)
    desk.gate = asyncio.Event()
    assert await fake.type("whosaid", "actor", "x") == []


@pytest.mark.usefixtures("messenger")
async def test_what_discord_would_refuse_is_cut_or_left_out(fake, desk):
    desk.suggestions = (
        Suggestion("😀" * 60, "short"),
        Suggestion("Too long to be meant", "v" * 101),
        Suggestion("Wide", "😀" * 51),
        Suggestion("a\u202eb\nc\x1b[0m", "a\u202eb"),
        Suggestion("\u202e", "unseen"),
        Suggestion("Half", "\ud800"),
        Suggestion("", "nameless"),
        Suggestion("Empty", ""),
        *(Suggestion("Twice", f"{number}") for number in (1, 2)),
        *(Suggestion(f"Name {number}", f"{number}") for number in range(40)),
    )
    offered = await fake.type("whosaid", "actor", "x" * 100)
    assert offered[0] == ("😀" * 49 + "…", "short")
    assert offered[1:3] == [("ab c\ufffd[0m", "a\u202eb"), ("Twice", "1")]
    assert offered[3:] == [(f"Name {number}", f"{number}") for number in range(22)]
