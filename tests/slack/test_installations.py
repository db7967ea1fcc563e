"""The app in several workspaces: Bolt's stores over ours, with tokens that nobody reads without the key."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import logging
import weakref
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth.installation_store import Installation

from bot.platforms.slack.installations import (
    STATE_LASTS,
    StoredInstallations,
    StoredStates,
    _written,
)
from bot.platforms.slack.installing import install_flow
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.tokens import Seal
from news.errors import InputError
from storage.backup import dump
from tests.contracts.conftest import store, store_url  # noqa: F401
from tests.fakes import NOON, SetClock
from tests.slack import places
from tests.slack.signing import body_of, signed

OLD, NEW = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))
APP = "1.2"
TOKEN, OTHER_TOKEN = "xoxb-of-the-first", "xoxb-of-the-second"
WRONG = "ATTACHE_SLACK_TOKEN_KEY does not open what is stored"


def an_installation(user="U1", token=TOKEN, *, team="T1", enterprise=None, at=NOON, **more):
    return Installation(
        app_id="A1", enterprise_id=enterprise, team_id=team, team_name="Désk", user_id=user, bot_token=token, bot_id="B1",
        bot_user_id="UB", bot_scopes=list(SCOPES), installed_at=at.timestamp(), **more,
    )  # fmt: skip


@pytest.fixture
def open_with(store):  # noqa: F811
    """Bolt's store with these keys."""
    return lambda keys, client_id=APP: StoredInstallations(store, client_id=client_id, keys=keys)


@pytest.fixture
def kept(open_with):
    return open_with(OLD)


def here(team="T1", enterprise=None, **more):
    return {"team_id": team, "enterprise_id": enterprise} | more


async def stored(store):  # noqa: F811
    async with store.read() as uow:
        return await uow.installations.all(APP)


async def test_an_installation_comes_back_whole(kept):
    given = an_installation(
        user_token="xoxp-1", user_scopes="a,b", bot_refresh_token="xoxe-1",
        bot_token_expires_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), incoming_webhook_url="https://hooks.example/1",
        custom_values={"what": "ever"},
    )  # fmt: skip
    await kept.async_save(given)
    for found in (
        await kept.async_find_installation(**here()),
        await kept.async_find_installation(**here(user_id="U1")),
    ):
        assert found.to_dict_for_copying() == given.to_dict_for_copying()
    bot = await kept.async_find_bot(**here())
    assert bot.to_dict_for_copying() == given.to_bot().to_dict_for_copying()


async def test_what_is_nowhere_is_not_found(kept, open_with):
    await kept.async_save(an_installation())
    assert await kept.async_find_bot(**here("T2")) is None
    assert await kept.async_find_installation(**here("T2")) is None
    assert await kept.async_find_installation(**here(user_id="U2")) is None
    assert await open_with(OLD, "9.9").async_find_bot(**here()) is None


async def test_workspaces_are_apart(kept):
    await kept.async_save(an_installation())
    await kept.async_save(an_installation(token=OTHER_TOKEN, team="T2"))
    tokens = [(await kept.async_find_bot(**here(team))).bot_token for team in ("T1", "T2")]
    assert tokens == [TOKEN, OTHER_TOKEN]
    assert [(await kept.bot_in(team)).bot_token for team in ("T1", "T2")] == [TOKEN, OTHER_TOKEN]
    assert await kept.of_enterprises() == ()


async def test_the_newest_installation_counts_and_its_bot_is_everybodys(kept):
    await kept.async_save(an_installation("U1"))
    await kept.async_save(an_installation("U2", OTHER_TOKEN, at=NOON + timedelta(hours=1)))
    newest = await kept.async_find_installation(**here())
    first = await kept.async_find_installation(**here(user_id="U1"))
    assert (newest.user_id, newest.bot_token) == ("U2", OTHER_TOKEN)
    assert (first.user_id, first.bot_token) == ("U1", OTHER_TOKEN)


async def test_a_renewed_token_is_the_bots_from_then_on(kept):
    await kept.async_save(an_installation())
    bot = await kept.async_find_bot(**here())
    bot.bot_token = "xoxe.xoxb-renewed"
    await kept.async_save_bot(bot)
    assert (await kept.async_find_bot(**here())).bot_token == "xoxe.xoxb-renewed"
    assert (await kept.async_find_installation(**here())).bot_token == "xoxe.xoxb-renewed"


async def test_the_app_of_a_whole_enterprise_is_found_from_its_workspaces(kept):
    await kept.async_save(an_installation(team=None, enterprise="E1", is_enterprise_install=True))
    asked = here("T7", "E1", is_enterprise_install=True)
    assert (await kept.async_find_bot(**asked)).bot_token == TOKEN
    assert (await kept.async_find_installation(**asked)).bot_token == TOKEN
    assert await kept.async_find_bot(**here("T7", "E1")) is None


async def test_a_bot_whose_token_was_revoked_is_gone_and_who_installed_it_is_known(kept):
    await kept.async_save(an_installation())
    await kept.async_delete_bot(**here())
    found = await kept.async_find_installation(**here())
    assert (await kept.async_find_bot(**here()), found.user_id, found.bot_token) == (None, "U1", None)


async def test_somebodys_installation_goes_alone(kept):
    for user in ("U1", "U2"):
        await kept.async_save(an_installation(user))
    await kept.async_delete_installation(**here(user_id="U1"))
    assert await kept.async_find_installation(**here(user_id="U1")) is None
    assert (await kept.async_find_installation(**here(user_id="U2"))).bot_token == TOKEN


async def test_an_app_that_was_uninstalled_leaves_nothing_and_others_alone(kept, store):  # noqa: F811
    await kept.async_save(an_installation())
    await kept.async_save(an_installation(team="T2"))
    await kept.async_delete_all(**here())
    assert {team for _, team, _ in await stored(store)} == {"T2"}


async def test_who_speaks_in_a_workspace_is_its_own_bot_or_the_enterprises(kept):
    await kept.async_save(an_installation(enterprise="E1"))
    await kept.async_save(
        an_installation(token=OTHER_TOKEN, team=None, enterprise="E1", is_enterprise_install=True)
    )
    asked = [("E1", "T1"), ("E1", "T2"), (None, "T1"), ("E2", "T1")]
    found = [await kept.authorize(enterprise_id=enterprise, team_id=team) for enterprise, team in asked]
    assert [each and each.bot_token for each in found] == [TOKEN, OTHER_TOKEN, None, None]
    assert (found[1].team_id, found[1].bot_user_id, found[1].bot_scopes) == ("T2", "UB", list(SCOPES))


async def test_an_enterprises_token_that_another_process_removed_is_forgotten(kept, open_with, store):  # noqa: F811
    await kept.async_save(an_installation())
    await kept.async_save(an_installation(team=None, enterprise="E1", is_enterprise_install=True))
    here = weakref.ref(await kept.bot_in("T1"))
    [there] = [weakref.ref(bot) for bot in await kept.of_enterprises()]
    async with store.write() as uow:
        assert await open_with(OLD).leave(uow, enterprise_id="E1", team_id=None, at=NOON)
        await uow.commit()
    assert await kept.of_enterprises() == ()
    assert (here(), there()) == (await kept.bot_in("T1"), None)


async def test_who_takes_the_app_out_is_forgotten_though_nothing_there_can_be_opened(kept, open_with, store):  # noqa: F811
    for user, team in (("U1", "T1"), ("U2", "T1"), ("U1", "T2")):
        await kept.async_save(an_installation(user, team=team))
    async with store.write() as uow:
        assert await open_with(NEW).leave(uow, enterprise_id=None, team_id="T1", at=NOON) == 3
        await uow.commit()
    assert {team for _, team, _ in await stored(store)} == {"T2"}


# keys


async def test_tokens_are_in_the_clear_in_no_row_no_dump_and_no_log(kept, store, store_url, caplog):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    await kept.async_save(
        an_installation(user_token="xoxp-secret", incoming_webhook_url="https://hooks.example/1")
    )
    assert (await kept.async_find_installation(**here())).user_token == "xoxp-secret"
    out = io.BytesIO()
    await dump(store_url, out, now=NOON, watch=lambda *_: None)
    everything = [
        *(await stored(store)).values(),
        out.getvalue(),
        caplog.text.encode(),
        repr(vars(kept)).encode(),
    ]
    for secret in (TOKEN, "xoxp-secret", "hooks.example", OLD):
        assert [text for text in everything if secret.encode() in text] == []


async def test_a_wrong_key_is_told_in_one_line_and_loses_nothing(kept, open_with, store):  # noqa: F811
    await kept.async_save(an_installation())
    before = await stored(store)
    wrong = open_with(NEW)
    for asked in (
        lambda: wrong.async_find_bot(**here()),
        lambda: wrong.async_find_installation(**here()),
        lambda: wrong.bot_in("T1"),
        wrong.seal_anew,
    ):
        with pytest.raises(InputError, match=WRONG) as error:
            await asked()
        assert "\n" not in str(error.value)
        assert not any(secret in str(error.value) for secret in (OLD, NEW, TOKEN))
    assert await stored(store) == before
    assert (await kept.async_find_bot(**here())).bot_token == TOKEN


async def test_keys_change_without_a_break(kept, open_with, store):  # noqa: F811
    await kept.async_save(an_installation())
    await kept.async_save(an_installation(token=OTHER_TOKEN, team="T2"))
    both = open_with(f"{NEW}, {OLD}")
    assert (await both.async_find_bot(**here())).bot_token == TOKEN
    assert (await both.seal_anew(), await both.seal_anew()) == (4, 0)
    with pytest.raises(InputError, match=WRONG):
        await kept.async_find_bot(**here())
    alone = open_with(NEW)
    assert [(await alone.bot_in(team)).bot_token for team in ("T1", "T2")] == [TOKEN, OTHER_TOKEN]


async def test_the_first_key_seals(open_with):
    await open_with(f"{NEW},{OLD}").async_save(an_installation())
    assert (await open_with(NEW).async_find_bot(**here())).bot_token == TOKEN


async def test_where_one_row_cannot_be_opened_none_is_sealed_anew(kept, open_with, store):  # noqa: F811
    await kept.async_save(an_installation())
    await open_with(Fernet.generate_key().decode()).async_save(an_installation(team="T2"))
    before = await stored(store)
    with pytest.raises(InputError, match=WRONG):
        await open_with(f"{NEW},{OLD}").seal_anew()
    assert await stored(store) == before


@pytest.mark.parametrize("keys", ["", "short", f"{OLD},", "ä" * 44])
def test_what_is_no_key_is_told_without_it(keys):
    with pytest.raises(InputError, match="ATTACHE_SLACK_TOKEN_KEY cannot be used") as error:
        Seal(keys)
    assert not keys or keys not in str(error.value)


@pytest.mark.parametrize("sealed", [b"", b"\xff\x00", b"gAAAAA", b"{}"])
def test_what_was_never_sealed_is_not_opened(sealed):
    with pytest.raises(InputError, match=WRONG):
        Seal(OLD).open(sealed)


def test_what_is_sealed_is_what_is_opened():
    seal = Seal(OLD)
    assert seal.open(seal.seal("Désk \N{GRINNING FACE}")) == "Désk \N{GRINNING FACE}"
    assert seal.seal("a") != seal.seal("a")


# on the way to an installation


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def states(store, clock):  # noqa: F811
    return StoredStates(store, clock)


async def test_a_state_is_good_once(states):
    state, other = await states.async_issue(), await states.async_issue()
    assert state != other
    assert [await states.async_consume(each) for each in (state, state, other)] == [True, False, True]
    assert not await states.async_consume("made up \ud800")


async def test_a_state_is_good_for_a_while(states, clock):
    state = await states.async_issue()
    clock.forward(seconds=STATE_LASTS.total_seconds())
    assert not await states.async_consume(state)


async def test_of_two_who_show_one_state_one_is_let_in(states):
    state = await states.async_issue()
    assert sorted(await asyncio.gather(*(states.async_consume(state) for _ in range(4)))) == [False] * 3 + [
        True
    ]


# with Bolt itself


@pytest.fixture
def apps(open_with):
    """Installations of the app that the fake Slack knows."""
    return open_with(OLD, places.CLIENT_ID)


@pytest.fixture
def flow(apps, states, client):
    async def installed(installation):
        """Nothing is scheduled here."""

    return install_flow(apps, states, client_secret=places.CLIENT_SECRET, client=client, installed=installed)


async def on_the_way(flow):
    """Somebody pressed "Add to Slack": the state, and the headers of the browser."""
    begun = await flow.handle_installation(AsyncBoltRequest(body="", query={}, headers={}))
    cookie = begun.headers["set-cookie"][0].partition(";")[0]
    [state] = {cookie.partition("=")[2]}
    [link] = [part for part in begun.body.split('"') if "oauth/v2/authorize" in part]
    asked = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    assert (asked["state"], asked["scope"]) == ([state], [",".join(SCOPES)])
    return state, {"cookie": [cookie]}


async def come_back(flow, state, headers, code="code-1"):
    request = AsyncBoltRequest(body="", query={"state": state, "code": code}, headers=headers)
    return await flow.handle_callback(request)


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # the SDK's own call
async def test_a_workspace_that_installs_the_app_is_answered_with_its_own_token(flow, slack, client, apps):
    second = places.Installation("xoxb-second", team="T0SECOND000", bot_user="U0SECOND000")
    slack.to_be_installed["code-1"] = second
    used = []

    async def authorize(enterprise_id, team_id, user_id):
        return await apps.authorize(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)

    bolt = AsyncApp(client=client, signing_secret=places.SIGNING_SECRET, authorize=authorize)

    @bolt.command("/digest")
    async def digest(ack, context):
        used.append(context.bot_token)
        await ack()

    state, headers = await on_the_way(flow)
    assert (await come_back(flow, state, headers)).status == 200
    assert (await come_back(flow, state, headers)).status == 401
    assert (await apps.bot_in("T0SECOND000")).bot_token == "xoxb-second"
    asked = {"command": "/digest", "text": "", "team_id": "T0SECOND000", "user_id": "U5", "channel_id": "C5"}
    body, content_type = body_of("slash_commands", asked | {"response_url": "https://hooks.example/"})
    headers = {"content-type": content_type, **{k.lower(): v for k, v in signed(body).items()}}
    answer = await bolt.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
    assert (answer.status, used) == (200, ["xoxb-second"])


async def test_who_was_not_on_the_way_installs_nothing(flow, store):  # noqa: F811
    state, headers = await on_the_way(flow)
    other = {"cookie": [headers["cookie"][0].replace(state, "other")]}
    answers = [
        await come_back(flow, state, {}),
        await come_back(flow, state, other),
        await come_back(flow, "other", other),
    ]
    assert [answer.status for answer in answers] == [400, 400, 401]
    async with store.read() as uow:
        assert await uow.installations.all(places.CLIENT_ID) == {}


def test_the_form_at_rest_is_one_that_a_later_version_can_read():
    """What is sealed is JSON of plain names, not of this version's classes."""
    written = json.loads(_written(an_installation()))
    assert written["bot_token"] == TOKEN
    assert written["installed_at"] == NOON.isoformat()
