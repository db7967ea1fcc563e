"""The part of the desk that answers `schedule`, whatever platform it was given on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answers import schedules
from bot.jobs.composing import compose_for
from bot.jobs.deliver import post_now
from bot.jobs.slots import next_slot
from bot.messages.digest import digest_message
from bot.messages.subscriptions import (
    posted_now_message,
    previewed_message,
    subscription_added_message,
    subscription_changed_message,
    subscription_paused_message,
    subscription_removed_message,
    subscription_resumed_message,
    subscriptions_message,
    timezone_message,
)
from bot.schedule_grammar import altered, asked_number, asked_zone, check_change, place_of
from bot.words import value
from news.channels import Platform, Subscription, SubscriptionId
from news.errors import GrammarError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.messages.message import Message
    from bot.ports import Clock
    from bot.repositories import Store
    from news.channels import Channel, Workspace

Options = Mapping[str, str]


class ScheduleDesk:
    """Answers `schedule` from the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def answer(self, workspace: Workspace, here: Channel, options: Options) -> Message:
        """What became of it; `here` is where it was typed. Raises AttacheError for what the reader can mend."""
        match options.get("action", "list"):
            case "list":
                found = await schedules.list_schedules(self._store, workspace)
                return subscriptions_message(found, workspace.timezone)
            case "add":
                return await self._add(workspace, here, options)
            case "change":
                return await self._change(workspace, here, options)
            case "timezone":
                return await self._timezone(workspace, options)
            case "preview" | "now" as action:
                return await self._show(workspace, asked_number(options), post=action == "now")
        return await self._switch(workspace, options)

    async def _add(self, workspace: Workspace, here: Channel, options: Options) -> Message:
        now = self._clock.now()
        if value(options, "times") is None:
            raise GrammarError("Say when, for example: schedule add weekdays 09:00")
        draft = Subscription(
            SubscriptionId(0),
            workspace.id,
            place_of(value(options, "channel"), workspace, here),
            cron="",
            timezone=workspace.timezone,
            next_due=now,
            made_by=value(options, "by"),
        )
        wanted = altered(draft, options, workspace, here)
        wanted = replace(wanted, next_due=self._next_due(wanted.cron, wanted.timezone))
        number, added = await schedules.add_schedule(self._store, wanted)
        return subscription_added_message(
            number,
            added,
            told_by_hand=here.platform is Platform.TERMINAL,
            zone_chosen=value(options, "timezone") is not None,
        )

    async def _change(self, workspace: Workspace, here: Channel, options: Options) -> Message:
        number = asked_number(options)
        check_change(options)

        def change(before: Subscription) -> Subscription:
            wanted = altered(before, options, workspace, here)
            if (wanted.cron, wanted.timezone) == (before.cron, before.timezone):
                return wanted
            return replace(wanted, next_due=self._next_due(wanted.cron, wanted.timezone))

        changed = await schedules.change_schedule(self._store, workspace, number, change)
        return subscription_changed_message(number, changed, workspace.timezone)

    async def _switch(self, workspace: Workspace, options: Options) -> Message:
        number, zone = asked_number(options), workspace.timezone
        match options["action"]:
            case "pause":
                paused = await schedules.pause_schedule(self._store, workspace, number)
                return subscription_paused_message(number, paused, zone)
            case "resume":
                resumed = await schedules.resume_schedule(self._store, workspace, number, self._next_due)
                return subscription_resumed_message(number, resumed, zone)
            case "remove":
                removed = await schedules.remove_schedule(self._store, workspace, number)
                return subscription_removed_message(number, removed, zone)
        raise GrammarError("schedule cannot do that: help schedule shows what it can.")

    async def _show(self, workspace: Workspace, number: int, *, post: bool) -> Message:
        found = await schedules.find_schedule(self._store, workspace, number)
        if not post:
            digest = await compose_for(self._store, self._clock.now(), found)
            return previewed_message(number, found, digest_message(digest))
        return posted_now_message(number, found, first=await post_now(self._store, self._clock, found))

    async def _timezone(self, workspace: Workspace, options: Options) -> Message:
        zone, now = asked_zone(options), self._clock.now()
        if zone is None:
            return timezone_message(workspace.timezone, now)
        await schedules.set_timezone(self._store, workspace, zone)
        found = await schedules.list_schedules(self._store, workspace)
        others = sum(subscription.timezone != zone for subscription in found)
        return timezone_message(zone, now, is_new=True, others=others)

    def _next_due(self, cron: str, timezone: str) -> datetime:
        return next_slot(cron, timezone, self._clock.now())
