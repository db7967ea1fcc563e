"""The platforms that a running bot is connected to, each by the settings that name it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.jobs.breaker import Breaker
    from bot.ports import Messenger
    from bot.settings import Settings
    from bot.wiring import App
    from news.channels import Platform

    Connect = Callable[[App], AbstractAsyncContextManager[Messenger]]
    Reach = Callable[[Platform, Connect], Awaitable[Messenger]]
    """How a platform is connected to."""


def breakers_for_all() -> dict[Platform, Breaker]:
    """One for each platform, closed."""
    from bot.jobs.breaker import Breaker
    from news.channels import Platform

    return {platform: Breaker() for platform in Platform}


def at_once(app: App, stack: AsyncExitStack) -> Reach:
    """Connects to a platform, or fails."""

    async def reach(_: Platform, connect: Connect) -> Messenger:
        return await stack.enter_async_context(connect(app))

    return reach


def patiently(
    app: App, stack: AsyncExitStack, breakers: dict[Platform, Breaker], welcome: set[Platform]
) -> Reach:
    """Connects to a platform in the background where it is not there yet: feeds are read and others posted to.

    `welcome` are those that are named; one that refuses us is taken out.
    """
    from bot.jobs.outages import Outage
    from bot.platforms.connecting import connecting

    async def reach(platform: Platform, connect: Connect) -> Messenger:
        outage = Outage(app.store, app.clock, platform, breakers[platform].worked)
        noting = app.watch.noting(platform, outage)
        return await stack.enter_async_context(
            connecting(platform, lambda: connect(app), noting, welcome=welcome)
        )

    return reach


def named(settings: Settings) -> dict[Platform, Connect]:
    """The platforms that the settings name, with how each is connected to; none for who does not post."""
    from bot.wiring import open_discord, open_slack
    from news.channels import Platform

    ways: dict[Platform, Connect] = {Platform.DISCORD: open_discord, Platform.SLACK: open_slack}
    return {platform: ways[platform] for platform in settings.platforms}


async def connected(app: App, reach: Reach) -> Mapping[Platform, Messenger]:
    """The platforms that the settings name, and the terminal; none for who does not post.

    Raises DeliveryError, InputError.
    """
    from bot.platforms.terminal.messenger import TerminalMessenger
    from bot.platforms.terminal.output import show_message
    from news.channels import Platform

    if not app.settings.role.posts:
        return {}
    messengers: dict[Platform, Messenger] = {Platform.TERMINAL: TerminalMessenger(show_message)}
    for platform, connect in named(app.settings).items():
        messengers[platform] = await reach(platform, connect)
    return app.watch.messengers(messengers)
