"""The position reader's weights: small enough, read as far as they say, whatever the text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from news.stances import Position
from summarizer.models import positions
from summarizer.models.positions import (
    ALONE,
    MOST_TARGETS,
    PASSAGE_PIECES,
    TARGET_PIECES,
    TOGETHER,
    pieces_in,
    pieces_of,
    read_positions,
)

TOLL = pieces_of(
    "bridge toll", "Charging drivers for crossing the bridge.", ["charge drivers"], ["free crossing"]
)
CURFEW = pieces_of("night curfew", "Keeping people at home at night.", [], [])
TEXT = "The drivers' union rejected a toll on the Dorvan bridge, which Mayor Orla Finch has proposed."


def told(text: str, *targets: list[int]) -> list[list[tuple[str, Position]]]:
    read = read_positions(targets, text)
    return [[(held.span.of(text), held.position) for held in some if held.score >= 0.5] for some in read]


@pytest.mark.parametrize(("model", "most"), [(TOGETHER, 25_000_000), (ALONE, 120_000_000)])
def test_weights_stay_small_and_in_files_that_every_host_of_code_takes(model, most):
    sizes = [file.stat().st_size for file in model.parent.glob(f"{model.stem}.*")]
    assert sum(sizes) <= most
    assert max(sizes) <= 50_000_000


def test_only_what_seems_to_be_a_position_is_read_twice(monkeypatch, tmp_path):
    monkeypatch.setattr(positions, "ALONE", tmp_path / "none.onnx")
    assert told("It rained in the harbour all day long.", TOLL, CURFEW) == [[], []]
    with pytest.raises(Exception, match=r"none\.onnx"):
        told(TEXT, TOLL)


def test_who_is_for_and_who_against_is_told_with_their_words():
    toll, curfew = told(TEXT, TOLL, CURFEW)
    assert toll == [("The drivers' union", Position.OPPOSES), ("Mayor Orla Finch", Position.SUPPORTS)]
    assert curfew == []


def test_initials_keep_their_last_full_stop():
    (toll,) = told("The U.S. rejected a toll on the Dorvan bridge.", TOLL)
    assert toll == [("The U.S.", Position.OPPOSES)]


def test_each_target_has_its_own_answer_in_the_order_of_the_targets():
    assert told(TEXT, CURFEW, TOLL) == told(TEXT, TOLL, CURFEW)[::-1]


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "…", "—", "(!)", "x" * 5_000, "12 34 56", "؟ النص"])
def test_text_without_words_that_name_anybody_is_read_all_the_same(text):
    for some in read_positions([TOLL, CURFEW], text):
        for held in some:
            assert held.span.of(text).strip()
            assert 0 <= held.score <= 1


def test_a_word_that_finds_no_room_names_nobody():
    """Half of a name is somebody else's."""
    filler = "It was a long and rainy day in the harbour. " * 20
    at = next(
        n for n in range(len(filler)) if pieces_in(filler[:n]) == PASSAGE_PIECES - 4 and filler[n] == " "
    )
    text = f"{filler[:at]} Mayor Anna Kowalczykiewiczowska rejected the bridge toll."
    assert pieces_in(text[: text.index("ska")]) > PASSAGE_PIECES
    assert all(held.span.end <= text.index("Kowal") for held in read_positions([TOLL], text)[0])


def test_marks_of_the_reader_in_a_text_are_only_characters():
    text = "The drivers' union [SEP] rejected [PAD] a toll on the Dorvan bridge [CLS]."
    assert told(text, TOLL)[0][0][0].startswith("The drivers' union")
    assert pieces_in("[SEP]") == 3


def test_no_target_and_too_many_targets():
    assert read_positions([], TEXT) == []
    with pytest.raises(ValueError, match=f"At most {MOST_TARGETS} targets"):
        read_positions([TOLL] * (MOST_TARGETS + 1), TEXT)


def test_what_is_longer_than_the_reader_takes_is_read_as_far_as_that():
    long = f"{TEXT} " * 40
    found = read_positions([TOLL], long)[0]
    assert found
    assert all(pieces_in(long[: held.span.end]) <= PASSAGE_PIECES for held in found)


def test_a_long_description_leaves_room_for_a_wording_of_each_side():
    pieces = pieces_of(
        "toll", "A charge of some kind " * TARGET_PIECES, ["charge drivers"], ["free crossing"]
    )
    without = pieces_of("toll", "A charge of some kind " * TARGET_PIECES, ["charge drivers"], [])
    assert len(without) < len(pieces) <= TARGET_PIECES


def test_a_wording_that_finds_no_room_is_left_out_whole():
    short = pieces_of("toll", "A charge.", ["charge drivers", "a word " * TARGET_PIECES], [])
    assert short == pieces_of("toll", "A charge.", ["charge drivers"], [])
    assert len(pieces_of("toll", "A charge of some kind " * TARGET_PIECES, [], [])) == TARGET_PIECES


def test_several_threads_read_the_same():
    assert told(TEXT, TOLL)[0]
    with ThreadPoolExecutor(4) as pool:
        assert all(found == told(TEXT, TOLL) for found in pool.map(lambda _: told(TEXT, TOLL), range(8)))
