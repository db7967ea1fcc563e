"""Who said what."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.near_names import names_like
from bot.repositories import Store
from news.answers import QuotePage
from news.channels import Workspace
from news.names import without_title
from news.queries import StatementQuery


async def who_said(store: Store, workspace: Workspace, query: StatementQuery) -> QuotePage:
    """Statements in what the workspace follows, newest first; where a name finds none, of the name without its title."""
    async with store.read() as uow:
        page = await uow.briefs.statements(workspace.id, query)
        if page.total or not query.actor:
            return page
        if (name := without_title(query.actor)) != query.actor:
            untitled = await uow.briefs.statements(workspace.id, replace(query, actor=name))
            if untitled.total:
                return untitled
        return replace(page, like=await names_like(uow, workspace, query.actor))
