"""Standings: stances found by actor and by target, as one workspace sees them, and put together as turns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    false,
    literal_column,
    or_,
    select,
    union_all,
)

from news.actors import name_key
from news.articles import ArticleId
from news.channels import WorkspaceId
from news.errors import InputError
from news.ledger import Course, Evidence, Standing, StandingPage, Stretch, Turn, is_news
from news.names import Sought, longer, mains_of
from news.queries import StanceQuery
from news.sentences import sentence_around
from news.spans import words_of
from news.target_names import find_target
from news.targets import Target
from storage.actors import Meant, meant, standing_changes
from storage.rows import any_of, briefed_version, chunks, rows_of, visible
from storage.sightings import History, instant, newest_among
from storage.stance_rows import TOLD, key_of, stance_of
from storage.tables import ActorRow, ArticleRow, FollowRow, PageRow, PairRow, StanceRow, VersionRow
from storage.targets import counting
from storage.types import Id, Many, lookup_key

if TYPE_CHECKING:
    from storage.sightings import Packed

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
    typed: Mapping[str, str] = field(default_factory=dict)
    """How the side that is asked for was typed."""


@dataclass(slots=True)
class Held:
    """What is held of one side and one target."""

    numbers: list[int] = field(default_factory=list)
    """Of the pairs of the store."""
    newest: int = 0
    """The moment of the newest stance that the workspace sees."""


def find_standings(connection: Connection, workspace_id: WorkspaceId, query: StanceQuery) -> StandingPage:
    """As `SqlStances.standings`."""
    targets = _targets(connection, workspace_id, query.target)
    found = meant(connection, workspace_id, query.actor)
    keys = None if found is None else _keys(connection, found)
    asked = any(keys) if keys is not None else found is None and bool((query.target or "").strip())
    if not targets or not asked:
        return StandingPage(query, (), 0)
    sides = _sides(connection, workspace_id, found, keys)
    feeds = _feeds(connection, workspace_id)
    held = _held(connection, _Asked.of(workspace_id, targets, keys), sides, feeds)
    courses = dict[Pair, Course]()
    if query.until is not None:  # which are the newest by then, the pages have to tell
        histories = _histories(connection, held, feeds, query.until)
        courses = {pair: history.course() for pair, history in histories.items()}
        held = {pair: Held(held[pair].numbers, _last(course)) for pair, course in courses.items()}
    ranked = sorted(held, key=lambda pair: (-held[pair].newest, pair))
    page = ranked[max(query.offset, 0) :][: max(query.limit, 0)]
    if query.until is None:
        histories = _histories(connection, {pair: held[pair] for pair in page}, feeds)
        courses = {pair: history.course() for pair, history in histories.items()}
    told = _tell(connection, [(pair, courses[pair]) for pair in page if pair in courses], sides)
    return StandingPage(query, tuple(_since(one, query.since) for one in told), len(ranked))


def find_changes(
    connection: Connection,
    workspace_id: WorkspaceId,
    since: datetime,
    until: datetime,
    *,
    first: Collection[ArticleId],
) -> tuple[Standing, ...]:
    """As `SqlStances.changes`."""
    targets = _targets(connection, workspace_id, None)
    sides, feeds = _sides(connection, workspace_id, None, None), _feeds(connection, workspace_id)
    arrived = {"workspace": workspace_id, "since": since, "until": until}
    wanted = _pairs(connection.execute(_ARRIVED, arrived), sides) if targets else ()
    if not wanted:
        return ()
    told = _pairs(connection.execute(_TOLD_BY, {"articles": sorted(first)}), sides)
    keys = {target for _, target in wanted}
    sought = _Asked.of(workspace_id, [target for target in targets if key_of(target.name) in keys])
    held = {pair: one for pair, one in _held(connection, sought, sides, feeds).items() if pair in wanted}
    changed = list[tuple[Pair, Course]]()
    for some in chunks(sorted(held)):
        histories = _histories(connection, {pair: held[pair] for pair in some}, feeds)
        for pair, history in histories.items():
            known, now = history.before(since), history.before(until)
            if now is None or (known is not None and len(known) == len(now)):
                continue
            if known is None and pair not in told and not now.has_several_positions:
                continue  # what follows takes most of the time
            course = now.course()
            if is_news(known.course() if known is not None else None, course, first=pair in told):
                changed.append((pair, course))
    changed.sort(key=lambda one: (-_last(one[1]), one[0]))
    return _tell(connection, changed[:MOST_CHANGED], sides)


def _last(course: Course) -> int:
    return max(instant(turn.last) for turn in course.stretches)


def _feeds(connection: Connection, workspace_id: WorkspaceId) -> Packed:
    """The feeds that the workspace follows, in order."""
    import numpy as np

    return np.array(connection.scalars(_FOLLOWED, {"workspace": workspace_id}).all(), dtype=np.int64)


_FOLLOWED = (
    select(FollowRow.feed_id)
    .where(FollowRow.workspace_id == bindparam("workspace", type_=Id))
    .order_by(FollowRow.feed_id)
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which pairs are looked for: those on these targets, and of these actors and states where any are named."""

    workspace: WorkspaceId
    given: Sequence[str]
    """Keys of targets that are built in."""
    own: Sequence[str]
    """Keys of the workspace's own."""
    keys: Sequence[str] | None

    @classmethod
    def of(
        cls, workspace_id: WorkspaceId, targets: Sequence[Target], keys: Sequence[str] | None = None
    ) -> _Asked:
        given = [key_of(target.name) for target in targets if target.owner is None]
        own = [key_of(target.name) for target in targets if target.owner is not None]
        return cls(workspace_id, given, own, keys)


def _held(connection: Connection, sought: _Asked, sides: Sides, feeds: Packed) -> dict[Pair, Held]:
    """What is held of each side and target that the workspace sees anything of."""
    query = _sought_pairs(bool(sought.given), bool(sought.own), sought.keys is not None)
    asked = {"workspace": sought.workspace, "given": sought.given, "own": sought.own, "keys": sought.keys}
    rows = connection.execute(query, asked).all()
    held: defaultdict[Pair, Held] = defaultdict(Held)
    moments = newest_among([row[-1] for row in rows], feeds)
    for (number, actor, state, target, _), moment in zip(rows, moments, strict=True):
        if moment is not None:
            one = held[sides.together(actor, state), target]
            one.numbers.append(number)
            one.newest = max(moment, one.newest)
    return held


@cache  # to build it takes longer than to run it
def _sought_pairs(given: bool, own: bool, keyed: bool) -> Select[*tuple[Any, ...]]:
    targets, owns, keys = (bindparam(name, type_=Many(Text)) for name in ("given", "own", "keys"))
    on = [
        *([and_(PairRow.owner == 0, any_of(PairRow.target_key, targets))] if given else []),
        *([and_(PairRow.owner == bindparam("workspace"), any_of(PairRow.target_key, owns))] if own else []),
    ]
    by = [or_(any_of(PairRow.actor_key, keys), any_of(PairRow.state_key, keys))] if keyed else []
    pairs = select(PairRow.id, PairRow.actor_key, PairRow.state_key, PairRow.target_key, PairRow.feeds)
    return pairs.where(or_(false(), *on), *by)


def _histories(
    connection: Connection, held: Mapping[Pair, Held], feeds: Packed, until: datetime | None = None
) -> dict[Pair, History]:
    """What the workspace sees of each; those of which it sees nothing are left out."""
    pages: defaultdict[Pair, list[bytes]] = defaultdict(list)
    whose = {number: pair for pair, one in held.items() for number in one.numbers}
    for some in chunks(sorted(whose)):
        # Sorted here: a database would move the pages themselves about.
        rows = connection.execute(_PAGES, {"pairs": list(some)}).all()
        for number, _, page in sorted(rows, key=lambda row: (row[0], row[1])):
            pages[whose[number]].append(page)
    histories = {
        pair: History.of(some, feeds, until, merge=len(held[pair].numbers) > 1)
        for pair, some in pages.items()
    }
    return {pair: history for pair, history in histories.items() if history is not None}


_PAGES = select(PageRow.pair_id, PageRow.period, PageRow.sightings).where(
    any_of(PageRow.pair_id, bindparam("pairs", type_=Many(Id)))
)


def _pairs(rows: Iterable[Row[str, str, str]], sides: Sides) -> set[Pair]:
    """Whose positions, and on what."""
    return {(sides.together(actor, state), target) for actor, state, target in rows}


_PAIRS = select(StanceRow.actor_key, StanceRow.state_key, StanceRow.target_key).distinct()
_TOLD_BY = _PAIRS.where(any_of(StanceRow.article_id, bindparam("articles", type_=Many(Id))))


def _arrived() -> CompoundSelect[Any]:
    """Articles that arrived, or were edited, in a time; each sought by an index of its own."""
    since, until = (bindparam(name, type_=ArticleRow.arrived.type) for name in ("since", "until"))
    ids = select(ArticleRow.id).where(visible(bindparam("workspace", type_=Id), ArticleRow.id))
    edits = VersionRow.version > literal_column("1")
    edited = ids.join(VersionRow, briefed_version())
    return union_all(
        ids.where(ArticleRow.arrived >= since, ArticleRow.arrived < until),
        edited.where(edits, VersionRow.seen >= since, VersionRow.seen < until),
    )


_ARRIVED = _PAIRS.where(StanceRow.article_id.in_(_arrived()))


def _targets(connection: Connection, workspace_id: WorkspaceId, words: str | None) -> tuple[Target, ...]:
    """What is asked about, of what counts for the workspace."""
    targets = counting(connection, workspace_id)
    if words is None or not words.strip():
        return targets
    found = find_target(targets, words)
    return () if found is None else (found,)


def _keys(connection: Connection, found: Meant) -> list[str]:
    """The keys of actors and of states that the asked name finds."""
    if found.ids is None:
        raise InputError(
            f"Many actors have “{found.sought.names.main}” in their name: give more of the name."
        )
    query = select(ActorRow.key).where(ActorRow.id.in_((*found.ids, *found.speakers)))
    names = [key.strip() for key in connection.scalars(query)]
    return [lookup_key(key) for key in names if _is_meant(key, found.sought)]


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
    mains = {key: name_key(main) for key, main in names.items()}
    typed: dict[str, str] = {}
    if found is not None and (found.sought.alone or found.sought.surnames):
        main = found.sought.names.main
        typed = {name_key(main): main}
        mains |= dict.fromkeys((name_key(main), *found.sought.alone, *found.sought.surnames), name_key(main))
    asked = None if states is None else frozenset(states)

    def by_state(state: str) -> bool:
        return bool(state) and (asked is None or state in asked)

    def together(actor: str, state: str) -> str:
        return state if by_state(state) else mains.get(actor, actor)

    return Sides(together, by_state, names, typed)


def _tell(
    connection: Connection, courses: Sequence[tuple[Pair, Course]], sides: Sides
) -> tuple[Standing, ...]:
    """The standings, with the words and the sources of what is shown of them."""
    ids = [
        number
        for _, course in courses
        for number in (
            *(n for turn in course.stretches for n in (turn.first, turn.latest)),
            *course.otherwise,
        )
    ]
    evidence = _evidence(connection, ids)
    return tuple(_standing(pair, course, evidence, sides) for pair, course in courses)


def _standing(pair: Pair, course: Course, evidence: Mapping[int, Evidence], sides: Sides) -> Standing:
    latest = evidence[course.stretches[-1].latest].stance
    state = latest.state if sides.by_state(lookup_key(name_key(latest.state or ""))) else None
    turns = zip(course.stretches, course.ends(), strict=True)
    return Standing(
        state or sides.names.get(pair[0]) or _fuller(sides.typed.get(pair[0], ""), latest.actor),
        latest.target,
        tuple(_turn(turn, end, evidence) for turn, end in turns),
        tuple(evidence[number] for number in course.otherwise),
        course.contested,
    )


def _fuller(typed: str, told: str) -> str:
    """A name as articles have it, unless who asks has more of it: what is typed may be misspelt."""
    return typed if len(typed.split()) > len(told.split()) else told


def _turn(turn: Stretch, end: datetime | None, evidence: Mapping[int, Evidence]) -> Turn:
    first, latest = evidence[turn.first], evidence[turn.latest]
    return Turn(turn.position, turn.since, end, first, latest, turn.articles, turn.outlets)


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
            stance = stance_of(row)
            sentence = sentence_around(row.text, stance.evidence)
            found[row.number] = Evidence(
                stance=stance,
                words=words_of(row.text, stance.evidence),
                sentence=sentence,
                sentence_words=sentence.of(row.text),
                article_id=row.id,
                article_key=row.key,
                headline=row.title,
                outlet=row.outlet,
                url=row.url,
                when=row.moment,
                dated=row.dated,
                version=row.version,
            )
    return found


_SHOWN = (
    select(
        StanceRow.id.label("number"),
        *TOLD,
        ArticleRow.id,
        ArticleRow.key,
        ArticleRow.moment,
        ArticleRow.outlet,
        ArticleRow.url,
        ArticleRow.published.is_not(None).label("dated"),
        VersionRow.title,
        VersionRow.text,
        VersionRow.version,
    )
    .join(ArticleRow, ArticleRow.id == StanceRow.article_id)
    .join(VersionRow, briefed_version())
    .where(any_of(StanceRow.id, bindparam("ids", type_=Many(Id))))
)
"""What is shown of a stance: columns by themselves, which is faster than whole rows."""
