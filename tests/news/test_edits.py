"""What an edit took away, told by words alone: never by offsets, nor by what a reader happened to find again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news.answers import quote_of
from news.edits import corrects, cut_short, uttered_by, uttered_in, withdrawn
from news.statements import Kind
from tests.builders import a_span, a_speaker, a_statement, an_article

REOPEN = "We will reopen the bridge in May, come what may"


def said(text: str, *words: str, speaker: str | None = "Edda Marlow"):
    """A statement whose content are these pieces of the text."""
    statement = a_statement(text, words[0], speaker=speaker)
    return replace(statement, content=tuple(a_span(text, piece) for piece in words))


def lost(before, after, *, found=None, was=None, speaker="Edda Marlow", by="Edda Marlow") -> bool:
    """Whether what the older text quotes is gone from the newer one, in which `found` are the statements."""
    one = f"She spoke. “{before}” it said."
    other = f"“{after}” it said."
    old = said(one, *(was or [before]), speaker=speaker)
    new = [said(other, *(found or [after]), speaker=by)] if found != [] else []
    gone = withdrawn([old], one, new, other)
    assert gone in ((), (old,))
    return bool(gone)


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        (REOPEN, REOPEN, False),
        (REOPEN, REOPEN.upper(), False),
        (REOPEN, REOPEN.replace(", ", " — "), False),
        (REOPEN, f"Yes. {REOPEN}, and soon", False),
        (REOPEN, REOPEN.replace("the bridge", "this bridge"), False),
        (REOPEN, REOPEN.replace("reopen", "reopne"), False),
        (REOPEN, REOPEN.replace("reopen", "re-open"), True),  # two words for one: shown rather than judged
        (REOPEN, REOPEN.replace("the bridge ", ""), True),
        (REOPEN, REOPEN.replace("bridge", "tunnel"), True),
        (REOPEN, REOPEN.replace("will", "won’t"), True),
        (REOPEN, REOPEN.replace("will", "will not"), True),
        (REOPEN, REOPEN.replace("will", "will never"), True),
        (REOPEN, REOPEN.replace("reopen", "close"), True),
        (REOPEN, "Nothing of the kind", True),
        (REOPEN, "the bridge in May, come what may we will reopen", True),
        ("They built three bridges in the old town by May", "They built two bridges in the old town by May", True),
        ("They built 3 bridges in the old town by May", "They built 5 bridges in the old town by May", True),
        ("They built 13 bridges in the old town by May", "They built 13,5 bridges in the old town by May", True),
        ("It is likely that they build it by May", "It is unlikely that they build it by May", True),
        ("It is legal all the same, so we do it", "It is illegal all the same, so we do it", True),
        ("They come back here on Tuesday with the rest", "They come back here on Thursday with the rest", True),
        ("They went to Iran with the rest of us", "They went to Iraq with the rest of us", True),
        ("No", "Nobody", True),
        ("—", "Never", False),  # no words: nothing to tell
        ("港は動かない", "「港は動かない」と", False),
        ("港は動かない", "港はもう動く", True),
        ("Café Düna schließt", "CAFE DUNA SCHLIESST", False),
    ],
)  # fmt: skip
def test_words_are_gone_where_the_newer_text_says_otherwise(before, after, gone):
    assert lost(before, after) is gone


def test_words_that_stand_are_not_gone_though_nobody_is_found_to_say_them():
    assert not lost(REOPEN, REOPEN, found=[])
    assert not lost(REOPEN, REOPEN, by="Tobin Okafor")
    assert not lost(REOPEN, REOPEN, by=None)


@pytest.mark.parametrize(
    ("speaker", "by", "gone"),
    [
        ("Edda Marlow", "Edda Marlow", False),
        ("Edda Marlow", "Marlow", False),
        ("Marlow", "Edda Marlow", False),
        (None, None, False),
        ("Edda Marlow", "Ida Marlow", True),
        ("Edda Marlow", "Tobin Okafor", True),
        ("Edda Marlow", None, True),
    ],
)
def test_a_correction_is_of_the_same_mouth(speaker, by, gone):
    assert lost(REOPEN, REOPEN.replace("bridge", "brigde"), speaker=speaker, by=by) is gone


def test_pieces_stand_where_they_stand_in_order():
    pieces = ["We will reopen", "the bridge in May"]
    whole = "We will reopen, she said, the bridge in May"
    assert not lost(whole, f"Well, {whole}", was=pieces, found=[])
    assert not lost(whole, "We will reopen the bridge in May", was=pieces, found=[])
    assert lost(whole, "The bridge in May, she said: We will reopen", was=pieces, found=[])
    # The same words, with others between them now.
    assert not lost("We will reopen the bridge in May", whole, found=pieces)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("", "", True),
        ("a b c d e", "a b c d e", True),
        ("we shall see the bridges", "we shall see bridges", True),
        ("we shall see the bridges", "we shall see her bridges", False),
        ("we shall see", "we shall see the the the", False),
        ("w1 x y z v", "w2 x y z v", False),
        ("no x y z v", "so x y z v", False),
        ("mayor x y z v", "mayors x y z v", True),
        ("u" * 60 + "a b c d e", "u" * 60 + "b b c d e", False),  # too long to be a word
    ],
)
def test_a_correction_changes_spellings_and_slight_words_alone(one, other, same):
    assert corrects(one.split(), other.split()) is same
    assert corrects(other.split(), one.split()) is same


@pytest.mark.parametrize("kind", list(Kind))
def test_a_quote_has_the_words_of_its_statement(kind):
    text = "“We will,” she said … then “ … reopen … it,” then."
    statement = replace(said(text, "“ … reopen … it,”", "“We will,”"), kind=kind)
    assert uttered_by(quote_of(statement, an_article(text))) == uttered_in(statement, text)
    nobody = replace(statement, speaker=None)
    assert uttered_in(nobody, text).speaker == ""
    assert uttered_in(replace(nobody, speaker=a_speaker("Edda Marlow")), text).parts == (
        " we will ",
        " reopen it ",
    )


PAGE = "\n".join(f"Sentence {n} of the long page has words of its own." for n in range(40))


@pytest.mark.parametrize(
    ("after", "cut"),
    [
        (PAGE[:800], True),
        (f"{PAGE[:800]} Subscribe to read on.", True),
        (PAGE[800:], False),  # the end alone
        (PAGE[:1500], False),  # most of it
        (
            f"{PAGE[:1100]} An earlier version of this article was wrong about much of what it said.",
            False,
        ),
        ("Please confirm that you are human, and then go on to the page that you asked for.", True),
        ("This article was withdrawn.", True),  # by its outlet or by a page in between: nobody can tell
        ("", True),
    ],
)
def test_a_page_that_shows_its_beginning_alone_took_nothing_back(after, cut):
    text = f"{PAGE}\n“{REOPEN}” it said."
    assert cut_short(text, after) is cut
    old = said(text, REOPEN)
    assert withdrawn([old], text, [], after) == (() if cut else (old,))


def test_a_short_text_is_never_cut_short():
    assert not cut_short(PAGE[:150], PAGE[:30])


def test_hundreds_of_statements_of_a_long_text_are_told_apart():
    text = "\n".join(f"“Sentence {n} of a long speech in {n} words,” said Edda Marlow." for n in range(1_500))
    words = [f"Sentence {n} of a long speech in {n} words" for n in range(0, 1_500, 3)]
    old = [said(text, one) for one in words]
    newer = text.replace("speech", "talk")
    assert withdrawn(
        old, text, [said(newer, one.replace("speech", "talk")) for one in words], newer
    ) == tuple(old)
    assert withdrawn(old, text, [], f"Now: {text}") == ()
