"""Composes sentences about two actors of the words of `cues/valence.txt`, and hides who is named in others."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from summarizer.lexicon import inflected
from summarizer.models.leaning import SOURCE, TARGET
from summarizer.stances.polar import Kind, Valence, listed_entries

SEED = 7
TOPICS = (
    "the budget", "the hospital", "taxes", "the war", "the border", "the school plan", "the storm", "the election",
    "the court", "health care", "jobs", "the bridge", "police reform", "the treaty", "the climate bill", "guns",
    "prices", "the refugees", "the bank", "the hearing", "trade", "the pipeline", "pensions", "the leak", "the debate",
)  # fmt: skip
HEADS = (
    "", "", "", "On Tuesday, ", "After weeks of talks about {}, ", "In a statement, ", "At a rally in the north, ",
    "As the row over {} went on, ", "Speaking to reporters, ",
)  # fmt: skip
TAILS = (
    "", "", " on Monday", " in a speech in the capital", " over {}", " during a debate about {}", ", an aide said",
    " after the vote on {}", " in an interview broadcast on Sunday", " as lawmakers argued about {}",
    ", according to two officials", " ahead of the election", " in front of a crowd of supporters",
)  # fmt: skip
DONE = (
    ("praises", "criticizes"), ("supports", "opposes"), ("defends", "attacks"), ("thanks", "blames"),
    ("endorses", "denounces"), ("trusts", "distrusts"), ("helps", "harms"), ("admires", "despises"),
    ("agrees with", "disagrees with"), ("works with", "fights against"), ("votes for", "votes against"),
    ("applauds", "condemns"), ("likes", "hates"), ("is proud of", "is ashamed of"), ("is pleased with", "is angry at"),
    ("sides with", "sues"), ("protects", "threatens"), ("welcomes", "rejects"), ("is an ally of", "is an enemy of"),
    ("is a friend of", "is a critic of"), ("says good things about", "says bad things about"),
    ("is grateful to", "is furious with"), ("stands by", "abandons"), ("backs", "blocks"), ("respects", "mocks"),
)  # fmt: skip
SAID = (
    ("a hero", "a liar"), ("great", "terrible"), ("honest", "corrupt"), ("doing a good job", "a failure"),
    ("right", "wrong"), ("good for the country", "a danger to the country"), ("a friend", "an enemy"),
    ("qualified", "unfit for office"), ("brave", "a coward"), ("fair", "unfair"), ("a leader", "a fraud"),
    ("wonderful", "a disaster"),
)  # fmt: skip
_HIDDEN = ("the senator", None, "Zhelgrad")
"""What stands for a name that is hidden: a role, a pronoun, another name."""
_CALLED = r"(?:[Tt]he |Senator |President |Mayor |Governor |Judge )?"


def contrasts() -> Iterator[tuple[str, str]]:
    """Plain sentences of being for, each with its opposite."""
    for good, bad in DONE:
        yield f"{SOURCE} {good} {TARGET}.", f"{SOURCE} {bad} {TARGET}."
    for good, bad in SAID:
        yield f"{SOURCE} says {TARGET} is {good}.", f"{SOURCE} says {TARGET} is {bad}."


def compose() -> Iterator[tuple[str, bool]]:
    """One sentence of each entry, and whether the source is for the target."""
    draw = random.Random(SEED)
    entries = list(listed_entries())
    draw.shuffle(entries)
    for kind, words, irregular, valence in entries:
        frame, sign = draw.choice(list(_frames(kind, words, irregular, valence)))
        head = draw.choice(HEADS).format(draw.choice(TOPICS))
        sentence = frame + draw.choice(TAILS).format(draw.choice(TOPICS)) + "."
        lowered = sentence[0].lower() + sentence[1:] if sentence.startswith("There") else sentence
        yield (head + lowered if head else sentence), sign > 0


def _frames(
    kind: Kind, words: Sequence[str], irregular: list[str], valence: Valence
) -> Iterator[tuple[str, int]]:
    if kind is Kind.VERB and valence.toward:
        yield from _done(words, irregular, valence.toward)
    elif kind is Kind.VERB:
        done = " ".join([_past(words, irregular), *words[1:]]).replace("...", "his")
        yield f"{SOURCE} said that {TARGET} {done}", valence.of
        yield f"{TARGET} {done}, {SOURCE} said", valence.of
        yield f'"{TARGET} {done}," {SOURCE} told reporters', valence.of
    elif valence.toward:
        yield from _held(kind, " ".join(words), valence.toward)
    else:
        called = " ".join(words)
        article = "a " if kind is Kind.NOUN else ""
        yield f"{SOURCE} called {TARGET} {article}{called}", valence.of
        yield f'"{TARGET} is {article}{called}," {SOURCE} said', valence.of
        yield f"{SOURCE} said that what {TARGET} did was {article}{called}", valence.of
        yield f"{TARGET} was not {article}{called}, {SOURCE} said", -valence.of


def _done(words: Sequence[str], irregular: list[str], toward: int) -> Iterator[tuple[str, int]]:
    base, past = " ".join(words), " ".join([_past(words, irregular), *words[1:]])
    base, past = (
        text.replace("...", TARGET) if "..." in words else f"{text} {TARGET}" for text in (base, past)
    )
    yield f"{SOURCE} {past}", toward
    yield f"{SOURCE} has vowed to {base}", toward
    yield f"{SOURCE}, who {past}, said it was time to act", toward
    yield f"{SOURCE} did not {base}", -toward
    yield f"{SOURCE} refused to {base}", -toward


def _held(kind: Kind, words: str, toward: int) -> Iterator[tuple[str, int]]:
    if kind is Kind.ROLE:
        yield f"{SOURCE}, a {words} of {TARGET}, spoke", toward
        yield f"{SOURCE} has long been a {words} of {TARGET}", toward
    elif kind is Kind.NOUN:
        bare = words.split()[-1] not in ("of", "to", "on", "for", "in", "with", "against", "about")
        after = (" for" if toward > 0 else " against") if bare else ""
        yield f"{SOURCE} expressed {words}{after} {TARGET}", toward
        yield f"There was {words}{after} {TARGET} from {SOURCE}", toward
    else:
        yield f"{SOURCE} is {words} {TARGET}", toward
        yield f"{SOURCE} said he was {words} {TARGET}", toward


def _past(words: Sequence[str], irregular: list[str]) -> str:
    return list(inflected(words[0], irregular))[2]


def hidden(sentence: str, name: str, draw: int) -> str:
    """The sentence with a role, a pronoun or another name where this one stands: news often names nobody twice."""
    role = _HIDDEN[draw % len(_HIDDEN)]
    text = sentence
    for part in (name, name.split()[-1]):
        found = rf"{_CALLED}\b{re.escape(part)}"
        if role is None:
            text = re.sub(rf"{found}[’']s\b", "his", text)
            text = re.sub(
                rf"(?<=[a-z] ){found}\b(?=[ ,.]*(?:$|for|as|on|at|over|and|of|in|,|\.))", "him", text
            )
        text = re.sub(rf"{found}(?:n|ns|an)?\b", role or "he", text)
    return text[:1].upper() + text[1:]
