import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.decoding import Found, decode, settle
from summarizer.models.labels import Cue, Link


def scores(words: int, cues: dict[int, Cue], links: dict[int, str]):
    """Logits that are sure of what is given: `links` maps a cue's word to a letter a word, as in `Ss.Cc`."""
    letters = {".": 0, "S": 1, "s": 2, "C": 3, "c": 4}
    cue = np.zeros((1, words, len(Cue)), np.float32)
    cue[0, :, Cue.OUTSIDE] = 4
    for at, label in cues.items():
        cue[0, at] = [0, 0, 0]
        cue[0, at, label] = 8
    link = np.zeros((1, words, words, len(Link)), np.float32)
    for at, labels in links.items():
        for word, letter in enumerate(labels):
            link[0, at, word, letters[letter]] = 8
    return cue, link


@pytest.mark.parametrize(
    ("labels", "source", "content"),
    [
        ("Ss.Ccc", ((0, 2),), ((3, 6),)),
        ("Cc.CcS", ((5, 6),), ((0, 2), (3, 5))),
        ("...CCc", (), ((3, 4), (4, 6))),
        ("Ss.ccc", ((0, 2),), ((3, 6),)),  # a later word needs a first one
    ],
)
def test_source_and_content_are_ranges_of_words(labels, source, content):
    (found,) = decode(*scores(6, {2: Cue.FIRST}, {2: labels}), [6], least=0.5)[0]
    assert (found.cue, found.source, found.content) == ((2, 3), source, content)


def test_a_cue_of_several_words_ends_where_its_words_do():
    (found,) = decode(*scores(6, {1: Cue.FIRST, 2: Cue.LATER}, {1: "S..Ccc"}), [6], least=0.5)[0]
    assert found.cue == (1, 3)


def test_a_cue_without_content_is_no_attribution():
    assert decode(*scores(4, {1: Cue.FIRST}, {1: "S..."}), [4], least=0.5) == [[]]


@given(st.data())
def test_nothing_lies_past_the_last_word(data):
    words, count = 9, data.draw(st.integers(1, 9))
    chance = np.random.default_rng(data.draw(st.integers(0, 99)))
    cues = chance.normal(size=(1, words, len(Cue))).astype(np.float32) * 3
    links = chance.normal(size=(1, words, words, len(Link))).astype(np.float32) * 3
    for one in decode(cues, links, [count], least=0.1)[0]:
        assert all(0 <= s < e <= count for s, e in (one.cue, *one.source, *one.content))


def a_find(cue: int, content: tuple[int, int], score: float) -> Found:
    return Found((cue, cue + 1), (), (content,), score, 1.0)


@pytest.mark.parametrize(
    ("finds", "kept"),
    [
        ([a_find(1, (2, 9), 0.9), a_find(4, (5, 9), 0.8)], [1]),  # a cue inside likelier content
        ([a_find(1, (2, 9), 0.7), a_find(4, (5, 9), 0.8)], [4]),
        ([a_find(1, (2, 5), 0.9), a_find(6, (2, 4), 0.8)], [1]),  # content that is another's
        ([a_find(6, (7, 9), 0.9), a_find(1, (2, 5), 0.8)], [1, 6]),
        ([a_find(1, (2, 5), 0.4)], []),
    ],
)
def test_what_contradicts_something_likelier_goes(finds, kept):
    assert [one.cue[0] for one in settle(finds, least=0.5)] == kept
