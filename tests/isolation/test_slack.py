"""Two workspaces on Slack: every command, button, menu, form and view that the bot listens to, used in the one."""

from __future__ import annotations

import pytest

from bot.desk import FrontDesk
from bot.platforms.slack.answering import PATIENCE_FOR_NEWS
from bot.platforms.slack.listeners import hear
from bot.platforms.slack.menus import ZONE
from bot.platforms.slack.names import NAMES
from bot.ports import Kind
from news.channels import Platform
from tests.isolation.asks import FILES, LINES, TYPED, known, leaves, lines, looks
from tests.isolation.planted import MARK, WORDS, plant, reader_of_ours, shown_of, words_in
from tests.isolation.rows import lost, numbers_of, rows_in
from tests.posting import send_open
from tests.slack.fake import OTHER, READER, Channel, running
from tests.slack.samples import a_modal
from tests.slack.towns import FIRST, HERE, SECOND, THERE, again, browsing, in_several, settle, workspaces_in

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack-sdk's

SHARED = "C0SHARED001"
"""A channel of both."""
FORGED = (
    "", "story {number}", "digest {number}", "{number}", "feeds remove {number}", "feeds list", "schedule now {number}",
    "schedule remove {number}", "schedule list", "targets export", "feeds export", "actors undo", "whosaid \x00",
)  # fmt: skip
"""Values of buttons that nobody was ever shown."""


class Town:
    """The bot in both workspaces, and what people do in the first."""

    def __init__(self, slack, messenger, store, clock):
        self.slack, self.messenger, self.store, self.clock = slack, messenger, store, clock

    async def line(self, line, *, channel=HERE, team=FIRST.team):
        """By the command of that name, else by the one that takes all of them; all that is sent for it."""
        name, _, rest = line.partition(" ")
        command, text = (name, rest) if name in NAMES else ("attache", line)
        asked = await self.slack.command(f"/{command}", text, channel=channel, team=team)
        return await self._answered(asked)

    async def press(self, message, button, **more):
        asked = await self.slack.press(message, button, team=FIRST.team, **more)
        return await self._answered(asked)

    async def _answered(self, asked):
        def answer():
            found = [each for each in asked.answers if PATIENCE_FOR_NEWS not in each.text]
            return found or asked.rewritten

        await self.slack.until(answer, within=60)
        return asked

    def sent(self, since=0):
        """All that Slack was told for the first workspace, by whatever way."""
        return [
            (call.method, call.arguments)
            for call in self.slack.calls[since:]
            if call.token == FIRST.token
            or (call.method == "response_url" and call.arguments["channel"] in (HERE, SHARED))
        ]


class Recorder:
    """An app that only remembers what is listened to."""

    def __init__(self):
        self.heard = set()

    def __getattr__(self, kind):
        def listen(constraint):
            self.heard.add((kind, getattr(constraint, "pattern", constraint)))
            return lambda listener: listener

        return listen


@pytest.fixture
async def town(store, clock, understanding, unused_tcp_port):
    desk = FrontDesk(store, reader_of_ours(), understanding, clock)
    async with running() as slack, browsing(unused_tcp_port) as browser:
        settle(slack)
        slack.channels[SHARED] = Channel(SHARED, "shared", SECOND.team, shared=(FIRST.team,))
        workspaces = workspaces_in(store, clock)
        async with in_several(slack, desk, workspaces, unused_tcp_port) as messenger:
            for installation in (FIRST, SECOND):
                await browser.install(slack, again(installation))
            yield Town(slack, messenger, store, clock)


@pytest.fixture
async def sides(town, store, clock):
    return await plant(store, clock, Platform.SLACK, (FIRST.team, HERE), (SECOND.team, THERE))


def leaks(answers, asked=""):
    return words_in(shown_of(answers), asked=asked)


def payloads(asked):
    return [each.payload for each in asked.answers] + asked.rewritten


def test_everything_that_is_listened_to_has_a_case_here():
    recorder = Recorder()

    class Office:
        class names:  # as the real one's
            slash = staticmethod("/{}".format)

    hear(recorder, Office())
    commands = {("command", f"/{name}") for name in NAMES} | {("command", "")}
    buttons = {("action", each) for each in ("^ask:", "home:schedule", "home:refresh", "")}
    views = {("options", "^suggest:"), ("view", "schedule"), ("event", "app_home_opened")}
    only_logged = {kind for kind in recorder.heard if kind[0] == "event"} - views
    assert recorder.heard - only_logged == commands | buttons | views
    assert {kind for _, kind in only_logged} == {
        "app_uninstalled", "tokens_revoked", "channel_archive", "channel_deleted", "group_archive", "group_deleted",
        "channel_left", "group_left",
    }  # fmt: skip
    assert leaves() == LINES.keys() | FILES  # no file comes by a command on Slack


async def test_no_command_shows_or_changes_anything_of_the_other_workspace(town, sides, store_url):
    here, _ = sides
    before, found = await rows_in(store_url), {}
    asked = [
        (line, HERE) for line in lines(*await numbers_of(store_url, here.workspace.id)) if line != "schedule"
    ]
    asked += [
        (line, SHARED) for line in ("digest since 90d", "digest", "whosaid about bridge", "schedule list")
    ]
    asked += [(f"schedule add 13:00 channel slack:{THERE}", HERE), ("schedule add 13:30", SHARED)]
    for line, channel in asked:
        since = len(town.slack.calls)
        await town.line(line, channel=channel)
        if line.startswith("schedule now"):
            await send_open(town.store, town.clock, {Platform.SLACK: town.messenger})
        if leaked := leaks(town.sent(since), known(line)):
            found[line] = leaked
    assert found == {}
    assert lost(before, await rows_in(store_url), here.workspace.id) == []
    assert shown_of(town.sent()).count(MARK) > 50
    assert [each for each in town.slack.channel(HERE).messages if "metadata" in each]
    assert not [each for each in town.slack.channel(THERE).messages if MARK in str(each)]


async def test_no_button_shows_or_changes_anything_of_the_other_workspace(town, sides, store_url):
    here, _ = sides
    theirs = []
    for line in [each for each in lines() if looks(each)]:
        for channel in (THERE, SHARED):
            asked = await town.line(line, channel=channel, team=SECOND.team)
            theirs += [each for each in asked.answers if each.buttons]
    assert len(theirs) > 10
    numbers = await numbers_of(store_url, here.workspace.id)
    before, found, told = await rows_in(store_url), {}, 0
    for shown in theirs:
        for label, button in shown.buttons.items():
            # Who is in their channel, or holds a message of theirs, presses as a member of the first workspace.
            for user in (READER, OTHER):
                asked = await town.press(shown, label, user=user)
                told += MARK in shown_of(payloads(asked))
                if leaked := leaks(payloads(asked), button["value"]):
                    found[button["value"], user] = leaked
    shown = (await town.line("whosaid about bridge", channel=SHARED)).answers[-1]
    label = next(iter(shown.buttons))
    for forged in FORGED:
        for number in numbers if "{number}" in forged else (0,):
            value = forged.format(number=number)
            asked = await town.press(shown, label, forged={"value": value}, user=OTHER)
            assert all(each.private for each in asked.answers)
            if leaked := leaks(payloads(asked)):
                found[value] = leaked
    assert found == {}
    assert told, "some of them are answered"
    assert lost(before, await rows_in(store_url), here.workspace.id) == []


async def test_no_menu_form_or_home_tab_shows_or_changes_anything_of_the_other_workspace(
    town, sides, store_url
):
    here, _ = sides
    before, found = await rows_in(store_url), {}
    home = await town.slack.open_home(READER, team=FIRST.team)
    assert MARK in shown_of([home])
    await town.slack.press(home, "home:refresh", team=FIRST.team)
    await town.slack.until(lambda: len(town.slack.homes[READER]) > 1)
    opened = await town.slack.press(home, "home:schedule", team=FIRST.team)
    form = await opened.view()
    menus = [
        block["element"]["action_id"] for block in form["blocks"] if "external" in block["element"]["type"]
    ]
    assert menus
    every = a_modal(blocks=[_menu(f"suggest:{kind}") for kind in (*Kind, ZONE)]) | {"id": "V0", "hash": "1"}
    for view, names in ((form, menus), (every, [f"suggest:{kind}" for kind in (*Kind, ZONE)])):
        for name in names:
            for typed in TYPED:
                offered = await town.slack.suggest(view, name, typed, team=FIRST.team)
                if leaked := leaks([offered]):
                    found[name, typed] = leaked
    assert found == {}
    assert ("Dana Miller", "Dana Miller") in await town.slack.suggest(
        every, "suggest:actor", "Dana", team=FIRST.team
    )
    # A form whose channel is the other's, and one that is sent off with names of theirs.
    refused = await town.slack.submit(form, {"channel": THERE}, team=FIRST.team)
    assert refused.payload["response_action"] == "errors"
    sent = await town.slack.submit(form, {"channel": HERE, "title": f"{MARK} form"}, team=FIRST.team)
    assert sent.payload["response_action"] == "update"
    assert leaks([*town.sent(), refused.payload, sent.payload]) == []
    assert lost(before, await rows_in(store_url), here.workspace.id) == []


def _menu(action_id):
    return {
        "type": "input", "block_id": action_id, "label": {"type": "plain_text", "text": action_id},
        "element": {"type": "external_select", "action_id": action_id, "min_query_length": 0},
    }  # fmt: skip


async def test_the_other_workspace_sees_all_of_what_is_planted(town, sides):
    """Else the tests above would find nothing whatever was leaked."""
    for line in lines(1, 2):
        if line != "schedule" and not line.startswith(
            ("feeds remove", "feeds add", "targets remove", "actors", "schedule remove")
        ):
            await town.line(line, channel=THERE, team=SECOND.team)
    told = [call.arguments for call in town.slack.calls if call.arguments.get("channel") == THERE]
    files = [each["content"] for each in town.slack.files.values()]
    unseen = set(WORDS.values()) - set(leaks([*told, *files]))
    assert unseen <= {WORDS["wording"]}
