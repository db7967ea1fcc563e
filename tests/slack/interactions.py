"""What people do at a fake Slack, and what they see of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.slack.places import APP, NEWS, READER, TEAM, Shown, bare, elements_of
from tests.slack.schema import faults_in_blocks, faults_in_options, faults_in_view
from tests.slack.socket import Ack, Envelope
from tests.slack.states import an_option, state_of

if TYPE_CHECKING:
    from tests.slack.fake import FakeSlack


@dataclass
class Asked:
    """One thing that somebody did, and what was made of it."""

    slack: FakeSlack
    user: str
    channel: str
    payload: dict = field(default_factory=dict)
    envelope: Envelope | None = None
    origin: Shown | dict | None = None
    """The message that was pressed on."""
    answers: list[Shown] = field(default_factory=list)
    """What came through the acknowledgement or the `response_url`, oldest first."""
    begun_with: int = 0
    """How many messages the channel had."""
    removed: bool = False
    """Whether the message that was pressed on was taken away."""
    rewritten: list[dict] = field(default_factory=list)
    """What that message was rewritten as."""

    @property
    def ack(self) -> Ack | None:
        return self.envelope.acks[0] if self.envelope and self.envelope.acks else None

    @property
    def failed(self) -> bool:
        """Whether the person was told that the app does not respond."""
        return bool(self.envelope and self.envelope.given_up)

    async def acknowledged(self) -> Ack | None:
        """The acknowledgement; None where Slack waited for it in vain."""
        return await self.slack.acknowledged(self.envelope)

    async def answer(self, number: int = 1) -> Shown:
        """The first answer, or a later one, as soon as it is there."""
        return await self.slack.until(
            lambda: self.answers[number - 1] if len(self.answers) >= number else None
        )

    async def replaced(self, times: int = 1) -> dict:
        """What the message that was pressed on was rewritten as, as soon as it was so often."""
        return await self.slack.until(lambda: self.rewritten[-1] if len(self.rewritten) >= times else None)

    async def post(self, number: int = 1) -> dict:
        """The first message in the channel since, or a later one, as soon as it is there."""
        at = self.begun_with + number
        return (await self.slack.posted(at, self.channel))[at - 1]

    async def view(self) -> dict:
        """The modal that was opened for the person since."""
        return await self.slack.until(self._opened)

    def _opened(self) -> dict | None:
        mine = [view for view in self.slack.views.values() if view.get("user") == self.user]
        return mine[-1] if mine else None

    def rewrite(self, payload: dict) -> None:
        """The message that was pressed on becomes another."""
        kept = {key: value for key, value in payload.items() if key in ("text", "blocks")}
        if isinstance(self.origin, Shown):
            self.origin.payload.clear()
            self.origin.payload.update(kept)
        else:
            self.slack.rewrite(self.origin, kept)
        self.rewritten.append(kept)
        self.slack.changed()

    def take_away(self) -> None:
        """The message that was pressed on goes."""
        self.removed = True
        if isinstance(self.origin, dict):
            self.slack.channels[self.channel].messages.remove(self.origin)
        elif self.origin in self.slack.ephemerals:
            self.slack.ephemerals.remove(self.origin)
        self.slack.changed()


class Interactions:
    """What people do; a part of `FakeSlack`."""

    async def command(
        self,
        command: str,
        text: str = "",
        *,
        channel: str = NEWS,
        user: str = READER,
        team: str = TEAM,
        enterprise: str | None = None,
        wait: bool = True,
    ) -> Asked:
        """Somebody types a slash command; unless `wait` is false, it is acknowledged or given up on return.

        Bolt does not acknowledge what no listener takes: lower `knobs.acknowledge_within` first.
        """
        asked = self._asked(user, channel)
        asked.payload = {
            "token": "verification", "team_id": team, "team_domain": "workspace", "channel_id": channel,
            "channel_name": self.channels[channel].name or "directmessage", "user_id": user, "user_name": self.users[user],
            "command": command, "text": text, "api_app_id": APP, "is_enterprise_install": "false",
            **({"enterprise_id": enterprise} if enterprise else {}), "response_url": self.new_response_url(asked), "trigger_id": self.new_trigger(user),
        }  # fmt: skip
        await self._bring(asked, "slash_commands", wait)
        if wait and asked.ack and asked.ack.payload:
            self._show_ack(asked, asked.ack.payload)
        return asked

    def _show_ack(self, asked: Asked, payload: dict) -> None:
        if payload.get("blocks"):
            assert faults_in_blocks(payload["blocks"]) == []
        if payload.get("text") or payload.get("blocks"):
            self.answer_with(asked, payload)

    async def press(
        self,
        message: Shown | dict,
        button: str,
        *,
        user: str = READER,
        team: str = TEAM,
        forged: dict | None = None,
        wait: bool = True,
    ) -> Asked:
        """Somebody presses a button of a message, of a modal or of a Home tab, by its label or `action_id`.

        `forged` takes the place of what the button holds, as no honest client would send it.
        """
        element, block_id = _element(message, button)
        action = self._action(element, block_id)
        action |= {key: element[key] for key in ("text", "value", "style", "url") if element.get(key)}
        return await self._act(message, action | (forged or {}), user, team, wait)

    async def choose(
        self,
        message: Shown | dict,
        action_id: str,
        chosen: str,
        *,
        user: str = READER,
        team: str = TEAM,
        wait: bool = True,
    ) -> Asked:
        """Somebody chooses from a menu, by the option's label or value."""
        element, block_id = _element(message, action_id)
        action = self._action(element, block_id) | {"selected_option": an_option(element, chosen)}
        return await self._act(message, action, user, team, wait)

    def _action(self, element: dict, block_id: str) -> dict:
        named = {"action_id": element["action_id"], "block_id": block_id}
        return {**named, "type": element["type"], "action_ts": self.new_ts()}

    async def _act(self, message: Shown | dict, action: dict, user: str, team: str, wait: bool) -> Asked:
        message, channel = self._standing(message)
        asked = self._asked(user, channel)
        asked.payload = {
            "type": "block_actions", **self._who(user, team), "trigger_id": self.new_trigger(user), "actions": [action],
        }  # fmt: skip
        if channel:
            asked.origin = message
            asked.payload |= {"response_url": self.new_response_url(asked), "state": {"values": {}}}
        asked.payload |= self._origin(message, channel)
        await self._bring(asked, "interactive", wait)
        return asked

    def _standing(self, message: Shown | dict) -> tuple[Shown | dict, str]:
        """The message as it stands in its channel, and the channel; of a view, the view and no channel."""
        if isinstance(message, Shown):
            stored = None if message.private else self.channels[message.channel].message(message.ts)
            return stored or message, message.channel
        if "callback_id" in message:
            return message, ""
        return message, next(each.id for each in self.channels.values() if message in each.messages)

    def _origin(self, message: Shown | dict, channel: str) -> dict:
        """What Slack says of where something was done; of a message shown to one person, not its content."""
        if not channel:
            return {"view": bare(message), "container": {"type": "view", "view_id": message["id"]}}
        private = isinstance(message, Shown)
        ts = message.ts if isinstance(message, Shown) else message["ts"]
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": private}
        if not private and message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        place = {"channel": {"id": channel, "name": self.channels[channel].name or "directmessage"}}
        return {"container": container, **place, **({} if private else {"message": message})}

    async def suggest(
        self,
        where: Shown | dict,
        action_id: str,
        typed: str,
        *,
        user: str = READER,
        team: str = TEAM,
    ) -> list[tuple[str, str]]:
        """Somebody types into a menu whose options the app looks up; what is offered, by label and value."""
        _, block_id = _element(where, action_id)
        payload = {
            "type": "block_suggestion", **self._who(user, team), "action_id": action_id, "block_id": block_id, "value": typed,
        }  # fmt: skip
        payload |= self._origin(*self._standing(where))
        envelope = self.deliver("interactive", payload, accepts_payload=True)
        ack = await self.acknowledged(envelope)
        assert ack is not None, "nobody answered"
        assert faults_in_options(ack.payload) == []
        groups = ack.payload.get("option_groups") or [{"options": ack.payload.get("options", [])}]
        return [(each["text"]["text"], each["value"]) for group in groups for each in group["options"]]

    async def submit(
        self,
        view: dict,
        values: dict | None = None,
        *,
        user: str = READER,
        team: str = TEAM,
    ) -> Ack | None:
        """Somebody fills a modal in, by `action_id` or label, and sends it off.

        What the app answers is done: errors are left to the caller, an update shows in the view, anything else
        closes it.
        """
        view = self.views.get(view["id"], view)
        filled = {**bare(view), "state": {"values": state_of(view, values or {})}}
        payload = {
            "type": "view_submission", **self._who(user, team), "view": filled, "trigger_id": self.new_trigger(user),
            "response_urls": [],
        }  # fmt: skip
        ack = await self.acknowledged(self.deliver("interactive", payload, accepts_payload=True))
        if ack is not None:
            self._submitted(view, ack.payload or {})
        return ack

    def _submitted(self, view: dict, answer: dict) -> None:
        match answer.get("response_action"):
            case "errors":
                known = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
                assert answer["errors"], "errors that name nothing"
                assert answer["errors"].keys() <= known, "errors of blocks that are not there"
            case "update":
                assert faults_in_view(answer["view"]) == []
                self.renew_view(view, answer["view"])
            case "push":
                assert faults_in_view(answer["view"]) == []
                pushed = self.build_view(answer["view"], None)
                pushed |= {"previous_view_id": view["id"], "user": view.get("user")}
                self.views[pushed["id"]] = pushed
            case None | "clear":
                self.views.pop(view["id"], None)
            case other:
                raise AssertionError(f"an unknown response_action: {other}")
        self.changed()

    async def close_view(self, view: dict, *, user: str = READER, team: str = TEAM) -> Ack | None:
        """Somebody closes a modal; the app hears of it only where it asked to."""
        self.views.pop(view["id"], None)
        self.changed()
        if not view["notify_on_close"]:
            return None
        payload = {"type": "view_closed", **self._who(user, team), "view": bare(view), "is_cleared": False}
        return await self.acknowledged(self.deliver("interactive", payload))

    # events

    def happen(
        self, event: str, *, team: str = TEAM, enterprise: str | None = None, **more: object
    ) -> Envelope:
        """An event, on its way to the app; in an `enterprise`, of the app that is installed in the whole of it."""
        bot_user = next((each.bot_user for each in self.installations.values() if each.team == team), "")
        authorization = {
            "enterprise_id": enterprise, "team_id": team, "user_id": bot_user, "is_bot": True,
            "is_enterprise_install": bool(enterprise),
        }  # fmt: skip
        payload = {
            "token": "verification", "team_id": team, "api_app_id": APP, "type": "event_callback",
            "event_id": self.new_id("Ev"), "event_time": int(time.time()), "authorizations": [authorization],
            "is_ext_shared_channel": False, "event": {"type": event, "event_ts": self.new_ts(), **more},
        }  # fmt: skip
        return self.deliver("events_api", payload)

    async def open_home(self, user: str = READER, *, tab: str = "home", team: str = TEAM) -> dict:
        """Somebody opens the app's Home tab; the tab, once it was published anew."""
        before = len(self.homes.get(user, []))
        shown = {"view": bare(self.homes[user][-1])} if before else {}
        self.happen("app_home_opened", user=user, channel=f"D{user[1:]}", tab=tab, team=team, **shown)
        homes = await self.until(lambda: now if len(now := self.homes.get(user, [])) > before else None)
        return homes[-1]

    async def archive(self, channel: str = NEWS, *, user: str = READER) -> Ack | None:
        """Somebody archives a channel."""
        self.channels[channel].archived = True
        return await self.acknowledged(self.happen("channel_archive", channel=channel, user=user))

    async def unarchive(self, channel: str = NEWS, *, user: str = READER) -> Ack | None:
        self.channels[channel].archived = False
        return await self.acknowledged(self.happen("channel_unarchive", channel=channel, user=user))

    async def remove_bot(self, channel: str = NEWS) -> Ack | None:
        """Somebody removes the bot from a channel; it may still post to a public one where its scopes let it.

        Who is no longer there is sent no `member_left_channel`, not even of the own removal.
        """
        self.channels[channel].member = False
        event = "group_left" if self.channels[channel].private else "channel_left"
        return await self.acknowledged(self.happen(event, channel=channel, actor_id=READER))

    async def revoke(self, team: str = TEAM) -> Ack | None:
        """Somebody takes the bot's token back."""
        bots = [each for each in self.installations.values() if each.team == team]
        for each in bots:
            each.refused = "token_revoked"
        tokens = {"oauth": [], "bot": [each.bot_user for each in bots]}
        return await self.acknowledged(self.happen("tokens_revoked", team=team, tokens=tokens))

    async def uninstall(self, team: str = TEAM) -> tuple[Ack | None, Ack | None]:
        """Somebody uninstalls the app: two events come, in no order that can be counted on."""
        bots = [each for each in self.installations.values() if each.team == team]
        for each in bots:
            each.refused = "account_inactive"
        tokens = {"oauth": [], "bot": [each.bot_user for each in bots]}
        envelopes = (
            self.happen("tokens_revoked", team=team, tokens=tokens),
            self.happen("app_uninstalled", team=team),
        )
        first, second = await asyncio.gather(*map(self.acknowledged, envelopes))
        return first, second

    # all of them

    def _asked(self, user: str, channel: str) -> Asked:
        begun = len(self.channels[channel].messages) if channel else 0
        return Asked(self, user, channel, begun_with=begun)

    async def _bring(self, asked: Asked, kind: str, wait: bool) -> None:
        asked.envelope = self.deliver(kind, asked.payload, accepts_payload=kind == "slash_commands")
        if wait:
            await self.acknowledged(asked.envelope)

    def _who(self, user: str, team: str) -> dict:
        name = self.users[user]
        return {
            "user": {"id": user, "username": name, "name": name, "team_id": team}, "api_app_id": APP,
            "token": "verification", "team": {"id": team, "domain": "workspace"}, "enterprise": None,
            "is_enterprise_install": False,
        }  # fmt: skip


def _element(message: Shown | dict, name: str) -> tuple[dict, str]:
    """What is to be pressed or chosen from, by label or `action_id`, and the block that it is in."""
    blocks = message.blocks if isinstance(message, Shown) else message.get("blocks") or []
    for block in blocks:
        for element in elements_of([block]):
            label = (element.get("text") or {}).get("text") or (block.get("label") or {}).get("text")
            if name in (element.get("action_id"), label):
                return element, block["block_id"]
    raise LookupError(f"nothing there is called {name!r}")
