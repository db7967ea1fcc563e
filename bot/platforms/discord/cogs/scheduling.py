"""`/schedule`: the digests that are posted by themselves, for those who manage the server."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands

from bot.messages.harmless import harmless
from bot.messages.times import in_words
from bot.messages.wording import local
from bot.platforms.discord import limits
from bot.platforms.discord.cogs.answering import answer, workspace_of
from bot.platforms.discord.cogs.suggesting import in_time, suggesting
from bot.platforms.discord.contexts import INSTALLED, SERVERS
from bot.platforms.discord.limits import shortened
from bot.ports import Desk, Kind
from bot.schedule_grammar import MOST_STORIES
from bot.time_grammar import zones_like
from news.channels import Form, Platform, Subscription
from news.errors import InputError

Typed = app_commands.Range[str, 1, limits.OPTION]
Number = app_commands.Range[int, 1, 999_999]
Length = app_commands.Range[int, 1, MOST_STORIES]
AnyLength = app_commands.Range[int, 0, MOST_STORIES]
Picked = app_commands.AppCommandChannel | app_commands.AppCommandThread

_TIMES = "09:00 · weekdays 09:00 · mon,wed 18:30 · 09:00, 18:00 · every 6 hours · a cron line"
_FORMS = [
    app_commands.Choice(name="one message", value=Form.MESSAGE.value),
    app_commands.Choice(name="a thread of its stories", value=Form.THREAD.value),
]
_THREADS = [
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]
_KINDS = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum, *_THREADS]
_ABOUT = {
    "times": _TIMES,
    "channel": "Where to post; by default here",
    "timezone": "On whose clocks; by default the server's",
    "title": "What the digest is called",
    "about": "Only stories with these words",
    "actor": "Only stories in which somebody speaks",
    "outlet": "Only this outlet's articles",
    "length": "How many stories at most",
    "form": "As one message, or as a thread of its stories",
}
"""What the settings of a schedule are, by option."""
_ABOUT_CHANGED = {
    "number": "Which one",
    "channel": "Another channel",
    "timezone": "On whose clocks",
    "about": "Only stories with these words; none for all",
    "actor": "Only stories in which somebody speaks; none for all",
    "outlet": "Only this outlet's articles; none for all",
    "length": "How many stories at most; 0 for as many as usual",
}
_LISTED_TITLE = 50
"""Characters of a title among choices, which hold 100 in all."""


class PostingPlace(app_commands.Transformer):
    """A channel that digests can be posted to, as Discord describes it: we keep no channels of our own."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """What Discord lets people choose."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Where it can be posted."""
        return _KINDS

    async def transform(self, interaction: discord.Interaction, value: Picked, /) -> Picked:
        """The channel as it came."""
        return value


Place = app_commands.Transform[Picked, PostingPlace]


def scheduling(desk: Desk) -> app_commands.Group:
    """The group of commands, answered by the desk."""
    schedule = app_commands.Group(
        name="schedule",
        description="Digests that are posted here by themselves",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=SERVERS,
        allowed_installs=INSTALLED,
    )
    for command in (_add(desk), _change(desk), *_numbered(desk), _list(desk), _timezone(desk)):
        schedule.add_command(command)
    return schedule


Made = app_commands.Command[app_commands.Group, ..., None]


def _add(desk: Desk) -> Made:
    actor_known, outlet_known = suggesting(desk, Kind.ACTOR), suggesting(desk, Kind.OUTLET)

    @app_commands.command(description="Post a digest from now on")
    @app_commands.describe(**_ABOUT)
    @app_commands.choices(form=_FORMS)
    @app_commands.autocomplete(timezone=_complete_zone, actor=actor_known, outlet=outlet_known)
    async def add(
        interaction: discord.Interaction,
        times: Typed,
        channel: Place | None = None,
        timezone: Typed | None = None,
        title: Typed | None = None,
        about: Typed | None = None,
        actor: Typed | None = None,
        outlet: Typed | None = None,
        length: Length | None = None,
        form: str | None = None,
    ) -> None:
        _check_rights(interaction, channel, form)
        options = _options(
            "add", times=times, channel=channel, timezone=timezone, title=title, about=about, actor=actor,
            outlet=outlet, length=length, form=form, by=interaction.user.id,
        )  # fmt: skip
        await answer(desk, interaction, "schedule", options)

    return add


def _change(desk: Desk) -> Made:
    actor_known, outlet_known = suggesting(desk, Kind.ACTOR), suggesting(desk, Kind.OUTLET)

    @app_commands.command(description="Change what you give here, and leave the rest")
    @app_commands.describe(**_ABOUT | _ABOUT_CHANGED)
    @app_commands.choices(form=_FORMS)
    @app_commands.autocomplete(number=_complete_number(desk))
    @app_commands.autocomplete(timezone=_complete_zone, actor=actor_known, outlet=outlet_known)
    async def change(
        interaction: discord.Interaction,
        number: Number,
        times: Typed | None = None,
        channel: Place | None = None,
        timezone: Typed | None = None,
        title: Typed | None = None,
        about: Typed | None = None,
        actor: Typed | None = None,
        outlet: Typed | None = None,
        length: AnyLength | None = None,
        form: str | None = None,
    ) -> None:
        if channel is not None:
            _check_rights(interaction, channel, form)
        options = _options(
            "change", number=number, times=times, channel=channel, timezone=timezone, title=title, about=about,
            actor=actor, outlet=outlet, length="none" if length == 0 else length, form=form,
        )  # fmt: skip
        await answer(desk, interaction, "schedule", options)

    return change


def _numbered(desk: Desk) -> tuple[Made, ...]:
    """What is done with one schedule, without more words."""

    def made(name: str, description: str, *, private: bool = False) -> Made:
        @app_commands.command(name=name, description=description)
        @app_commands.describe(number="Which one")
        @app_commands.autocomplete(number=_complete_number(desk))
        async def command(interaction: discord.Interaction, number: Number) -> None:
            await answer(desk, interaction, "schedule", _options(name, number=number), private=private)

        return command

    return (
        made("pause", "Post it no longer, until you resume it"),
        made("resume", "Post it again, from its next time on"),
        made("remove", "Take it away"),
        made("preview", "What it would post now; only you see it", private=True),
        made("now", "Post it at once, besides its times"),
    )


def _list(desk: Desk) -> Made:
    @app_commands.command(name="list", description="What is posted where, and when next; only you see it")
    async def list_(interaction: discord.Interaction) -> None:
        await answer(desk, interaction, "schedule", {"action": "list"}, private=True)

    return list_


def _timezone(desk: Desk) -> Made:
    @app_commands.command(description="On whose clocks this server's times are; leave it out to see")
    @app_commands.describe(name="A time zone, or a city")
    @app_commands.autocomplete(name=_complete_zone)
    async def timezone(interaction: discord.Interaction, name: Typed | None = None) -> None:
        await answer(desk, interaction, "schedule", _options("timezone", timezone=name))

    return timezone


def _options(action: str, **given: str | int | Picked | None) -> dict[str, str | None]:
    """As they would be typed."""
    options: dict[str, str | None] = {"action": action}
    for name, value in given.items():
        if isinstance(value, app_commands.AppCommandChannel | app_commands.AppCommandThread):
            options[name] = f"{Platform.DISCORD}:{value.id}"
        elif value is not None:
            options[name] = str(value)
    return options


def _check_rights(interaction: discord.Interaction, channel: Picked | None, form: str | None) -> None:
    """Whether we may post where we are asked; of other channels Discord does not say. Raises InputError.

    What comes with a chosen channel are the rights of who chose it, not ours.
    """
    if channel is not None and channel.id != interaction.channel_id:
        return
    ours = interaction.app_permissions
    in_thread = interaction.channel is not None and interaction.channel.type in _THREADS
    wanted = {
        "View Channel": ours.view_channel,
        "Send Messages in Threads" if in_thread else "Send Messages": (
            ours.send_messages_in_threads if in_thread else ours.send_messages
        ),
        "Embed Links": ours.embed_links,
        "Create Public Threads": ours.create_public_threads or in_thread or form != Form.THREAD,
    }
    missing = [name for name, has in wanted.items() if not has]
    if ours.value and missing and not ours.administrator:
        raise InputError(f"I cannot post here: give me {', '.join(missing)} in this channel, and try again.")


async def _complete_zone(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Time zones with what their clocks show."""
    zones = await asyncio.to_thread(zones_like, typed, limits.CHOICES)
    now = interaction.created_at
    return [
        app_commands.Choice(name=f"{zone} · {local(now, zone):%H:%M}"[: limits.CHOICE], value=zone)
        for zone in zones
    ]


def _complete_number(desk: Desk) -> app_commands.commands.AutocompleteCallback[app_commands.Group, int]:
    async def complete(interaction: discord.Interaction, typed: int | str) -> list[app_commands.Choice[int]]:
        """Schedules by their titles and times; first the one whose number was typed."""
        schedules = desk.schedules(Platform.DISCORD, workspace_of(interaction))
        named = [
            (number, _named(number, each))
            for number, each in enumerate(await in_time(schedules, of="schedule"), start=1)
        ]
        key = " ".join(str(typed).casefold().split())
        found = sorted((str(number) != key, number, name) for number, name in named if key in name.casefold())
        return [app_commands.Choice(name=name, value=number) for _, number, name in found[: limits.CHOICES]]

    return complete


def _named(number: int, subscription: Subscription) -> str:
    title = shortened(" ".join(harmless(subscription.title).split()), _LISTED_TITLE)
    state = "paused" if subscription.paused else in_words(subscription.cron)
    return shortened(f"{number} · {title} · {state}", limits.CHOICE)
