"""What a text says of nobody, or only supposes."""

from __future__ import annotations

import pytest

from summarizer.guards import is_disowned
from tests.builders import a_span
from tests.summarizer.marked import frames_of


def disowned(text: str, source: str, cue: str) -> bool:
    """Whether the guards take the cue from its source."""
    (frame,) = frames_of(text)
    return is_disowned(text, frame, [a_span(text, source)] if source else [], [a_span(text, cue)])


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Nobody said that it is late.", "Nobody", "said"),
        ("Neither Rowe nor Bold said that it is late.", "Neither Rowe nor Bold", "said"),
        ("No official has said it is late.", "No official", "has said"),
        ("If Rowe says it is late, we go.", "Rowe", "says"),
        ("We go unless Rowe says it is late.", "Rowe", "says"),
        ("Even if Rowe, the mayor, says it is late, we go.", "the mayor,", "says"),
        ("If Rowe comes and says it is late, we go.", "Rowe", "says"),
        ("Had Rowe said it is late, we would go.", "Rowe", "said"),
        ("Nothing suggests that Rowe said it is late.", "Rowe", "said"),
        ("Nothing suggests that it is late.", "", "suggests"),
        ("Had Rowe said it is late, we would go.", "Had Rowe", "said"),
        ("One of them said it is late.", "One of them", "said"),
        ("About 41 percent said it is late.", "About 41 percent", "said"),
        ("More than 300 said it is late.", "300", "said"),
    ],
)
def test_nobody_said_it(text, source, cue):
    assert disowned(text, source, cue)


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Rowe said that it is late.", "Rowe", "said"),
        ("Rowe said that if Bold goes, it is late.", "Rowe", "said"),
        ("If it rains, Rowe said, we go.", "Rowe", "said"),
        ("If it rains, we go, Rowe, the mayor, said.", "the mayor,", "said"),
        ("Rowe never said that it is late.", "Rowe", "never said"),
        ("It is said to be late.", "", "is said"),
        ("Nothing is lost, Rowe said.", "Rowe", "said"),
        ("One of them, an official, said that it is late.", "One of them, an official,", "said"),
        ("The US said that it is late.", "The US", "said"),
        ("No 10 said that it is late.", "No 10", "said"),
        ("3M said that it is late.", "3M", "said"),
        ("“Bell” said that it is late.", "“Bell”", "said"),
        ("None of that matters now, the mayor said.", "the mayor", "said"),
        ("To Rowe, it is late.", "Rowe", "To"),
        ("Ukraine, for its part, said that it is late.", "Ukraine, for its", "said"),
    ],
)
def test_somebody_said_it(text, source, cue):
    assert not disowned(text, source, cue)
