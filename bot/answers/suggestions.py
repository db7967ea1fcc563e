"""What may be meant while somebody types: actors, outlets, feeds and targets of the workspace."""

from __future__ import annotations

from collections.abc import Iterable

from bot.messages.feeds import called, without_password
from bot.ports import Kind, Suggestion
from bot.repositories import Store
from news.actors import fold
from news.channels import Workspace
from news.feeds import Feed

MOST = 25
LONGEST = 300
"""Characters of what is typed beyond which nothing is meant."""


async def suggest(store: Store, workspace: Workspace, kind: Kind, typed: str) -> tuple[Suggestion, ...]:
    """The likeliest first: names that begin so, then those that hold the words."""
    if len(typed) > LONGEST:
        return ()
    async with store.read() as uow:
        if kind is Kind.ACTOR:
            names = await uow.actors.suggest(workspace.id, typed, most=MOST)
            return tuple(Suggestion(name, name) for name in names)
        if kind is Kind.TARGET:
            names = await uow.targets.suggest(workspace.id, typed, most=MOST)
            return tuple(Suggestion(name, name) for name in names)
        if kind is Kind.OUTLET:
            outlets = await uow.feeds.outlets(workspace.id)
            return _alike(typed, ((name, Suggestion(name, name)) for name in outlets))
        return _alike(typed, map(_of_feed, await uow.feeds.followed(workspace.id)))


def _of_feed(feed: Feed) -> tuple[str, Suggestion]:
    """A feed is found by its name and its address."""
    address = without_password(feed.url)
    return f"{feed.name} {address}", Suggestion(called(feed.name, feed.url), address)


def _alike(typed: str, named: Iterable[tuple[str, Suggestion]]) -> tuple[Suggestion, ...]:
    sought = " ".join(fold(typed).split())
    found = [(words, one) for text, one in named if sought in (words := fold(text))]
    ranked = sorted(found, key=lambda each: (not each[0].startswith(sought), each[0]))
    return tuple(one for _, one in ranked[:MOST])
