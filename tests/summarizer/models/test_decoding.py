import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.decoding import Found, decode, settle
from summarizer.models.labels import Cue, Link


def outputs(words: int, cues: dict[int, Cue], links: dict[int, str]):
    """Outputs that are sure of what is given: `links` maps a cue's word to a letter a word, as in `Ss.Cc`."""
    letters = {".": 0, "S": 1, "s": 2, "C": 3, "c": 4}
    cue = np.zeros((1, words, len(Cue)), np.float32)
    cue[0, :, Cue.OUTSIDE] = 1
    for at, label in cues.items():
        cue[0, at] = 0
        cue[0, at, label] = 1
    link = np.zeros((len(links), words, len(Link)), np.float32)
    for row, labels in enumerate(links.values()):
        for word, letter in enumerate(labels):
            link[row, word, letters[letter]] = 8
    places = np.array([(0, at) for at in links], np.int64).reshape(-1, 2)
    return cue, places, link, np.zeros((len(Link), len(Link)), np.float32)


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
    (found,) = decode(*outputs(6, {2: Cue.FIRST}, {2: labels}), counts=[6])[0]
    assert (found.cue, found.source, found.content) == ((2, 3), source, content)


def test_a_cue_of_several_words_ends_where_its_words_do():
    (found,) = decode(*outputs(6, {1: Cue.FIRST, 2: Cue.LATER}, {1: "S..Ccc"}), counts=[6])[0]
    assert found.cue == (1, 3)


def test_a_transition_that_the_tagger_learnt_counts():
    cue, places, links, transitions = outputs(6, {2: Cue.FIRST}, {2: "S..CcC"})
    transitions[Link.CONTENT_LATER] = [0, 0, 0, 0, 9]  # after a later word of content comes another
    (found,) = decode(cue, places, links, transitions, counts=[6])[0]
    assert found.content == ((3, 6),)


def test_nothing_is_found_where_no_cue_is_likely():
    assert decode(*outputs(4, {}, {}), counts=[4]) == [[]]


def test_a_cue_without_content_is_no_attribution():
    assert decode(*outputs(4, {1: Cue.FIRST}, {1: "S..."}), counts=[4]) == [[]]


@given(st.data())
def test_nothing_lies_past_the_last_word(data):
    words, count = 9, data.draw(st.integers(1, 9))
    chance = np.random.default_rng(data.draw(st.integers(0, 99)))
    cues = chance.random((1, words, len(Cue))).astype(np.float32)
    places = np.array([(0, at) for at in range(count)], np.int64)
    links = chance.normal(size=(count, words, len(Link))).astype(np.float32) * 3
    transitions = chance.normal(size=(len(Link), len(Link))).astype(np.float32)
    for one in decode(cues, places, links, transitions, counts=[count])[0]:
        assert all(0 <= s < e <= count for s, e in (one.cue, *one.source, *one.content))


def a_find(cue: int, content: tuple[int, int], score: float) -> Found:
    return Found((cue, cue + 1), (), (content,), score)


@pytest.mark.parametrize(
    ("finds", "kept"),
    [
        ([a_find(1, (2, 9), 0.9), a_find(4, (5, 9), 0.8)], [1]),  # a cue inside likelier content
        ([a_find(1, (2, 9), 0.7), a_find(4, (5, 9), 0.8)], [4]),
        ([a_find(1, (2, 5), 0.9), a_find(6, (2, 4), 0.8)], [1]),  # content that is another's
        ([a_find(6, (7, 9), 0.9), a_find(1, (2, 5), 0.8)], [1, 6]),
    ],
)
def test_what_contradicts_something_likelier_goes(finds, kept):
    assert [one.cue[0] for one in settle(finds)] == kept


def test_content_that_two_want_goes_to_the_nearer_cue():
    far = Found((4, 5), ((3, 4),), ((0, 2), (6, 8)), 0.9)  # `“…,” Bell said. “…,” Reed said.`
    near = Found((9, 10), ((8, 9),), ((6, 8),), 0.8)
    kept = settle([far, near])
    assert [(one.cue[0], one.content) for one in kept] == [(4, ((0, 2),)), (9, ((6, 8),))]


def test_the_less_likely_keeps_what_nobody_else_wants():
    likely = Found((4, 5), (), ((6, 8),), 0.9)
    other = Found((12, 13), (), ((6, 8), (13, 15)), 0.8)
    assert [one.content for one in settle([likely, other])] == [((6, 8),), ((13, 15),)]


def test_a_source_in_pieces_is_the_piece_nearest_to_the_cue():
    (found,) = decode(*outputs(7, {3: Cue.FIRST}, {3: "S.S.Ccc"}), counts=[7])[0]
    assert found.source == ((2, 3),)


def test_a_source_that_is_likely_enough_is_taken_where_none_is_likelier_than_not():
    cue, places, links, transitions = outputs(6, {2: Cue.FIRST}, {2: "...Ccc"})
    links[0, 0, Link.SOURCE_FIRST] = links[0, 0, Link.NOTHING] - 0.5
    (found,) = decode(cue, places, links, transitions, counts=[6])[0]
    assert found.source == ((0, 1),)


def test_what_is_dropped_takes_no_content_from_others():
    first = Found((0, 1), (), ((2, 5), (20, 30)), 0.9)
    second = Found((50, 51), (), ((10, 16),), 0.8)
    dropped = Found((12, 13), (), ((20, 30),), 0.6)  # its cue stands in the second's content
    assert settle([first, second, dropped]) == [first, second]
