from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.windows import Window, pack, to_batch
from summarizer.models.words import Case, Quoting, Word

SIZE = 20


def a_word(start: int, pieces: int = 1, *, end: int | None = None, case: Case = Case.LOWER) -> Word:
    return Word(start, end or start + 1, tuple(range(1, pieces + 1)), case, Quoting.OUTSIDE)


def paragraphs_of(lengths: list[list[int]]) -> list[list[Word]]:
    """Paragraphs of words with so many pieces each, one place apart."""
    places = iter(range(0, 1_000_000, 3))
    return [[a_word(next(places), pieces) for pieces in paragraph] for paragraph in lengths]


@given(st.lists(st.lists(st.integers(1, 16), max_size=40), max_size=12), st.integers(4, SIZE))
def test_windows_hold_every_word_once_and_none_is_too_long(lengths, first):
    paragraphs = paragraphs_of(lengths)
    windows = list(pack(paragraphs, size=SIZE, first=first))
    assert [w for window in windows for w in window.words] == [w for p in paragraphs for w in p]
    assert all(window.pieces <= SIZE for window in windows)


def test_paragraphs_that_fit_share_a_window_with_a_separator_between():
    one, two, three = paragraphs_of([[1, 1], [2], [16]])
    assert list(pack([one, two, three], size=SIZE)) == [
        Window((*one, *two), frozenset((2,))),
        Window(tuple(three), frozenset()),
    ]


def test_a_long_paragraph_is_parted_where_a_sentence_ends():
    words = [a_word(3 * i) for i in range(30)]
    words[14] = a_word(3 * 14)
    words[15] = a_word(3 * 15, case=Case.CAPITALISED)
    first, second = pack([words], size=SIZE)
    assert (len(first.words), len(second.words)) == (15, 15)


def test_a_batch_says_where_each_words_first_piece_stands():
    one, two = paragraphs_of([[2, 1], [1]])
    batch = to_batch([Window((*one, *two), frozenset((2,))), Window(tuple(two), frozenset())])
    assert batch.pieces.tolist() == [[101, 1, 2, 1, 102, 1, 102], [101, 1, 102, 0, 0, 0, 0]]
    assert batch.words.tolist() == [[1, 3, 5], [1, 0, 0]]
    assert batch.mask.tolist() == [[1] * 7, [1, 1, 1, 0, 0, 0, 0]]
    assert batch.counts == (3, 1)
