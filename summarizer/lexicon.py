"""The word lists in `cues/`: which verbs report and how, what people, bodies, titles and places are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from news.statements import Mode


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb, with its particle, that may report."""

    particle: str
    mode: Mode


@cache
def verbs() -> Mapping[str, tuple[Verb, ...]]:
    """Inflected form, in lower case, to what it may be, those with a particle first."""
    forms: dict[str, list[Verb]] = {}
    for line in lines("verbs.txt"):
        head, mode, *irregular = (part.strip() for part in line.split("|"))
        lemma, _, particle = head.partition(" ")
        for word in inflected(lemma, irregular[0].split() if irregular else []):
            forms.setdefault(word, []).append(Verb(particle, Mode(mode)))
    return {word: tuple(sorted(held, key=lambda v: not v.particle)) for word, held in forms.items()}


@cache
def words(name: str) -> frozenset[str]:
    """The lower-case words of a list in `cues/`, such as `titles`."""
    return frozenset(word for line in lines(f"{name}.txt") for word in line.split())


def listed(text: str) -> frozenset[str]:
    """The words of a short list that belongs to one module's rules."""
    return frozenset(text.split())


def lines(name: str) -> Iterator[str]:
    text = (files("summarizer") / "cues" / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        if content:
            yield content


def inflected(lemma: str, irregular: list[str]) -> Iterator[str]:
    """The forms of a verb: itself, third person, past and participle, -ing; irregular ones are told."""
    yield lemma
    yield _third(lemma)
    yield from [word for word in irregular if not word.endswith("ing")] or [_past(lemma)]
    stem = lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else lemma
    yield from [word for word in irregular if word.endswith("ing")] or [stem + "ing"]


def _third(lemma: str) -> str:
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        return lemma + "es"
    return lemma[:-1] + "ies" if lemma.endswith("y") and lemma[-2] not in "aeiou" else lemma + "s"


def _past(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    return lemma[:-1] + "ied" if lemma.endswith("y") and lemma[-2] not in "aeiou" else lemma + "ed"
