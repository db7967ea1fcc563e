"""The tagger: who is said to have said what, as spans of the text, from one pass of an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from news.spans import Span
from summarizer.models.sessions import session
from summarizer.quotations import Quotation

if TYPE_CHECKING:
    from summarizer.models.decoding import Found
    from summarizer.models.windows import Window

_MOST_WINDOWS = 400
"""Windows that are read, some sixty thousand pieces: prose has so many in a third of a million characters, text that is
made to hurt in sixty thousand."""
MODEL = Path(__file__).with_name("tagger") / "tagger.onnx"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A cue with its source and content; each part in order, trimmed, inside the text."""

    cue: Span
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float
    """How likely the tagger holds it, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What was found in a text, and how far it was read."""

    found: tuple[Tagged, ...]
    end: int
    """The character before which everything was read; the text's length, but for text made to hurt."""


def tag(text: str, paragraphs: Sequence[Span], quotations: Sequence[Quotation], *, least: float) -> Tags:
    """The attributions that are at least that likely, none contradicting a likelier one, in reading order."""
    from summarizer.models.windows import pack
    from summarizer.models.words import find_words

    windows = list(islice(pack(find_words(text, paragraphs, quotations)), _MOST_WINDOWS + 1))
    end = windows[_MOST_WINDOWS].words[0].start if len(windows) > _MOST_WINDOWS else len(text)
    found = (_tagged(window, one) for window in windows[:_MOST_WINDOWS] for one in _run(window, least))
    return Tags(tuple(found), end)


def _run(window: Window, least: float) -> list[Found]:
    from summarizer.models.decoding import decode, settle

    (found,) = decode(*encode(window, least), counts=[len(window.words)])
    return settle(found)


def encode(window: Window, least: float) -> list[Any]:
    """The model's outputs for one window, as `decode` takes them.

    Alone it is not padded and fits a core's cache: eight together took a third longer.
    """
    import numpy as np

    from summarizer.models.windows import to_batch

    batch = to_batch([window])
    inputs = {
        "pieces": batch.pieces,
        "case": batch.case,
        "quoting": batch.quoting,
        "mask": batch.mask,
        "words": batch.words,
        "least": np.array(least, np.float32),
    }
    outputs: list[Any] = session(MODEL).run(["cues", "places", "links", "transitions"], inputs)
    return outputs


def _tagged(window: Window, found: Found) -> Tagged:
    def spans(ranges: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
        return tuple(Span(window.words[s].start, window.words[e - 1].end) for s, e in ranges)

    return Tagged(spans([found.cue])[0], spans(found.source), spans(found.content), found.score)
