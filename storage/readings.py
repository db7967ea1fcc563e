"""Readings: articles with all that was understood of them, as one workspace is told of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
)

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.stances import Stance
from news.statements import Statement
from news.stories import Reading, StoryId
from storage.briefs import brief_of, told_statements
from storage.rows import PRINTED, SPOKEN, article_of, briefed_version, chunks, spoken
from storage.stance_rows import TOLD, stance_of
from storage.tables import ArticleRow, BriefRow, StanceRow, StatementRow, ToldRow, VersionRow

# They are built once: to build one takes longer than to run it.
_THESE: BindParameter[Any] = bindparam("these", expanding=True)
_ARTICLES: Select[*tuple[Any, ...]] = (
    select(
        *PRINTED,
        VersionRow.title,
        ArticleRow.story_id,
        ArticleRow.copy_of,
        # What `brief_of` reads.
        BriefRow.article_id,
        BriefRow.length,
        BriefRow.language.label("understood_as"),
        cast(BriefRow.summary, Text).label("summary"),
        cast(BriefRow.flags, Text).label("flags"),
        cast(BriefRow.figures, Text).label("figures"),
        BriefRow.engines,
    )
    .join(VersionRow, briefed_version())
    .join(BriefRow, BriefRow.article_id == ArticleRow.id)
    .where(ArticleRow.id.in_(_THESE), ArticleRow.story_id.is_not(None))
)
_STATEMENTS: Select[*tuple[Any, ...]] = (
    told_statements()
    .with_only_columns(StatementRow.article_id, cast(StatementRow.spans, Text), *SPOKEN[1:])
    .where(StatementRow.article_id.in_(_THESE))
)
_STANCES: Select[*tuple[Any, ...]] = (
    # Those on other workspaces' targets are none of its business.
    select(StanceRow.article_id, *TOLD)
    .where(
        or_(StanceRow.owner.is_(None), StanceRow.owner == bindparam("workspace")),
        StanceRow.article_id.in_(_THESE),
    )
    .order_by(StanceRow.article_id, StanceRow.place)
)
_FIRST_TOLD = (
    select(ToldRow.story_id, func.min(ToldRow.digest_id).label("digest_id"))
    .where(ToldRow.workspace_id == bindparam("workspace"), ToldRow.story_id.in_(_THESE))
    .group_by(ToldRow.story_id)
    .subquery()
)
_NAMES = select(ToldRow.story_id, ToldRow.name).join(
    _FIRST_TOLD,
    and_(ToldRow.story_id == _FIRST_TOLD.c.story_id, ToldRow.digest_id == _FIRST_TOLD.c.digest_id),
)


def readings_of(
    connection: Connection, workspace_id: WorkspaceId, ids: Sequence[ArticleId]
) -> dict[StoryId, list[Reading]]:
    """Those of the articles that are in a story, by story, oldest first."""
    statements: defaultdict[ArticleId, list[Statement]] = defaultdict(list)
    stances: defaultdict[ArticleId, list[Stance]] = defaultdict(list)
    found: defaultdict[StoryId, list[Reading]] = defaultdict(list)
    for some in chunks(ids):
        asked = {"these": some, "workspace": workspace_id}
        for article_id, *columns in connection.execute(_STATEMENTS, {"these": some}):
            statements[article_id].append(_statement(*columns))
        for row in connection.execute(_STANCES, asked):
            stances[row.article_id].append(stance_of(row))
        for row in connection.execute(_ARTICLES, {"these": some}):
            article = replace(article_of(row, row), copy_of=row.copy_of)
            brief = brief_of(row, statements[row.id], stances[row.id])
            found[row.story_id].append(Reading(article, brief))
    for readings in found.values():
        readings.sort(key=lambda one: (one.article.when, one.article.id))
    return found


@lru_cache(maxsize=2_000)  # one article is told to many channels
def _statement(spans: str, *others: Any) -> Statement:  # noqa: ANN401
    return spoken(json.loads(spans), *others)


def names_of(connection: Connection, workspace_id: WorkspaceId, ids: Sequence[StoryId]) -> dict[StoryId, str]:
    """What the stories were called when the workspace was first told of them."""
    names: dict[StoryId, str] = {}
    for some in chunks(ids):
        found = connection.execute(_NAMES, {"these": some, "workspace": workspace_id})
        names.update((story_id, name) for story_id, name in found)
    return names
