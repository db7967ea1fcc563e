"""The tagger: who is said to have said what, as spans of the text, from one pass of an encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from news.spans import Span
from summarizer.quotations import Quotation

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

    from summarizer.models.decoding import Found
    from summarizer.models.windows import Window

MODEL = Path(__file__).with_name("tagger") / "tagger.onnx"
_TOGETHER = 8
"""Windows of one run: more would only need more memory."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A cue with its source and content; each part in order, trimmed, inside the text."""

    cue: Span
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float
    """How likely the tagger holds it, from 0 to 1."""


@cache
def session() -> InferenceSession:
    """The model, loaded once a process; several threads may run it at a time."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1  # articles are read side by side, so that each needs one core only
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])


def tag(
    text: str, paragraphs: Sequence[Span], quotations: Sequence[Quotation], *, least: float
) -> tuple[Tagged, ...]:
    """The attributions that are at least that likely, none contradicting a likelier one, in reading order."""
    from summarizer.models.windows import pack
    from summarizer.models.words import find_words

    windows = list(pack(find_words(text, paragraphs, quotations)))
    order = sorted(range(len(windows)), key=lambda i: windows[i].pieces)
    found: dict[int, list[Tagged]] = {}
    for at in range(0, len(order), _TOGETHER):
        part = order[at : at + _TOGETHER]
        for index, held in zip(part, _run([windows[i] for i in part], least), strict=True):
            found[index] = [_tagged(windows[index], one) for one in held]
    return tuple(one for index in range(len(windows)) for one in found[index])


def _run(windows: Sequence[Window], least: float) -> Iterator[list[Found]]:
    from summarizer.models.decoding import decode, settle
    from summarizer.models.windows import to_batch

    batch = to_batch(windows)
    cues, links = session().run(
        ["cues", "links"],
        {
            "pieces": batch.pieces,
            "case": batch.case,
            "quoting": batch.quoting,
            "mask": batch.mask,
            "words": batch.words,
        },
    )
    for held in decode(cues, links, batch.counts, least=least):
        yield settle(held, least=least)


def _tagged(window: Window, found: Found) -> Tagged:
    def spans(ranges: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
        return tuple(Span(window.words[s].start, window.words[e - 1].end) for s, e in ranges)

    return Tagged(spans([found.cue])[0], spans(found.source), spans(found.content), found.score)
