"""Which language a text is in, and what is read of one that is not English."""

from __future__ import annotations

import pytest

from news.statements import Kind
from summarizer.language import find_language
from tests.summarizer.reading import brief_of, words

GERMAN = "Der Rat hat am Montag die Brücke für zwei Jahre gesperrt. „Wir haben leider keine andere Wahl mehr“, sagte sie."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council of the town said that it was closed for the winter.", "en"),
        (GERMAN, "de"),
        ("Le conseil de la ville a fermé le pont et les habitants sont en colère.", "fr"),
        ("Рада міста закрила міст на два роки, і це не сподобалося жителям, але що робити.", "uk"),
        ("Rain.", None),
        ("", None),
        ("12 34 56 😀", None),
    ],
)
def test_language_is_told_by_its_common_words(text, language):
    assert find_language(text) == language


def test_foreign_text_gives_its_quotations_and_a_flag():
    brief = brief_of(GERMAN)
    assert brief.language == "de"
    assert [words(GERMAN, s.content) for s in brief.statements] == [
        "„Wir haben leider keine andere Wahl mehr“"
    ]
    assert [(s.kind, s.speaker) for s in brief.statements] == [(Kind.DIRECT, None)]
    assert [flag.kind for flag in brief.flags] == ["language"]


def test_language_that_the_page_declares_is_kept():
    assert brief_of("Rain fell.", language="en").language == "en"
