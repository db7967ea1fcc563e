"""Lines broken at a width read as running paragraphs, with the offsets of the text as it came."""

from __future__ import annotations

import pytest

from summarizer.wrapping import unwrapped
from tests.summarizer.reading import brief_of, statements_in, words

WRAPPED = (
    "The mayor of Quellport said on Monday that the iron bridge over the\n"
    "river Lenn will close for two years, because engineers found\n"
    "cracks in its piers.\n"
    "\n"
    "“We cannot let lorries drive over something that may\n"
    "fall,” Orla Finch said."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One long\nline here\nends.\n\nAnother.", "One long line here ends.\n\nAnother."),
        ("One long\r\nline here\r\nends.\r\n\r\nLast.", "One long  line here  ends.\r\n\r\nLast."),
        ("One.\nTwo.\nThree.\n\nFour.", "One.\nTwo.\nThree.\n\nFour."),
        ("One long\nline here\nends.", "One long\nline here\nends."),
        ("Title\nFirst.\n\nSecond.", "Title\nFirst.\n\nSecond."),
        ("a\nb\n" + "c" * 200 + "\nd\n\ne", "a\nb\n" + "c" * 200 + "\nd\n\ne"),
        ("", ""),
        ("\n\n\n", "\n\n\n"),
    ],
)
def test_unwrapped_joins_only_lines_broken_at_a_width(text, expected):
    assert unwrapped(text) == expected


def test_statements_run_over_broken_lines():
    assert statements_in(WRAPPED) == [
        (
            "The mayor of Quellport",
            "said",
            (
                "that the iron bridge over the\nriver Lenn will close for two years, because engineers found\n"
                "cracks in its piers"
            ),
        ),
        ("Orla Finch", "said", "“We cannot let lorries drive over something that may\nfall,”"),
    ]


def test_name_broken_over_two_lines_is_one_name():
    text = WRAPPED.replace("fall,” Orla Finch said.", "fall,” said Orla\nFinch. “It is\nold.”")
    statement = brief_of(text).statements[-1]
    assert statement.speaker is not None
    assert statement.speaker.name == "Orla Finch"
    assert words(text, statement.content).endswith("“It is\nold.”")
