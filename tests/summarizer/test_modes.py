"""Reporting words tell of speech, thought or intention."""

from __future__ import annotations

import pytest

from news.statements import Mode
from summarizer.modes import mode_of


@pytest.mark.parametrize(
    ("cue", "mode"),
    [
        ("said", Mode.SPEECH),
        ("did not say", Mode.SPEECH),
        ("according to", Mode.SPEECH),
        ("the claim", Mode.SPEECH),
        ("recalled", Mode.SPEECH),
        ("lashed out at", Mode.SPEECH),
        (":", Mode.SPEECH),
        ("", Mode.SPEECH),
        ("believes", Mode.THOUGHT),
        ("is convinced", Mode.THOUGHT),
        ("is expected", Mode.THOUGHT),
        ("in her view", Mode.THOUGHT),
        ("wants", Mode.INTENTION),
        ("has no plans", Mode.INTENTION),
        ("his plan", Mode.INTENTION),
        ("vowed", Mode.INTENTION),
        ("said he planned", Mode.INTENTION),  # the last one says it
        ("hoped, he said", Mode.SPEECH),
        ("said in a prepared statement", Mode.SPEECH),
        ("wrote in an opinion piece", Mode.SPEECH),
        ("said in a decision", Mode.SPEECH),
        ("had made a decision", Mode.INTENTION),
    ],
)
def test_mode_of_reporting_words(cue, mode):
    assert mode_of(cue) is mode
