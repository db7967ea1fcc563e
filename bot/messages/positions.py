"""Positions in words: the sign and the verb of each, and the line that tells where an actor stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.messages.message import Form, Line, Moment, Style, Text
from news.ledger import Turn
from news.stances import Position

SIGNS: Mapping[Position, str] = {Position.SUPPORTS: "▲", Position.CONDITIONAL: "◆", Position.OPPOSES: "▼"}
"""Those of the pictures: told apart by their shape, so no colour is needed, and the verb stands beside them."""
NOW: Mapping[Position, str] = {
    Position.SUPPORTS: "supports",
    Position.CONDITIONAL: "sets conditions for",
    Position.OPPOSES: "opposes",
}
ONCE: Mapping[Position, str] = {
    Position.SUPPORTS: "supported",
    Position.CONDITIONAL: "set conditions",
    Position.OPPOSES: "opposed",
}


def stands(actor: str, position: Position, target: str, since: datetime) -> Line:
    """`▼ Kremlin opposes negotiations now, since 2 Dec 2024`; without an actor, from the verb on."""
    named = (Text(actor, Style.STRONG), Text(" ")) if actor else ()
    return (
        Text(f"{SIGNS[position]} ", Style.STRONG),
        *named,
        Text(f"{NOW[position]} {target}, since "),
        Moment(since, Form.DAY),
    )


def stood(position: Position, until: datetime) -> Line:
    """`changed, opposed until 28 Nov 2024`: what somebody held before."""
    return (Text("changed", Style.STRONG), Text(f", {ONCE[position]} until "), Moment(until, Form.DAY))


def ended(turn: Turn) -> datetime:
    """Up to when a turn that is over is known to have held: its last article, not the first one of the next turn."""
    return turn.latest.when
