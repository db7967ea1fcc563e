"""What is left off a sentence of a summary, and what never is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from news.spans import Span
from summarizer.trimming import is_balanced, trim


def trimmed(sentence):
    return trim(sentence, Span(0, len(sentence))).of(sentence)


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("OLDHAVEN (AP) — The council voted.", "The council voted."),
        ("OLDHAVEN, Aug. 12 (Wire) -- The council voted.", "The council voted."),
        ("OLDHAVEN — The council voted.", "The council voted."),
        ("OLDHAVEN — The council — all nine of it — voted.", "The council — all nine of it — voted."),
        ("Oldhaven (Reuters) - The council voted.", "The council voted."),
        ("Oldhaven, Norden (CNN)The council voted.", "The council voted."),
        ("Port Hadin ( CNN ) The council voted .", "The council voted ."),
        ("(CNN) -- The council voted.", "The council voted."),
        ("BREAKING: The council voted.", "The council voted."),
        ("• The council voted.", "The council voted."),
        ("Meanwhile, Anna Bell voted.", "Anna Bell voted."),
        ("However, 21 people voted.", "21 people voted."),
        ("But Bell said she would not vote.", "Bell said she would not vote."),
        ("And “nobody” voted.", "And “nobody” voted."),
        ("But “Nobody voted,” Bell said.", "“Nobody voted,” Bell said."),
        ("In addition, Bell voted.", "Bell voted."),
        ("The council voted. (Reporting by Anna Bell)", "The council voted."),
        ("“We voted.” [Photo: Anna Bell/Wire]", "“We voted.”"),
        ("The council voted. (AP)", "The council voted."),
        ("The council voted.[12]", "The council voted."),
        ("The council voted. (AP) [3]", "The council voted."),
        ("OLDHAVEN (AP) — But Bell voted. (Reuters)", "Bell voted."),
    ],
)
def test_what_is_left_off(sentence, left):
    assert trimmed(sentence) == left


@pytest.mark.parametrize(
    "sentence",
    [
        "The council voted, officials said.",
        "According to Bell, the council voted.",
        "Not one of the nine voted.",
        "If the bridge holds, Bell will vote.",
        "Perhaps Bell voted.",
        "Reportedly, Bell voted.",
        "But the council voted.",
        "However, the council voted.",
        "But for Bell, nobody voted.",
        "However hard it was, Bell voted.",
        "Still waters run deep, Bell said.",
        "The council voted (all nine of it).",
        "The road is closed (12 miles).",
        "The council (AP) voted.",
        "NORDEN — Ostmark’s league — voted.",
        "NORDEN — the league — voted.",
        "The deal was signed by the agency (AP).",
        "Bell (CNN) voted.",
        "“But Bell voted,” he said.",
        "Bell voted. (Nobody else did.)",
        "",
        "(",
        "[1]",
        "But",
    ],
)
def test_what_stays_whole(sentence):
    assert trimmed(sentence) == sentence


@given(
    st.lists(
        st.sampled_from(
            [
                "But ",
                "OLDHAVEN (AP) — ",
                "(CNN)",
                "“",
                "”",
                '"',
                " (",
                ") ",
                "[1]",
                "(AP)",
                "Bell",
                " not ",
                ". ",
                "\u202e",
                "\x00",
                "e\u0301",
                "\ud83d",
                "橋",
                "— ",
            ]
        ),
        max_size=12,
    ).map("".join)
)
@example("(CNN)(CNN)")
def test_trimming_leaves_one_piece_inside_and_breaks_no_quotation(sentence):
    whole = Span(0, len(sentence)).trimmed(sentence)
    left = trim(sentence, whole)
    assert whole.contains(left)
    assert bool(left) == bool(whole)
    assert is_balanced(left.of(sentence)) or not is_balanced(whole.of(sentence))
    assert ("not" in left.of(sentence)) == ("not" in sentence)


@pytest.mark.parametrize(
    ("sentence", "balanced"),
    [
        ("“We voted,” Bell said.", True),
        ("We voted,” Bell said.", False),
        ('"We voted, Bell said.', False),
        ("«We voted», Bell said.", True),
        ("The council (all nine voted.", False),
    ],
)
def test_balance(sentence, balanced):
    assert is_balanced(sentence) is balanced
