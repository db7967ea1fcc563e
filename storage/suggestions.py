"""Names that go on like what is being typed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Integer, Select, and_, bindparam, or_, select

from news.actors import name_key
from news.channels import WorkspaceId
from news.terms import words_in
from storage.directory import LONGEST_BEGINNING, Role, has_token, seen
from storage.search import LONGEST_WORD
from storage.tables import ActorRow, ActorTokenRow
from storage.types import Id

MOST_TYPED = 10
"""Words of a name that are looked for while it is typed."""
SORTED = 200
"""Names that are put in the order of their use, where those that stand ready are too few."""
_LAST = "\U0010ffff"


def suggested(connection: Connection, workspace_id: WorkspaceId, typed: str, most: int) -> tuple[str, ...]:
    """Names in what the workspace follows that have the typed words, the last of which may go on; the most used first.

    Nothing for nothing, and for words that no name has.
    """
    written, keyed = words_in(typed), list(dict.fromkeys(name_key(typed[:LONGEST_WORD]).split()))
    if not written or not 0 < len(keyed) <= MOST_TYPED or max(map(len, (*written, *keyed))) > LONGEST_WORD:
        return ()
    last = tuple(dict.fromkeys((written[-1], keyed[-1])))
    short = max(map(len, last)) <= LONGEST_BEGINNING
    values: dict[str, Any] = {"workspace": workspace_id}
    values |= {f"word{at}": f"{word} " for at, word in enumerate(keyed[:-1])}
    values |= {f"last{at}": word for at, word in enumerate(last)}
    values |= {f"end{at}": word + _LAST for at, word in enumerate(last)}
    found: dict[str, int] = {}

    def ask(asked: Select[*tuple[Any, ...]], limit: int) -> None:
        found.update((name, uses) for name, uses in connection.execute(asked, values | {"limit": limit}))

    words = len(keyed) - 1
    if short:
        # Of the many names that go on so, the frequent ones stand ready in the order of their weight.
        ask(_suggestions(words, len(last), ready=True, ordered=True), most)
    if len(found) < most:
        ask(_suggestions(words, len(last), ready=False, ordered=not short), SORTED)
    ranked = sorted(found, key=lambda name: (-found[name], name))
    return tuple(ranked[:most])


@lru_cache
def _suggestions(words: int, last: int, *, ready: bool, ordered: bool) -> Select[*tuple[Any, ...]]:
    """Names with so many words, and one that is, or goes on like, one of the last ones."""
    query = (
        select(ActorRow.name, ActorRow.uses)
        .join(ActorTokenRow, ActorTokenRow.actor_id == ActorRow.id)
        .where(seen(bindparam("workspace", type_=Id), (Role.SPEAKER, Role.REPRESENTED)))
        .where(*(has_token(bindparam(f"word{at}")) for at in range(words)))
        .limit(bindparam("limit", type_=Integer))
    )
    places = range(last)
    if ready:
        query = query.where(ActorTokenRow.token.in_([bindparam(f"last{at}") for at in places]))
    else:
        query = query.where(or_(*(_begins(bindparam(f"last{at}"), bindparam(f"end{at}")) for at in places)))
    return query.order_by(ActorTokenRow.weight.desc()) if ordered else query


def _begins(word: BindParameter[Any], end: BindParameter[Any]) -> ColumnElement[bool]:
    """Whether a token is a word that goes on like this one, up to the end of those that do."""
    return and_(ActorTokenRow.token >= word, ActorTokenRow.token < end)
