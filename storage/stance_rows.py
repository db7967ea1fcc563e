"""Rows of stances: what is written of a stance, and a stance from what was read of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.actors import name_key
from news.channels import WorkspaceId
from news.spans import Span
from news.stances import Position, Stance
from news.target_names import target_key
from storage.documents import Spans, as_json
from storage.ids import new_id
from storage.indexing import Held
from storage.rows import chunks, table_of
from storage.tables import StanceRow, TargetRow
from storage.types import lookup_key

TOLD = (
    StanceRow.actor,
    StanceRow.target,
    StanceRow.position,
    StanceRow.evidence,
    StanceRow.confidence,
    StanceRow.voice,
    StanceRow.state,
    StanceRow.owner,
)
"""What `stance_of` reads."""


async def add_stances(
    session: AsyncSession, of: Iterable[tuple[Row[*tuple[Any, ...]], int, Sequence[Stance]]]
) -> list[dict[str, Any]]:
    """Writes stances of articles, each from a place on; those on a workspace's target that is gone are left out."""
    of = list(of)
    there = await _targets_there(session, {s.owner for _, _, some in of for s in some if s.owner is not None})
    rows = [
        _row(row, stance, at)
        for row, place, some in of
        for at, stance in enumerate(some, start=place)
        if stance.owner is None or (stance.owner, key_of(stance.target)) in there
    ]
    if rows:
        await session.execute(insert(table_of(StanceRow)), rows)
    return rows


async def _targets_there(
    session: AsyncSession, owners: Collection[WorkspaceId]
) -> set[tuple[WorkspaceId | None, str]]:
    found: set[tuple[WorkspaceId | None, str]] = set()
    for some in chunks(sorted(owners)):
        query = select(TargetRow.workspace_id, TargetRow.key).where(
            TargetRow.workspace_id.in_(some), TargetRow.kind == "own"
        )
        # Held until the stances are kept: whoever takes a target away must see what is stored on it.
        query = query.order_by(TargetRow.id).with_for_update(read=True, key_share=True)
        found.update((owner, key) for owner, key in await session.execute(query))
    return found


def key_of(target: str) -> str:
    """What a target's stances are found by."""
    return lookup_key(target_key(target))


def held_of(row: Mapping[str, Any]) -> Held:
    """What the directory takes from a row that was written."""
    return Held(row["article_id"], row["actor"], row["state"])


def stance_of(row: Row[Any]) -> Stance:
    """The stance, from what is stored of it."""
    return Stance(
        row.actor,
        row.target,
        Position(row.position),
        tuple(Span(part["start"], part["end"]) for part in row.evidence),
        row.confidence,
        row.voice,
        row.state,
        row.owner,
    )


def _row(row: Row[Any], stance: Stance, place: int) -> dict[str, Any]:
    actor, state = lookup_key(name_key(stance.actor)), lookup_key(name_key(stance.state or ""))
    return {
        "id": new_id(row.moment),
        "article_id": row.id,
        "place": place,
        "moment": row.moment,
        "actor": stance.actor,
        "actor_key": actor,
        "voice": stance.voice,
        "state": stance.state,
        "state_key": state,
        "outlet_key": lookup_key(row.outlet_key),
        "target": stance.target,
        "target_key": key_of(stance.target),
        "owner": stance.owner,
        "position": stance.position.value,
        "confidence": stance.confidence,
        "evidence": as_json(Spans, stance.evidence),
    }
