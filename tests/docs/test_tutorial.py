"""The tutorial is typed as it stands, line after line, and what is answered is what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, text_of
from tests.docs.tutorial import ELSEWHERE, PAGE, agree, reading, retold, steps

TEXT = text_of(PAGE)


def test_every_line_of_the_tutorial_is_answered_as_it_shows(tmp_path):
    found = steps(TEXT)
    for there in filter(Path.is_dir, ROOT.iterdir()):  # it is typed in the checkout
        (tmp_path / there.name).mkdir()
    with reading(tmp_path) as reader:
        answers = [reader.type(step) for step in found]
    others = [
        (step.line, step.shown, answer)
        for step, answer in zip(found, answers, strict=True)
        if not agree(step.shown, answer)
    ]
    assert others == [], "python -m tests.docs.tutorial prints what is answered now"
    assert (tmp_path / "my-news" / "oulhassan.png").read_bytes().startswith(b"\x89PNG")


def test_what_the_tutorial_needs_elsewhere_is_there():
    makefile = text_of(ROOT / "Makefile")
    assert re.search(r"^demo:", makefile, re.MULTILINE)
    assert "VENV ?= .venv\n" in makefile
    assert {step.line for step in steps(TEXT)} >= ELSEWHERE


def test_it_has_as_many_steps_as_it_says():
    numbers = [int(number) for number in re.findall(r"^## (\d+)\.", TEXT, re.MULTILINE)]
    assert numbers == list(range(1, 11))
    assert "in ten steps" in TEXT


@pytest.mark.parametrize(
    ("shown", "answered", "same"),
    [
        ("Digest · Thu 5 Dec 2024, 09:00 UTC", "Digest · Fri 27 Nov\n 2026, 14:30 UTC", True),
        ("backed up (700.4 kB).", "backed up (1.2 MB).", True),
        ("2 outlets, 3 articles", "2 outlets, 4 articles", False),
        ("one\n\ntwo", "one two", False),
        ("one\n\n[…]\n\nfour", "one\n\ntwo\n\nthree\n\nfour", True),
        ("one\n\n[…]\n\nthree\n\n[…]", "one\n\ntwo\n\nthree\n\nfour", True),
        ("one\n\n[…]\n\nfive\n\n[…]", "one\n\ntwo\n\nthree\n\nfour", False),
        ("one\n\n[…]", "two\n\nthree", False),
        ("", "an answer", False),
    ],
)
def test_what_differs_is_seen_and_what_passes_is_not(shown, answered, same):
    assert agree(shown, answered) is same


def test_a_page_retold_with_what_it_shows_is_the_page():
    page = "A\n\n```console\n$ attache shell\nattaché> exit\nBye.\n$ cd news\n```\n\nB\n"
    assert [(s.line, s.typed, s.shown) for s in steps(page)] == [
        ("attache shell", ("exit",), "Bye.\n"),
        ("cd news", (), ""),
    ]
    assert retold(page, [step.shown for step in steps(page)]) == page
