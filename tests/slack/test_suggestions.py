"""Menus offer what the workspace knows, in time or not at all."""

from __future__ import annotations

import asyncio

import pytest

from bot.platforms.slack.listeners import suggestions
from bot.platforms.slack.menus import ZONE, menu
from bot.ports import Kind, Suggestion
from news.errors import StoreAway
from tests.slack.bots import connect
from tests.slack.fake import NEWS, TEAM


@pytest.fixture
async def messenger(slack, desk):
    async with connect(slack, desk) as messenger:
        yield messenger


@pytest.fixture
async def post(slack, client):
    """A message with a menu of each kind."""
    menus = [menu(kind, "Which one?") for kind in (*Kind, ZONE, "horoscope")]
    await client.chat_postMessage(channel=NEWS, text="Menus", blocks=[{"type": "actions", "elements": menus}])
    return slack.channel().messages[0]


def _named(*names):
    return tuple(Suggestion(name, name) for name in names)


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("kind", list(Kind))
async def test_what_may_be_meant_is_offered(slack, desk, post, kind):
    desk.suggestions = (Suggestion("Orla Venn", "venn"), Suggestion("Orlov", "orlov"))
    assert await slack.suggest(post, f"suggest:{kind}", "Orl") == [("Orla Venn", "venn"), ("Orlov", "orlov")]
    assert desk.typed == [(TEAM, kind, "Orl")]


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("found", "offered"),
    [
        (_named("a\u202eb"), ["ab"]),
        (_named("Venn", "Venn "), ["Venn"]),
        ((Suggestion("x" * 100, "x"),), ["x" * 74 + "…"]),
        ((Suggestion("x", "x" * 151), Suggestion("y", "")), []),
        ((Suggestion("x", "\ud800"), Suggestion("\u200b", "z")), []),
        (_named(*(f"n{n}" for n in range(150))), [f"n{n}" for n in range(100)]),
        (_named("<!channel> & *b*"), ["<!channel> & *b*"]),
    ],
)
async def test_only_what_slack_takes_is_offered(slack, desk, post, found, offered):
    desk.suggestions = found
    assert [name for name, _ in await slack.suggest(post, "suggest:actor", "")] == offered


@pytest.mark.usefixtures("messenger")
async def test_time_zones_are_offered_with_their_clocks(slack, desk, post):
    [(label, value)] = await slack.suggest(post, "suggest:zone", "kyiv")
    assert value == "Europe/Kyiv"
    assert label.startswith("Europe/Kyiv · ")
    assert len(await slack.suggest(post, "suggest:zone", "")) > 5


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("failure", [StoreAway("Cannot reach db.internal."), RuntimeError("secret")])
async def test_a_failure_offers_nothing(slack, desk, post, failure):
    desk.failure = failure
    assert await slack.suggest(post, "suggest:feed", "x") == []


@pytest.mark.usefixtures("messenger")
async def test_what_comes_too_late_is_not_waited_for(slack, desk, post, monkeypatch):
    monkeypatch.setattr(suggestions, "PATIENCE", 0.01)
    desk.gate = asyncio.Event()
    assert await slack.suggest(post, "suggest:outlet", "x") == []


@pytest.mark.usefixtures("messenger")
async def test_a_workspace_that_is_not_there_yet_is_offered_nothing_and_not_made(slack, desk, post):
    desk.strangers = {TEAM}
    desk.suggestions = _named("Venn")
    assert await slack.suggest(post, "suggest:actor", "V") == []


@pytest.mark.usefixtures("messenger")
async def test_a_menu_of_another_version_offers_nothing(slack, desk, post):
    assert await slack.suggest(post, "suggest:horoscope", "leo") == []


@pytest.mark.usefixtures("messenger")
async def test_a_choice_is_acknowledged_and_asks_nothing(slack, desk, post):
    assert (await slack.choose(post, "suggest:actor", "venn")).ack
    assert desk.asked == []
