"""What articles are compared by: the same words are the same bytes, whatever stands around them."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from news.stories import Signature
from summarizer.pipeline import Pipeline
from summarizer.signatures import SHINGLES, sign
from tests.builders import an_article

TITLE = "Ferry runs aground off Sandrey"
TEXT = (
    "A ferry with sixty passengers ran aground on a sandbank off Sandrey on Monday evening. Nobody was hurt, said the "
    "harbour master, Ottilie Brask. Two tugs waited for the tide to pull her free before midnight."
)


def counts(signature: Signature) -> dict[int, int]:
    """Term to how often it counts."""
    number = len(signature.terms) // 5
    hashes = np.frombuffer(signature.terms, np.uint32, number).tolist()
    return dict(zip(hashes, signature.terms[4 * number :], strict=True))


def shared(one: Signature, other: Signature) -> float:
    first, second = (np.frombuffer(s.shingles, np.uint32) for s in (one, other))
    return float((first == second).mean())


def test_the_same_words_are_the_same_bytes():
    assert sign(TITLE, TEXT) == sign(TITLE, TEXT)


def test_the_same_words_are_the_same_bytes_in_another_process():
    code = f"from summarizer.signatures import sign; s = sign({TITLE!r}, {TEXT!r}); print((s.terms + s.shingles).hex())"
    seeded = {"PYTHONHASHSEED": "77"}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=seeded, text=True
    )
    here = sign(TITLE, TEXT)
    assert told.stdout.strip() == (here.terms + here.shingles).hex()


def test_a_signature_has_the_form_that_it_is_read_by():
    signature = sign(TITLE, TEXT)
    assert (len(signature.vector), len(signature.shingles)) == (384, 4 * SHINGLES)
    assert len(signature.terms) % 5 == 0
    assert list(counts(signature)) == sorted(counts(signature))
    assert np.abs(np.frombuffer(signature.vector, np.int8)).max() == 127


def test_a_title_that_the_text_repeats_counts_once():
    assert sign(TITLE, f"{TITLE}\n\n{TEXT}") == sign(TITLE, f"\n\n{TEXT}")
    assert sign(TITLE, f"{TITLE}\n\n{TEXT}").terms == sign(TITLE, TEXT).terms
    assert sign(None, f"{TITLE}\n\n{TEXT}") != sign(TITLE, f"{TITLE}\n\n{TEXT}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
        ("closes", "closed"),
        ("ferry's", "ferry"),
        ("the iron bridge", "iron bridge"),
        ("Oldtown’s", "Oldtown's"),
    ],
)
def test_spellings_endings_and_function_words_make_no_difference(one, other):
    words = "Tolland Reeve spoke of it in Sandrey."
    assert sign(None, f"{one} {words}").terms == sign(None, f"{other} {words}").terms


@pytest.mark.parametrize(("one", "other"), [("Renn", "Brask"), ("17", "21"), ("opened", "burned")])
def test_names_figures_and_words_make_a_difference(one, other):
    assert sign(None, f"In Sandrey {one} there").terms != sign(None, f"In Sandrey {other} there").terms


def test_titles_names_figures_and_the_beginning_count_more():
    text = "plain words here. " + "filler stuff again " * 40 + "gravel Brask 17"
    late = counts(sign(None, text))
    early = counts(sign(None, "gravel Brask 17 " + text))
    titled = counts(sign("gravel", text))
    once = counts(sign(None, "gravel"))
    (gravel,) = once
    assert (late[gravel], early[gravel], titled[gravel]) == (1, 3, 4)
    (name,), (figure,) = counts(sign(None, "Brask")), counts(sign(None, "17"))
    assert (late[name], late[figure]) == (2, 2)


def test_an_edit_shares_most_runs_of_words_and_another_text_none():
    edited = TEXT.replace("sixty", "seventy") + " More soon."
    other = "The council of Quellport will vote in May on a new market hall, which traders have wanted for thirty years and more, it said on Friday evening."
    assert shared(sign(None, TEXT), sign(None, edited)) > 0.65
    assert shared(sign(None, TEXT), sign(None, other)) < 0.1


def test_a_short_text_is_told_from_no_copy():
    assert sign(TITLE, " ".join(["word"] * 23)).shingles == b""
    assert len(sign(TITLE, " ".join(["word"] * 24)).shingles) == 4 * SHINGLES


def test_only_the_beginning_of_a_long_text_is_compared():
    words = " ".join(
        f"word{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(2_000)
    )
    assert sign(None, words) == sign(None, words[:8_000] + "!" * 10 + " other things entirely")
    assert len(counts(sign(None, words))) == 500


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud83d",
        "\u202e" * 50,
        "“" * 9_000,
        "a" * 9_000,
        "-".join("ab" * 4_000),
        "1," * 4_500,
        "市议会" * 900,
        "’s " * 3_000,
        "e\u0301" * 4_000,
        "\ufdfa " * 3_000,
        "the of and " * 800,
    ],
)
def test_any_text_has_a_signature(text):
    for title, body in ((None, text), (text, TEXT), (TITLE, text), (text, text)):
        made = Pipeline().sign(an_article(body, title=title))
        assert len(made.vector) == 384
        assert len(made.terms) % 5 == 0
        assert len(made.shingles) in (0, 4 * SHINGLES)
        assert len(made.terms) <= 5 * 500
