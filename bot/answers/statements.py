"""Who said what."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.near_names import by_name
from bot.repositories import Store
from news.answers import QuotePage
from news.channels import Workspace
from news.queries import StatementQuery


async def who_said(store: Store, workspace: Workspace, query: StatementQuery) -> QuotePage:
    """Statements in what the workspace follows, newest first; where nobody bears the name, of the name without its title."""
    async with store.read() as uow:
        if not query.actor:
            return await uow.briefs.statements(workspace.id, query)
        page, like = await by_name(
            uow,
            workspace,
            query.actor,
            lambda name: uow.briefs.statements(workspace.id, replace(query, actor=name)),
            lambda found: not found.total,
        )
        return replace(page, like=like)
