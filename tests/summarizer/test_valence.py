"""Who is for or against whom, told from the words of a sentence."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from summarizer.lexicon import lines
from summarizer.stances.polar import Kind, find_cues, listed_entries, words_of
from summarizer.stances.valence import Valence, attitude, valence_of

BELL, REED, NOLL = "Anna Bell", "Tom Reed", "Ida Noll"


@pytest.mark.parametrize(
    ("words", "valence"),
    [
        ("slammed", Valence(-2, 0)),
        ("hailed", Valence(2, 0)),
        ("blasted", Valence(-2, 0)),
        ("betrayed", Valence(-2, -1)),
        ("pours cold water on", Valence(-2, 0)),
        ("throwing her under the bus", Valence(-2, 0)),
        ("criticized", Valence(-2, 0)),
        ("criticised", Valence(-2, 0)),
        ("honored", Valence(2, 0)),
        ("critics", Valence(-2, 0)),
        ("witch hunts", Valence(-2, 0)),
        ("liar", Valence(0, -2)),
        ("walked", None),
        ("", None),
    ],
)
def test_words_have_a_valence(words, valence):
    assert valence_of(words.split()) == valence


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Bell accused Reed of lying", [("accused", False, False), ("lying", False, False)]),
        ("Reed was accused by Bell", [("accused", True, False)]),
        ("Bell did not thank Reed", [("thank", False, True)]),
        ("Bell never hid her admiration for Reed", [("admiration", False, False)]),
        ("Bell refused to endorse Reed", [("endorse", False, True)]),
        ("Bell did not only praise Reed", [("praise", False, False)]),
        ("It was an attack on Reed", [("attack", False, False)]),
        ("Bell sat in the back of the bus", []),
        ("an anti-Reed rally", [("anti", False, False)]),
    ],
)
def test_cues_are_found(sentence, found):
    words = [word.lower() for word in words_of(sentence)]
    assert [(words[cue.start], cue.passive, cue.denied) for cue in find_cues(words)] == found


@pytest.mark.parametrize(
    ("sentence", "source", "target", "sign"),
    [
        ("Anna Bell accused Tom Reed of hiding the bill.", BELL, REED, -1),
        ("Bell thanked Reed for his help.", BELL, REED, 1),
        ("Reed was praised on Monday by Bell.", BELL, REED, 1),
        ("Bell refused to endorse Reed.", BELL, REED, -1),
        ("Bell did not criticise Reed.", BELL, REED, 1),
        ('"Reed is a liar," Bell said.', BELL, REED, -1),
        ("According to Bell, Reed is a hero.", BELL, REED, 1),
        ("Bell condemned the attack on Reed.", BELL, REED, 1),
        ("Bell condemned Noll for betraying Reed.", BELL, NOLL, -1),
        ("Bell attacked Noll for betraying Reed.", BELL, REED, 1),
        ("Bell chose Noll over Reed.", BELL, REED, -1),
        ("Bell chose Noll over Reed.", BELL, NOLL, 1),
        ("Reed's critics include Bell.", BELL, REED, -1),
        ("Bell, an old friend of Reed, spoke first.", BELL, REED, 1),
        ("The Northern Compact is suing the Harbour Party.", "Northern Compact", "Harbour Party", -1),
        ("The NC sued Talvenians.", "Northern Compact", "Talvenia", -1),
        ("She blamed Reed for the crash.", BELL, REED, -1),
        ("Bell thanked him.", BELL, REED, 1),
        ("Reed walked to the station.", BELL, REED, 0),
    ],
)
def test_attitude_has_the_right_sign(sentence, source, target, sign):
    value = attitude(sentence, [source], [target])
    assert (value > 0) - (value < 0) == sign
    assert -1 <= value <= 1


def test_without_a_source_it_is_the_writers():
    assert attitude("Reed's reckless spending was a disaster.", [], [REED]) < 0
    assert attitude("Reed, a brave and brilliant surgeon, retired.", [], [REED]) > 0


def test_other_names_may_mean_the_same_actor():
    assert attitude("The Citadel slammed Talvenia.", ["Kardovia", "Citadel"], ["Talvenia"]) < 0


def test_a_leaning_has_a_say_and_sees_the_names_it_knows():
    seen = []

    def lean(sentence: str) -> float:
        seen.append(sentence)
        return 3.0

    assert attitude("Anna Bell went to see Tom Reed.", [BELL], [REED], lean) > 0
    assert seen == ["Adam went to see Brown ."]


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "“" * 500, "'" * 500, "not " * 2_000, "attack on " * 2_000, "he " * 4_000, "Bell, " * 900,
     "ﬁ𝔄🙂" * 900, "throw " * 3_000, "a" * 100_000],
)  # fmt: skip
def test_hostile_text_is_read_in_no_time(text):
    attitude("Bell blamed Reed.", [BELL], [REED])
    begun = time.process_time()
    for source, target in (([BELL], [REED]), ([], [text]), ([text], [""]), ([" "], [])):
        assert -1 <= attitude(text, source, target) <= 1
    assert time.process_time() - begun < 2


def test_every_entry_is_read_and_stands_there_once():
    entries = [(kind, tuple(words)) for kind, words, _, _ in listed_entries()]
    assert len(entries) == len(set(entries))
    assert all(words[0] != "..." and words[-1] for _, words in entries)
    assert {kind for kind, _ in entries} == set(Kind)
    assert all(valence.toward or valence.of for *_, valence in listed_entries())
    assert all(line.count("|") == 3 for line in lines("valence.txt"))


def test_words_alone_load_no_model():
    code = (
        "import sys; from summarizer.stances.valence import attitude; attitude('A blamed B.', ['A'], ['B']);"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'onnxruntime', 'tokenizers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
