"""Who speaks by the layout of a page."""

from __future__ import annotations

import pytest

from summarizer.labels import find_labelled
from summarizer.quotations import find_quotations
from summarizer.sentences import find_paragraphs


def labelled(text: str) -> list[tuple[str, str, list[str]]]:
    """Source, cue and content of what the layout tells, in words."""
    found = find_labelled(text, find_paragraphs(text), find_quotations(text))
    return [(l.source.of(text), l.cue.of(text), [span.of(text) for span in l.content]) for l in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“It rained.”\n— Anna Bell, Quellport.", [("Anna Bell", "—", ["“It rained.”"])]),
        (
            '"It rained here all day".\n- Dr. J. R. Bell.',
            [("Dr. J. R. Bell", "-", ['"It rained here all day"'])],
        ),
        ("“It rained.\n\n“It snowed.”\n―Anna Bell", [("Anna Bell", "―", ["“It rained.", "“It snowed.”"])]),
        ("Anna Bell: “It rained.”\nIt did.", [("Anna Bell", ":", ["“It rained.”"])]),
        ("Anna Bell of the Courier: ‘It rained.’", [("Anna Bell of the Courier", ":", ["‘It rained.’"])]),
        (
            "BELL: Why?\nREED: It rained.\nBELL: Oh.",
            [("BELL", ":", ["Why?"]), ("REED", ":", ["It rained."]), ("BELL", ":", ["Oh."])],
        ),
        (
            "“BELL: Why?\n“REED: Oh.\n“It rained.\n“BELL: No.”",
            [("BELL", ":", ["Why?"]), ("REED", ":", ["Oh.", "“It rained."]), ("BELL", ":", ["No.”"])],
        ),
        ("“It rained all day long” — Anna Bell", [("Anna Bell", "—", ["“It rained all day long”"])]),
    ],
)
def test_layout_tells_who_speaks(text, found):
    assert labelled(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "The Latest: It “rained”.",
        "BUSTED: It rained.",  # one line in capitals is no transcript
        "The council said: “It rained.”",
        "Anna Bell: “It rained,” and then it snowed.",
        "“It rained.”\n– An immigrant himself –.",
        "It “rained.”\n— Anna Bell",
        "“It rained.”\n- many thanks to all of you",
        "“It rained.”\n— " + "Anna " * 50,
        ": “It rained.”",
        "",
        "REED: “It rained,” in June.\nTHE FACTS: It did not.",
        "WHAT: A meeting.\nWHEN: Monday.\nWHERE: Here.\nWHY: It rained.",
        "“Flowers” — Anna Bell",
    ],
)
def test_layout_tells_nothing(text):
    assert labelled(text) == []
