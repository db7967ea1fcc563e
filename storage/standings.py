"""Standings: stances found by actor and by target, as one workspace sees them, and put together as turns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from news.actors import name_key
from news.channels import WorkspaceId
from news.errors import InputError
from news.ledger import Course, Evidence, Sighting, Standing, StandingPage, Stretch, Turn, course_of, is_news
from news.names import Sought, longer, mains_of
from news.queries import StanceQuery
from news.sentences import sentence_around
from news.spans import words_of
from news.stances import Position
from news.target_names import find_target
from news.targets import Target
from storage.actors import Meant, meant, standing_changes
from storage.rows import any_of, article_of, briefed_version, chunks, rows_of, visible
from storage.stance_rows import TOLD, key_of, stance_of
from storage.tables import ActorRow, ArticleRow, StanceRow, VersionRow
from storage.targets import counting
from storage.types import Id, Many, lookup_key

MOST_CHANGED = 200
"""Standings that are told as changed at one time."""

Pair = tuple[str, str]
"""Whose positions, and the target's key."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Which actors are put together, and under which name."""

    together: Callable[[str, str], str]
    """The side of an actor and a state, by their keys."""
    by_state: Callable[[str], bool]
    """Whether those who speak for a state are put together under its name."""
    names: Mapping[str, str]
    """How sides are called that the workspace was told of."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting, and when it was known."""

    sighting: Sighting
    arrived: datetime


def find_standings(connection: Connection, workspace_id: WorkspaceId, query: StanceQuery) -> StandingPage:
    """As `SqlStances.standings`."""
    targets = _targets(connection, workspace_id, query.target)
    found = meant(connection, workspace_id, query.actor)
    if not targets or (found is None and not (query.target or "").strip()):
        return StandingPage(query, (), 0)
    keys = None if found is None else _keys(connection, found)
    if keys is not None and not any(keys):
        return StandingPage(query, (), 0)
    where = [_on(workspace_id, targets)]
    if keys is not None:
        where.append(or_(StanceRow.actor_key.in_(keys[0]), StanceRow.state_key.in_(keys[1])))
    if query.until is not None:
        where.append(StanceRow.moment < query.until)
    sides = _sides(connection, workspace_id, found, None if keys is None else keys[1])
    seen = _gather(connection, workspace_id, where, sides)
    ranked = sorted(seen, key=lambda pair: max(one.sighting.when for one in seen[pair]), reverse=True)
    page = ranked[max(query.offset, 0) :][: max(query.limit, 0)]
    told = _tell(connection, [(pair, _course(seen[pair])) for pair in page], sides)
    return StandingPage(query, tuple(_since(one, query.since) for one in told), len(ranked))


def find_changes(
    connection: Connection, workspace_id: WorkspaceId, since: datetime, until: datetime, *, first: bool
) -> tuple[Standing, ...]:
    """As `SqlStances.changes`."""
    targets = _targets(connection, workspace_id, None)
    if not targets:
        return ()
    sides = _sides(connection, workspace_id, None, None)
    new = select(StanceRow.side_key, StanceRow.target_key).where(
        StanceRow.article_id.in_(_arrived(workspace_id, since, until)), _on(workspace_id, targets)
    )
    changed = list[tuple[Pair, Course]]()
    pairs = sorted({(side, target) for side, target in connection.execute(new.distinct())})
    for some in chunks(pairs):
        keys = {side for side, _ in some}, {target for _, target in some}
        where = [
            _on(workspace_id, targets),
            StanceRow.target_key.in_(keys[1]),
            StanceRow.side_key.in_(keys[0]),
            _arrival() < until,
        ]
        for pair, seen in _gather(connection, workspace_id, where, sides).items():
            before = [one for one in seen if one.arrived < since]
            after = _course(seen)
            if len(before) < len(seen) and is_news(_course(before) if before else None, after, first=first):
                changed.append((pair, after))
    changed.sort(key=lambda one: one[1].stretches[-1].latest.when, reverse=True)
    return _tell(connection, changed[:MOST_CHANGED], sides)


def _targets(connection: Connection, workspace_id: WorkspaceId, words: str | None) -> tuple[Target, ...]:
    """What is asked about, of what counts for the workspace."""
    targets = counting(connection, workspace_id)
    if words is None or not words.strip():
        return targets
    found = find_target(targets, words)
    return () if found is None else (found,)


def _on(workspace_id: WorkspaceId, targets: Sequence[Target]) -> ColumnElement[bool]:
    """Whether a stance is on one of the targets."""
    given = [key_of(target.name) for target in targets if target.owner is None]
    own = [key_of(target.name) for target in targets if target.owner is not None]
    return or_(
        and_(StanceRow.owner.is_(None), StanceRow.target_key.in_(given)),
        and_(StanceRow.owner == workspace_id, StanceRow.target_key.in_(own)) if own else false(),
    )


def _keys(connection: Connection, found: Meant) -> tuple[list[str], list[str]]:
    """The keys of actors, and of states, that the asked name finds."""
    if found.ids is None:
        raise InputError(
            f"Many actors have “{found.sought.names.main}” in their name: give more of the name."
        )
    query = select(ActorRow.key).where(ActorRow.id.in_((*found.ids, *found.speakers)))
    names = [key.strip() for key in connection.scalars(query)]
    keys = [lookup_key(key) for key in names if _is_meant(key, found.sought)]
    return keys, keys


def _is_meant(key: str, sought: Sought) -> bool:
    """Whether an actor of that name goes by one of the sought names."""
    if key in sought.apart:
        return False
    if key in (*sought.alone, *sought.surnames):
        return True
    others = [other for other in sought.apart if longer(other, *sought.within)]
    words = set(key.split())
    return any(set(one.split()) <= words for one in sought.within) and not any(
        set(other.split()) <= words for other in others
    )


def _sides(
    connection: Connection, workspace_id: WorkspaceId, found: Meant | None, states: Sequence[str] | None
) -> Sides:
    """Who asks for an actor is shown what is the actor's own; else whoever speaks for a state stands under its name."""
    names = dict(mains_of(standing_changes(connection, workspace_id)))
    if found is not None and (found.sought.alone or found.sought.surnames):
        main = found.sought.names.main
        names |= dict.fromkeys((name_key(main), *found.sought.alone, *found.sought.surnames), main)
    mains = {key: name_key(main) for key, main in names.items()}
    asked = None if states is None else frozenset(states)

    def by_state(state: str) -> bool:
        return bool(state) and (asked is None or state in asked)

    def together(actor: str, state: str) -> str:
        return state if by_state(state) else mains.get(actor, actor)

    return Sides(together, by_state, names)


def _gather(
    connection: Connection, workspace_id: WorkspaceId, where: Iterable[ColumnElement[bool]], sides: Sides
) -> dict[Pair, list[Seen]]:
    """What the workspace sees of the stances, by pair."""
    query = (
        select(
            StanceRow.id,
            StanceRow.moment,
            StanceRow.position,
            StanceRow.outlet_key,
            func.coalesce(ArticleRow.copy_of, ArticleRow.id).label("original"),
            StanceRow.confidence,
            StanceRow.actor_key,
            StanceRow.state_key,
            StanceRow.target_key,
            _arrival().label("arrived"),
        )
        .join(ArticleRow, ArticleRow.id == StanceRow.article_id)
        .join(VersionRow, briefed_version())
        .where(visible(workspace_id, StanceRow.article_id), *where)
    )
    seen: defaultdict[Pair, list[Seen]] = defaultdict(list)
    for row in rows_of(connection.execute(query)):
        sighting = Sighting(
            row.moment, Position(row.position), row.outlet_key, row.original, row.id, row.confidence
        )
        pair = sides.together(row.actor_key, row.state_key), row.target_key
        seen[pair].append(Seen(sighting, row.arrived))
    return seen


def _course(seen: Iterable[Seen]) -> Course:
    course = course_of(one.sighting for one in seen)
    assert course is not None  # nobody asks without any
    return course


def _arrival() -> ColumnElement[Any]:
    """When what an article says now was first known: when it arrived, or its edit was seen."""
    return func.coalesce(case((VersionRow.version > 1, VersionRow.seen)), ArticleRow.arrived)


def _arrived(workspace_id: WorkspaceId, since: datetime, until: datetime) -> CompoundSelect[Any]:
    """Articles that arrived, or were edited, in a time; each sought by an index of its own."""
    ids = select(ArticleRow.id).where(visible(workspace_id, ArticleRow.id))
    edits = VersionRow.version > literal_column("1")
    edited = ids.join(VersionRow, briefed_version())
    return union_all(
        ids.where(ArticleRow.arrived >= since, ArticleRow.arrived < until),
        edited.where(edits, VersionRow.seen >= since, VersionRow.seen < until),
    )


def _tell(
    connection: Connection, courses: Sequence[tuple[Pair, Course]], sides: Sides
) -> tuple[Standing, ...]:
    """The standings, with the words and the sources of what is shown of them."""
    ids = [
        sighting.id
        for _, course in courses
        for sighting in (
            *(s for turn in course.stretches for s in (turn.first, turn.latest)),
            *course.otherwise,
        )
    ]
    evidence = _evidence(connection, ids)
    return tuple(_standing(pair, course, evidence, sides) for pair, course in courses)


def _standing(pair: Pair, course: Course, evidence: Mapping[int, Evidence], sides: Sides) -> Standing:
    latest = evidence[course.stretches[-1].latest.id].stance
    state = latest.state if sides.by_state(lookup_key(name_key(latest.state or ""))) else None
    return Standing(
        state or sides.names.get(pair[0]) or latest.actor,
        latest.target,
        tuple(_turn(turn, evidence) for turn in course.stretches),
        tuple(evidence[one.id] for one in course.otherwise),
        course.contested,
    )


def _turn(turn: Stretch, evidence: Mapping[int, Evidence]) -> Turn:
    return Turn(
        turn.position,
        turn.since,
        turn.until,
        evidence[turn.first.id],
        evidence[turn.latest.id],
        turn.articles,
        turn.outlets,
    )


def _since(standing: Standing, since: datetime | None) -> Standing:
    """Less the turns that were over by then."""
    if since is None:
        return standing
    turns = tuple(turn for turn in standing.turns if turn.until is None or turn.until > since)
    return replace(standing, turns=turns)


def _evidence(connection: Connection, ids: Iterable[int]) -> dict[int, Evidence]:
    found: dict[int, Evidence] = {}
    for some in chunks(sorted(set(ids))):
        for row in rows_of(connection.execute(_SHOWN, {"ids": list(some)})):
            stance, article = stance_of(row), article_of(row, row)
            sentence = sentence_around(article.text, stance.evidence)
            found[row.number] = Evidence(
                stance=stance,
                words=words_of(article.text, stance.evidence),
                sentence=sentence,
                sentence_words=sentence.of(article.text),
                article_id=article.id,
                article_key=article.key,
                headline=article.title,
                outlet=article.outlet,
                url=article.url,
                when=article.when,
                dated=article.published is not None,
                version=article.version,
            )
    return found


_SHOWN = (
    select(
        StanceRow.id.label("number"),
        *TOLD,
        ArticleRow.id,
        ArticleRow.key,
        ArticleRow.arrived,
        ArticleRow.moment,
        ArticleRow.outlet,
        ArticleRow.url,
        ArticleRow.published,
        VersionRow.title,
        VersionRow.text,
        VersionRow.byline,
        VersionRow.language,
        VersionRow.partial,
        VersionRow.version,
        VersionRow.seen,
    )
    .join(ArticleRow, ArticleRow.id == StanceRow.article_id)
    .join(VersionRow, briefed_version())
    .where(any_of(StanceRow.id, bindparam("ids", type_=Many(Id))))
)
