"""The bot in several workspaces at once: installed by each, answering and posting in each with its own token."""

from __future__ import annotations

import asyncio
import base64
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.desk import FrontDesk
from bot.jobs.deliver import deliver
from bot.messages.message import Message, plain
from bot.platforms.slack.failures import NOT_INSTALLED
from bot.platforms.slack.installations import STATE_LASTS
from bot.platforms.slack.refusals import TAKEN_OUT
from news.channels import Channel as Place
from news.channels import Platform
from news.errors import ChannelLost, DeliveryError, InputError, StoreAway, StoreBusy, StoreUnknown
from storage.engine import open_store
from tests.backends import current_file
from tests.fakes import FailingStore, MemoryReader, SetClock
from tests.slack.bots import words
from tests.slack.fake import READER, SIGNING_SECRET, Channel, Installation
from tests.slack.posting import DIGEST, openings
from tests.slack.towns import (
    FIRST,
    HERE,
    KEY,
    SECOND,
    THERE,
    again,
    browsing,
    in_several,
    settle,
    workspaces_in,
)

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack-sdk's

TOWNS = ((FIRST, HERE), (SECOND, THERE))
ENTERPRISE = "E0ENTERPRIS"


class World:
    """Two workspaces at a fake Slack, and a bot whose store is real."""

    def __init__(self, slack, store, clock, port, browser):
        self.slack, self.store, self.clock, self.port, self.browser = slack, store, clock, port, browser
        self.desk = FrontDesk(store, MemoryReader(), None, clock)
        self.failing = FailingStore(store)
        self.workspaces = workspaces_in(self.failing, clock)
        self.messenger = None

    async def does(self, command, text, channel, team, **more):
        asked = await self.slack.command(command, text, channel=channel, team=team, **more)
        answer = await asked.answer()
        return words(answer.blocks) or answer.text

    async def deliver(self):
        return await deliver(self.store, self.clock, {Platform.SLACK: self.messenger})

    async def schedules(self, team):
        return await self.desk.schedules(Platform.SLACK, team)

    def tokens(self, method, channel):
        """Whoever asked for it there."""
        return [
            call.token
            for call in self.slack.calls
            if (call.method, call.arguments.get("channel")) == (method, channel)
        ]

    @asynccontextmanager
    async def running(self, **options):
        async with in_several(self.slack, self.desk, self.workspaces, self.port, **options) as messenger:
            self.messenger = messenger
            yield self


@pytest.fixture
def address(tmp_path):
    return tmp_path / "test.db"


@pytest.fixture
async def world(slack, address, unused_tcp_port):
    settle(slack)
    async with open_store(await current_file(address)) as store, browsing(unused_tcp_port) as browser:
        yield World(slack, store, SetClock(), unused_tcp_port, browser)


@pytest.fixture
async def town(world):
    """The bot at work, and both workspaces have installed it."""
    async with world.running():
        for installation, _ in TOWNS:
            await world.browser.install(world.slack, again(installation))
        yield world


async def scheduled(town):
    for installation, channel in TOWNS:
        assert "Digest" in await town.does("/schedule", "add 12:30", channel, installation.team)


# two of them


@pytest.mark.parametrize("over_http", [False, True])
async def test_a_workspace_is_answered_as_soon_as_it_has_installed_the_app(world, over_http):
    options = {"app_token": None, "signing_secret": SIGNING_SECRET} if over_http else {}
    world.slack.request_url = f"http://127.0.0.1:{world.port}/slack/events" if over_http else ""
    async with world.running(**options):
        assert await world.does("/feeds", "list", HERE, FIRST.team) == NOT_INSTALLED
        page = await world.browser.install(world.slack, again(FIRST))
        assert "Attaché is in workspace" in page
        assert "/invite @attache" in page
        assert "No feed is followed" in await world.does("/feeds", "list", HERE, FIRST.team)
        assert await world.does("/feeds", "list", THERE, SECOND.team) == NOT_INSTALLED


async def test_each_is_answered_and_posted_to_with_its_own_token(town):
    await scheduled(town)
    town.clock.forward(hours=1)
    assert (await town.deliver()).sent == 2
    for installation, channel in TOWNS:
        for method in ("conversations.info", "chat.postMessage"):
            assert town.tokens(method, channel) == [installation.token]
        assert len(openings(town.slack, channel)) == 1
        assert not await town.messenger.find(
            Place(Platform.SLACK, channel, installation.team), key="another", after=town.clock.now()
        )
        assert town.tokens("conversations.history", channel) == [installation.token]


async def test_nothing_of_one_is_shown_in_the_other(town):
    await town.does("/schedule", "timezone Europe/Kyiv", HERE, FIRST.team)
    await town.does("/schedule", 'add 12:30 title "Of the first"', HERE, FIRST.team)
    assert "Of the first" in await town.does("/schedule", "list", HERE, FIRST.team)
    assert "Europe/Kyiv" in await town.does("/schedule", "timezone", HERE, FIRST.team)
    assert "Of the first" not in await town.does("/schedule", "list", THERE, SECOND.team)
    assert "Europe/Kyiv" not in await town.does("/schedule", "timezone", THERE, SECOND.team)
    assert "There is no schedule 1" in await town.does("/schedule", "remove 1", THERE, SECOND.team)


async def test_a_channel_that_two_share_is_posted_to_by_whoever_scheduled_it(town):
    town.slack.channels["C0SHARED001"] = shared = Channel("C0SHARED001", "shared", SECOND.team)
    posted = await town.messenger.send(Place(Platform.SLACK, shared.id, SECOND.team), DIGEST, key="attache-1")
    assert shared.message(posted)
    with pytest.raises(ChannelLost):
        await town.messenger.send(Place(Platform.SLACK, shared.id, FIRST.team), DIGEST, key="attache-2")
    with pytest.raises(ChannelLost):
        await town.messenger.send(Place(Platform.SLACK, shared.id), DIGEST, key="attache-3")
    assert town.tokens("chat.postMessage", shared.id) == [SECOND.token, FIRST.token]


@pytest.mark.parametrize("told", [True, False], ids=["told", "unseen"])
@pytest.mark.parametrize(("leaving", "staying"), [(FIRST, SECOND), (SECOND, FIRST)], ids=["first", "second"])
async def test_what_two_post_to_one_channel_stops_for_each_alone(town, leaving, staying, told):
    shared = Channel("C0SHARED001", "shared", FIRST.team, shared=(SECOND.team,))
    town.slack.channels[shared.id] = shared
    for installation, _ in TOWNS:
        team = installation.team
        assert team in await town.does("/schedule", f'add 12:30 title "For {team}"', shared.id, team)
    town.clock.forward(hours=1)
    assert (await town.deliver()).sent == 2
    posted = [call for call in town.slack.calls if call.method == "chat.postMessage"]
    for installation, _ in TOWNS:
        [own] = [call for call in posted if f"For {installation.team}" in str(call.arguments)]
        assert (own.token, own.arguments["channel"]) == (installation.token, shared.id)
    assert len(openings(town.slack, shared.id)) == 2
    if told:
        await town.slack.uninstall(leaving.team)
        await town.workspaces.left(2)
    else:
        town.slack.installations[leaving.token].refused = "account_inactive"
    town.clock.forward(days=1)
    done = await town.deliver()
    assert (done.sent, done.failed) == (1, 0 if told else 1)
    assert len(openings(town.slack, shared.id)) == 3
    assert f"For {staying.team}" in str(openings(town.slack, shared.id)[-1])
    [stopped], [going] = [await town.schedules(each.team) for each in (leaving, staying)]
    assert stopped.trouble.startswith(TAKEN_OUT[:20])
    assert (going.paused, going.trouble) == (False, None)


# taken out, and in again


@pytest.mark.parametrize("how", ["uninstall", "revoke"])
async def test_one_that_takes_the_app_out_leaves_the_other_at_work(town, how):
    await scheduled(town)
    await getattr(town.slack, how)(FIRST.team)
    await town.workspaces.left(2 if how == "uninstall" else 1)
    [stopped] = await town.schedules(FIRST.team)
    [going] = await town.schedules(SECOND.team)
    assert (stopped.trouble, going.paused) == (TAKEN_OUT, False)
    town.clock.forward(hours=1)
    assert (await town.deliver()).sent == 1
    assert town.tokens("chat.postMessage", THERE) == [SECOND.token]
    assert town.tokens("chat.postMessage", HERE) == []
    assert await town.does("/schedule", "list", HERE, FIRST.team) == NOT_INSTALLED
    async with town.store.read() as uow:
        assert {team for _, team, _ in await uow.installations.all("111.222")} == {SECOND.team}


async def test_a_store_that_is_away_just_then_erases_the_tokens_when_it_is_back(town):
    await scheduled(town)
    told = [
        StoreBusy("busy"),
        StoreAway("away"),
        StoreAway("away"),
        StoreUnknown("unknown"),
        StoreBusy("busy"),
    ]
    town.failing.failures = told
    await town.slack.uninstall(FIRST.team)
    await town.workspaces.left(2)
    assert not told
    [stopped] = await town.schedules(FIRST.team)
    [going] = await town.schedules(SECOND.team)
    assert (stopped.trouble, going.paused) == (TAKEN_OUT, False)
    async with town.store.read() as uow:
        assert {team for _, team, _ in await uow.installations.all("111.222")} == {SECOND.team}


async def test_nobody_has_to_claim_that_a_workspace_has_left(world):
    class Away:
        """What several processes share, while it is."""

        async def first(self, id):  # noqa: A002
            raise StoreAway("away")

    async with world.running(handled=Away()):
        await world.browser.install(world.slack, again(FIRST))
        await world.slack.uninstall(FIRST.team)
        await world.workspaces.left(2)
    async with world.store.read() as uow:
        assert await uow.installations.all("111.222") == {}


async def test_one_that_installs_it_again_goes_on_where_it_was(town):
    await scheduled(town)
    await town.does("/schedule", "add 13:30 title Other", HERE, FIRST.team)
    await town.does("/schedule", "pause 2", HERE, FIRST.team)
    await town.slack.uninstall(FIRST.team)
    await town.workspaces.left(2)
    town.clock.forward(days=2, minutes=40)
    assert (await town.deliver()).sent == 1
    new = again(FIRST, "xoxb-of-the-first-again")
    await town.browser.install(town.slack, new)
    going, paused = await town.schedules(FIRST.team)
    assert (going.paused, going.trouble, paused.paused) == (False, None, True)
    assert going.next_due - town.clock.now() == timedelta(days=1, minutes=-10)
    town.clock.forward(days=1)
    await town.deliver()
    assert town.tokens("chat.postMessage", HERE) == [new.token]


async def test_what_slack_tells_late_takes_nothing_from_who_has_installed_it_since(world):
    async with world.running():
        await world.browser.install(world.slack, again(FIRST))
        await world.does("/schedule", "add 12:30", HERE, FIRST.team)
        workspaces = workspaces_in(world.store, world.clock)
        async with world.store.read() as uow:
            before = await uow.installations.all("111.222")
        long_ago = world.clock.now()  # what installs the app has the machine's clock
        await workspaces.leave(enterprise_id=None, team_id=FIRST.team, at=long_ago)
        async with world.store.read() as uow:
            assert await uow.installations.all("111.222") == before
        [going] = await world.schedules(FIRST.team)
        assert not going.paused


async def test_a_person_who_takes_back_a_token_of_their_own_takes_nothing_from_the_bot(town):
    tokens = {"oauth": ["U0READER001"], "bot": []}
    await town.slack.acknowledged(town.slack.happen("tokens_revoked", team=FIRST.team, tokens=tokens))
    assert "scheduled" in await town.does("/schedule", "list", HERE, FIRST.team)


async def test_a_token_that_was_taken_back_unseen_pauses_what_it_posts_and_installing_mends_it(town):
    await scheduled(town)
    town.slack.installations[FIRST.token].refused = "account_inactive"
    town.clock.forward(hours=1)
    done = await town.deliver()
    assert (done.sent, done.failed) == (1, 1)
    [stopped] = await town.schedules(FIRST.team)
    assert stopped.trouble.startswith("Attaché was taken out of the workspace")
    await town.browser.install(town.slack, again(FIRST))
    assert not (await town.schedules(FIRST.team))[0].paused
    town.clock.forward(days=1)
    assert (await town.deliver()).sent == 2


async def test_a_new_token_is_used_at_once_even_where_another_process_took_it(town):
    place = Place(Platform.SLACK, HERE, FIRST.team)
    await town.messenger.send(place, DIGEST, key="attache-1")
    other = workspaces_in(town.store, town.clock)
    new = again(FIRST, "xoxb-renewed")
    town.slack.installations = {new.token: new}
    kept = await other._installations.async_find_bot(enterprise_id=None, team_id=FIRST.team)
    kept.bot_token = new.token
    await other._installations.async_save_bot(kept)
    await town.messenger.send(place, DIGEST, key="attache-2")
    assert town.tokens("chat.postMessage", HERE) == [FIRST.token, new.token]


async def test_a_home_tab_keeps_its_order_where_the_token_is_renewed_meanwhile(world, desk):
    world.desk = desk
    async with world.running():
        await world.browser.install(world.slack, again(FIRST))
        slow = desk.gate = asyncio.Event()
        world.slack.happen("app_home_opened", user=READER, channel="D1", tab="home", team=FIRST.team)
        await desk.begun.wait()
        await world.browser.install(world.slack, again(FIRST, "xoxb-renewed"))
        desk.gate, desk.message = None, Message(plain("Newer"))
        await world.slack.open_home(READER, team=FIRST.team)
        desk.message = Message(plain("Older"))
        slow.set()
    assert [call.token for call in world.slack.calls if call.method == "views.publish"] == ["xoxb-renewed"]
    assert len(desk.ended) == 6


# whole enterprises


async def test_a_workspace_without_the_app_is_served_by_its_enterprises(town):
    teams = ("T0THIRD0001", "T0FOURTH001", "T0FIFTH0001")
    org = Installation("xoxb-of-all", "", "U0BOT000003", enterprise=ENTERPRISE, teams=teams)
    town.slack.channels["C0FIFTH0001"] = Channel("C0FIFTH0001", "news", teams[2])
    place = Place(Platform.SLACK, "C0FIFTH0001", teams[2])
    with pytest.raises(ChannelLost, match="taken out"):
        await town.messenger.send(place, DIGEST, key="attache-1")
    page = await town.browser.install(town.slack, org)
    assert "Attaché is in enterprise" in page
    added = await town.does("/schedule", "add 12:30", place.external_id, teams[2], enterprise=ENTERPRISE)
    assert "Digest" in added
    town.clock.forward(hours=1)
    assert (await town.deliver()).sent == 1
    assert town.tokens("chat.postMessage", place.external_id) == [org.token]
    gone = town.slack.happen("app_uninstalled", team=teams[0], enterprise=ENTERPRISE)
    org.refused = "account_inactive"
    await town.slack.acknowledged(gone)
    await town.workspaces.left()
    town.clock.forward(days=1)
    assert (await town.deliver()).failed == 1
    [stopped] = await town.schedules(teams[2])
    assert stopped.trouble.startswith("Attaché was taken out")
    await town.browser.install(
        town.slack, Installation("xoxb-new", "", "U3", enterprise=ENTERPRISE, teams=teams)
    )
    assert not (await town.schedules(teams[2]))[0].paused


async def test_a_workspace_that_has_just_come_to_an_enterprise_is_posted_to(town):
    teams = ("T0THIRD0001", "T0FOURTH001")
    org = Installation("xoxb-of-all", "", "U3", enterprise=ENTERPRISE, teams=teams[:1])
    await town.browser.install(town.slack, org)
    old, new = (Place(Platform.SLACK, team.replace("T", "C", 1), team) for team in teams)
    for place in (old, new):
        town.slack.channels[place.external_id] = Channel(place.external_id, "news", place.workspace)

    def asked():
        return [call.method for call in town.slack.calls].count("auth.teams.list")

    before = asked()
    for key in ("attache-1", "attache-2"):
        assert await town.messenger.send(old, DIGEST, key=key)
    assert asked() == before + 1
    with pytest.raises(ChannelLost, match="taken out"):
        await town.messenger.send(new, DIGEST, key="attache-3")
    org.teams = teams
    assert await town.messenger.send(new, DIGEST, key="attache-4")
    assert town.tokens("chat.postMessage", new.external_id) == [org.token]


async def test_an_enterprise_that_cannot_be_asked_makes_posts_wait(town):
    org = Installation("xoxb-of-all", "", "U3", enterprise=ENTERPRISE, teams=("T0THIRD0001",))
    await town.browser.install(town.slack, org)
    town.slack.knobs.break_down(method="auth.teams.list")
    place = Place(Platform.SLACK, "C0THIRD0001", "T0THIRD0001")
    town.slack.channels[place.external_id] = Channel(place.external_id, "news", place.workspace)
    with pytest.raises(DeliveryError, match="try again later") as error:
        await town.messenger.send(place, DIGEST, key="attache-1")
    assert not isinstance(error.value, ChannelLost)
    assert await town.messenger.send(place, DIGEST, key="attache-1")


async def test_an_enterprise_that_cannot_be_asked_holds_up_no_other(town):
    place = Place(Platform.SLACK, "C0THIRD0001", "T0THIRD0001")
    town.slack.channels[place.external_id] = Channel(place.external_id, "news", place.workspace)
    for enterprise, team in (("E0ANOTHER01", "T0FOURTH001"), (ENTERPRISE, place.workspace)):
        org = Installation(f"xoxb-of-{enterprise}", "", "U3", enterprise=enterprise, teams=(team,))
        await town.browser.install(town.slack, org)
    before = len(town.slack.asked("auth.teams.list"))
    town.slack.knobs.break_down(method="auth.teams.list")
    assert await town.messenger.send(place, DIGEST, key="attache-1")
    assert len(town.slack.asked("auth.teams.list")) == before + 2


# tokens and keys


async def test_no_token_is_in_the_clear_in_the_file(town, address):
    await scheduled(town)
    stored = b"".join(path.read_bytes() for path in address.parent.glob("test.db*"))
    assert FIRST.team.encode() in stored
    assert [token for token in (FIRST.token, SECOND.token) if token.encode() in stored] == []


async def test_another_key_is_one_line_and_a_new_one_before_it_seals_anew(town):
    other = base64.urlsafe_b64encode(b"o" * 32).decode()
    with pytest.raises(InputError, match="ATTACHE_SLACK_TOKEN_KEY does not open"):
        await workspaces_in(town.store, town.clock, keys=other).prepare()
    await workspaces_in(town.store, town.clock, keys=f"{other},{KEY}").prepare()
    place = Place(Platform.SLACK, HERE, FIRST.team)
    clients = workspaces_in(town.store, town.clock, keys=other).clients(lambda token: token)
    assert await clients.of(place) == FIRST.token
    with pytest.raises(DeliveryError, match="ATTACHE_SLACK_TOKEN_KEY"):  # the old process learns of it
        await town.messenger.send(place, DIGEST, key="attache-1")


async def test_a_store_that_is_busy_for_a_moment_keeps_nobody_from_starting(town):
    new = base64.urlsafe_b64encode(b"o" * 32).decode()
    town.failing.failures = [StoreBusy("busy"), StoreUnknown("unknown"), StoreBusy("busy")]
    await workspaces_in(town.failing, town.clock, keys=f"{new},{KEY}").prepare()
    await workspaces_in(town.store, town.clock, keys=new).prepare()


# what can go wrong on the way


async def test_who_comes_back_twice_too_late_or_with_another_state_installs_nothing(world):
    async with world.running():
        browser, code = world.browser, world.slack.allow(again(FIRST))
        state = await browser.begin()
        assert (await browser.come_back(code=code, state="made-up"))[0] == 400
        assert (await browser.come_back(code="no-code", state=state))[0] == 401
        for late in (False, True):
            if late:
                state = await browser.begin()
                world.clock.at += STATE_LASTS
            status, page = await browser.come_back(code=code, state=state)
            assert status == 401
            assert 'more than 10 minutes after the one before. <a href="install">Begin again</a>' in page
        assert await world.does("/feeds", "list", HERE, FIRST.team) == NOT_INSTALLED


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"error": "access_denied"}, "somebody chose Cancel"),
        ({"error": "invalid_team_for_non_distributed_app"}, "Manage Distribution"),
        ({"error": "<script>"}, "Slack refused it (&lt;script&gt;)"),
    ],
)
async def test_what_slack_says_at_the_end_is_a_page_that_says_what_to_do(world, query, told):
    async with world.running():
        state = await world.browser.begin()
        status, page = await world.browser.come_back(state=state, **query)
    assert status == 200
    assert "<h1>Attaché was not installed</h1>" in page
    assert told in page
    assert "<script>" not in page


@pytest.mark.parametrize("trouble", ["refuse", "break_down", "drop"])
async def test_a_slack_that_confirms_nothing_is_said_so(world, trouble):
    given = {"refuse": ("bad_client_secret",), "drop": ("before",)}.get(trouble, ())
    async with world.running():
        state = await world.browser.begin()
        getattr(world.slack.knobs, trouble)(*given, method="oauth.v2.access")
        status, page = await world.browser.come_back(code=world.slack.allow(again(FIRST)), state=state)
        assert status == 401
        assert "Slack did not confirm the installation" in page
        await world.browser.install(world.slack, again(FIRST))  # and it works the next time


async def test_what_is_under_way_when_the_app_is_taken_out_is_told_by_the_next_digest(town):
    await scheduled(town)
    town.clock.forward(hours=1)
    await town.does("/schedule", "now 1", HERE, FIRST.team)
    await town.slack.uninstall(FIRST.team)
    await town.workspaces.left(2)
    assert (await town.deliver()).sent == 1
    async with town.store.read() as uow:
        assert [each.state for each in await uow.deliveries.open((Platform.SLACK,))] == []
