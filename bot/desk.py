"""The desk: where every surface brings its commands, whatever platform they were given on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot import masking
from bot.answers.actors import find_actor, join_names, list_names, split_names, undo_names
from bot.answers.feeds import (
    add_feed,
    export_list,
    find_recipient,
    import_list,
    list_feeds,
    remove_feed,
    set_recipient,
)
from bot.answers.statements import who_said
from bot.answers.stories import digest_on_demand
from bot.answers.suggestions import suggest
from bot.courtesy import Courtesy
from bot.grammar import LOOK_UPS, asked_actor, statement_query, story_query, told_names
from bot.jobs.brief import cluster, read_articles
from bot.jobs.collect import Intake
from bot.jobs.lease import Leases
from bot.messages.actors import (
    joined_message,
    names_message,
    profile_message,
    split_message,
    undone_message,
)
from bot.messages.digest import digest_message
from bot.messages.feeds import (
    exported_message,
    feed_added_message,
    feed_removed_message,
    feeds_message,
    imported_message,
)
from bot.messages.help import help_message
from bot.messages.notices import recipient_message
from bot.messages.statements import statements_message
from bot.ports import UNCOUNTED, Away
from bot.roles import STORIES
from bot.schedule_desk import ScheduleDesk
from bot.stance_desk import StanceDesk
from news.channels import Platform
from news.errors import GrammarError

if TYPE_CHECKING:
    from bot.messages.message import Message
    from bot.ports import Clock, FeedReader, Kind, LookUps, Meter, Suggestion, Understanding
    from bot.repositories import Store
    from news.channels import Channel, Subscription, Workspace
    from news.feeds import Feed

Options = Mapping[str, str]
Handler = Callable[["Workspace", "Channel", Options], Awaitable["Message"]]


class FrontDesk:
    """Answers commands from the store. Implements `bot.ports.Desk`."""

    def __init__(
        self,
        store: Store,
        reader: FeedReader,
        understanding: Understanding,
        clock: Clock,
        *,
        timezone: str = "UTC",
        meter: Meter = UNCOUNTED,
        courtesy: Courtesy | None = None,
        look_ups: LookUps | None = None,
    ) -> None:
        """Where look-ups are answered apart, `look_ups` does that."""
        self._store = store
        self._reader = reader
        self._understanding = understanding
        self._clock = clock
        self._timezone = timezone
        self._meter = meter
        self._courtesy = courtesy or Courtesy()
        self._look_ups = look_ups
        self._positions = StanceDesk(store, understanding, clock)
        self._handlers: dict[str, Handler] = {
            "digest": self._digest,
            "whosaid": self._whosaid,
            "stance": self._positions.stance,
            "actor": self._actor,
            "actors": self._actors,
            "feeds": self._feeds,
            "schedule": ScheduleDesk(store, clock).answer,
            "targets": self._positions.targets,
            "help": self._help,
        }

    async def workspace(self, platform: Platform, external_id: str) -> Workspace:
        """The workspace of that name; made, with the settings' time zone, when it is not there yet."""
        known = await self.known(platform, external_id)
        if known is not None:
            return known
        async with self._store.write() as uow:
            workspace = await uow.workspaces.obtain(
                platform, external_id, timezone=self._timezone, now=self._clock.now()
            )
            await uow.commit()
        return workspace

    async def known(self, platform: Platform, external_id: str) -> Workspace | None:
        """Likewise; None, and nothing is made, where it is not there yet."""
        async with self._store.read() as uow:
            return await uow.workspaces.find(platform, external_id)

    async def suggest(self, workspace: Workspace, kind: Kind, typed: str) -> tuple[Suggestion, ...]:
        """What may be meant by something that is being typed, the likeliest first; at most 25."""
        with masking.typed({"typed": typed}, workspace=workspace.id), self._courtesy.answering():
            return await suggest(self._store, workspace, kind, typed)

    async def answer(self, workspace: Workspace, channel: Channel, command: str, options: Options) -> Message:
        """The answer to a command, its options as typed. Raises AttacheError for what the reader can mend."""
        handler = self._handlers.get(command)
        if handler is None:
            raise GrammarError(
                f"The command {command} comes with a later version: help lists those that are here."
            )
        ids = {"workspace": workspace.id}
        with structlog.contextvars.bound_contextvars(**ids), masking.typed(options, **ids):
            if command not in LOOK_UPS:  # it may take as long as somebody else's server
                return await handler(workspace, channel, options)
            with self._courtesy.answering():
                if self._look_ups is not None:
                    with suppress(Away):
                        now = self._clock.now()
                        return await self._look_ups.answer(now, workspace, channel, command, options)
                return await handler(workspace, channel, options)

    async def schedules(self, platform: Platform, external_id: str) -> tuple[Subscription, ...]:
        """What that workspace has posted by itself, if it is there: a schedule's number is its place, from 1 on."""
        async with self._store.read() as uow:
            workspace = await uow.workspaces.find(platform, external_id)
            return await uow.subscriptions.of(workspace.id) if workspace else ()

    async def _digest(self, workspace: Workspace, channel: Channel, options: Options) -> Message:
        query = story_query(options, self._clock.now(), workspace.timezone)
        digest = await digest_on_demand(self._store, self._clock, workspace, channel, query)
        return digest_message(digest, asked=True)

    async def _whosaid(self, workspace: Workspace, channel: Channel, options: Options) -> Message:
        query = statement_query(options, self._clock.now(), workspace.timezone)
        page = await who_said(self._store, workspace, query)
        return statements_message(page, workspace.timezone)

    async def _actor(self, workspace: Workspace, channel: Channel, options: Options) -> Message:
        profile, page, standings = await find_actor(self._store, workspace, asked_actor(options))
        return profile_message(profile, page, workspace.timezone, standings)

    async def _actors(self, workspace: Workspace, channel: Channel, options: Options) -> Message:
        action = options.get("action", "list")
        if action == "list":
            return names_message(await list_names(self._store, workspace), workspace.timezone)
        if action == "undo":
            return undone_message(await undo_names(self._store, self._clock, workspace))
        actor, name = told_names(options)
        if action == "split":
            return split_message(await split_names(self._store, self._clock, workspace, actor, name))
        change, names, strangers = await join_names(self._store, self._clock, workspace, actor, name)
        return joined_message(change, names, strangers)

    async def import_feeds(self, workspace: Workspace, channel: Channel, body: bytes, source: str) -> Message:
        """Follows what a list of feeds names; `source` names it in errors. Raises AttacheError."""
        imported, tells_here = await import_list(self._store, self._reader, workspace, channel, body, source)
        return imported_message(imported, workspace.timezone, tells_here=tells_here)

    async def import_targets(
        self, workspace: Workspace, channel: Channel, body: bytes, source: str
    ) -> Message:
        """Adds the targets of a list; `source` names it in errors. Raises AttacheError."""
        return await self._positions.import_targets(workspace, body, source)

    async def _feeds(self, workspace: Workspace, channel: Channel, options: Options) -> Message:
        zone = workspace.timezone
        match options.get("action", "list"):
            case "add":
                return await self._add_feed(workspace, channel, options)
            case "remove":
                feed = await remove_feed(self._store, workspace, options.get("url", ""))
                return feed_removed_message(feed, zone)
            case "notices":
                return await self._notices(workspace, channel, options.get("where"))
            case "export":
                follows, content = await export_list(self._store, self._reader, workspace)
                return exported_message(follows, content, zone)
        return feeds_message(await list_feeds(self._store, workspace), self._clock.now(), zone)

    async def _add_feed(self, workspace: Workspace, channel: Channel, options: Options) -> Message:
        added = await add_feed(
            self._store,
            self._reader,
            workspace,
            channel,
            options.get("url", ""),
            outlet=options.get("outlet"),
            folder=options.get("folder", ""),
        )
        intake = Intake(self._store, self._reader, self._clock, meter=self._meter)
        count = await intake.adopt(added.feed, added.update)
        await self._read(added.feed)
        return feed_added_message(
            replace(added.feed, title=added.update.title or added.feed.title),
            count,
            workspace.timezone,
            found_on=added.found_on,
            tells_here=added.tells_here,
        )

    async def _read(self, feed: Feed) -> None:
        """Reads what the feed brought, and puts it into stories unless another process does so for all."""
        await read_articles(self._store, self._understanding, self._clock, feed=feed.id)
        leases = Leases(self._store, [STORIES])
        async with leases.kept():
            if await leases.hold(STORIES):
                await cluster(self._store, self._understanding, self._clock)

    async def _notices(self, workspace: Workspace, channel: Channel, where: str | None) -> Message:
        if where is None:
            recipient = await find_recipient(self._store, workspace)
        else:
            recipient = await set_recipient(self._store, workspace, channel if where == "here" else None)
        return recipient_message(recipient, channel, workspace.timezone)

    async def _help(self, workspace: Workspace, channel: Channel, options: Options) -> Message:
        return help_message(options.get("command"), fields=channel.platform is Platform.DISCORD)
