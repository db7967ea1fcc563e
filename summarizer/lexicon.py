"""The word lists in `cues/`: which verbs and nouns report, what may follow them, what people and bodies are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from news.statements import Mode


class Form(StrEnum):
    """How a verb is inflected."""

    BASE = "base"
    THIRD = "third"
    PAST = "past"
    ING = "ing"


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb, with its particle, that may report."""

    lemma: str
    particle: str
    mode: Mode
    takes: frozenset[str]
    """Of `quote`, `that`, `bare`, `to`, `noun`; `person` when an addressee comes first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One inflected form and the verbs it may be, those with a particle first."""

    form: Form
    verbs: tuple[Verb, ...]


@cache
def verbs() -> Mapping[str, Entry]:
    """Inflected form, in lower case, to what it may be."""
    forms: dict[str, tuple[Form, list[Verb]]] = {}
    for line in lines("verbs.txt"):
        head, mode, takes, *irregular = (part.strip() for part in line.split("|"))
        lemma, _, particle = head.partition(" ")
        verb = Verb(lemma, particle, Mode(mode), frozenset(takes.split()))
        for word, form in _inflected(lemma, irregular[0].split() if irregular else []):
            forms.setdefault(word, (form, []))[1].append(verb)
    return {
        word: Entry(form, tuple(sorted(entry, key=lambda v: not v.particle)))
        for word, (form, entry) in forms.items()
    }


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


def _inflected(lemma: str, irregular: list[str]) -> Iterator[tuple[str, Form]]:
    yield lemma, Form.BASE
    yield _third(lemma), Form.THIRD
    past = [word for word in irregular if not word.endswith("ing")]
    ing = [word for word in irregular if word.endswith("ing")]
    for word in past or [_past(lemma)]:
        yield word, Form.PAST
    for word in ing or [(lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else lemma) + "ing"]:
        yield word, Form.ING


def _third(lemma: str) -> str:
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        return lemma + "es"
    return lemma[:-1] + "ies" if lemma.endswith("y") and lemma[-2] not in "aeiou" else lemma + "s"


def _past(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    return lemma[:-1] + "ied" if lemma.endswith("y") and lemma[-2] not in "aeiou" else lemma + "ed"
