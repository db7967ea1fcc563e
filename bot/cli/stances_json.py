"""The JSON of positions and targets that look-ups print: a contract, too."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cli.json_values import Json, span_json, spans_json, time_json
from bot.messages.targets import Listed
from news.digests import Shift
from news.ledger import Evidence, Standing, StandingPage, Turn
from news.rereading import Progress


def standings_json(page: StandingPage, reading: Iterable[Progress] = ()) -> Json:
    """The answer of `attache stance --json`; `reading` are targets that articles are still being read for."""
    query = page.query
    return {
        "query": {
            "actor": query.actor,
            "target": query.target,
            "since": time_json(query.since),
            "until": time_json(query.until),
        },
        "total": page.total,
        "offset": query.offset,
        "positions": [standing_json(standing) for standing in page.standings],
        "reading": [each._asdict() for each in reading],
    }


def shift_json(shift: Shift) -> Json:
    """A position that was taken, with the newest words that show it."""
    return {
        "actor": shift.actor,
        "target": shift.target,
        "since": time_json(shift.since),
        "before": shift.before,
        "until": time_json(shift.until),
        **_evidence(shift.shown),
    }


def standing_json(standing: Standing) -> Json:
    """One actor's positions on one target, oldest turn first."""
    return {
        "actor": standing.actor,
        "target": standing.target,
        "position": standing.present.position,
        "since": time_json(standing.present.since),
        "contested": standing.contested,
        "turns": [_turn(turn) for turn in standing.turns],
        "otherwise": [_evidence(evidence) for evidence in standing.otherwise],
    }


def _turn(turn: Turn) -> Json:
    return {
        "position": turn.position,
        "since": time_json(turn.since),
        "until": time_json(turn.until),
        "articles": turn.articles,
        "outlets": turn.outlets,
        "first": _evidence(turn.first),
        "latest": _evidence(turn.latest),
    }


def _evidence(evidence: Evidence) -> Json:
    stance = evidence.stance
    return {
        "position": stance.position,
        "words": evidence.words,
        "named": stance.actor,
        "voice": stance.voice,
        "confidence": stance.confidence,
        "article": evidence.article_key,
        "title": evidence.headline,
        "outlet": evidence.outlet,
        "time": time_json(evidence.when if evidence.dated else None),
        "url": evidence.url,
        "version": evidence.version,
        "evidence": spans_json(stance.evidence),
        "sentence": {"text": evidence.sentence_words, "span": span_json(evidence.sentence)},
    }


def target_json(listed: Listed) -> Json:
    """One line of `attache targets list --json`."""
    target, reading = listed.target, listed.reading
    return {
        "name": target.name,
        "description": target.description,
        "for": list(target.supporting),
        "against": list(target.opposing),
        "own": target.owner is not None,
        "positions": listed.positions,
        "reading": None if reading is None else {"done": reading.done, "total": reading.total},
    }
