"""Who said what."""

from __future__ import annotations

from bot.repositories import Store
from news.answers import QuotePage
from news.channels import Workspace
from news.queries import StatementQuery


async def who_said(store: Store, workspace: Workspace, query: StatementQuery) -> QuotePage:
    """Statements in what the workspace follows, newest first."""
    async with store.read() as uow:
        return await uow.briefs.statements(workspace.id, query)
