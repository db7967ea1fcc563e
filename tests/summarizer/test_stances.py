"""Which sentences may be about a target, whose position it is, and which targets cannot be told apart."""

from itertools import pairwise

import pytest

from news.spans import Span
from news.statements import Speaker
from news.targets import BUILT_IN, Target
from summarizer.clauses import words_in
from summarizer.frames import find_frames
from summarizer.models.positions import PASSAGE_PIECES, pieces_in
from summarizer.pipeline import Pipeline
from summarizer.sentences import find_paragraphs
from summarizer.stances.actors import actor_of
from summarizer.stances.faults import fault_of
from summarizer.stances.meaning import Meanings, with_wordings
from summarizer.stances.passages import find_passages
from tests.builders import an_article

FEES = Target("port fees", "Charging ships for calling at a port.", ("charge ships for docking",), ())
CURFEW = Target("night curfew", "Keeping people at home at night.", (), ("let people out at night",))


@pytest.mark.parametrize(
    ("sentence", "nearest"),
    [
        ("Ships that call at Quellport will have to pay a charge.", "port fees"),
        ("Nobody may leave the house after ten in the evening.", "night curfew"),
        ("Both capitals said they would send delegates to the peace talks.", "negotiations now"),
        ("The alliance promised Ruritania that it may join.", "alliance membership"),
        ("Another 200 captured soldiers were swapped on Friday.", "prisoner exchange"),
        ("The bloc froze the assets of nine banks.", "sanctions"),
    ],
)
def test_what_a_sentence_is_about_is_among_the_nearest_few(sentence, nearest):
    meanings = Meanings((*BUILT_IN, FEES, CURFEW))
    near = meanings.near(words_in(sentence, Span(0, len(sentence))))
    assert nearest in [meanings.targets[index].name for index in near.argsort()[-4:]]


@pytest.mark.parametrize("sentence", ["", "He said so.", "…", "It was raining in Dorvan on Sunday."])
def test_a_sentence_about_nothing_of_it_is_near_no_target(sentence):
    near = Meanings((FEES, CURFEW)).near(words_in(sentence, Span(0, len(sentence))))
    assert near.max() < 0.3


def test_a_target_without_wordings_borrows_those_of_the_built_in_one_that_it_is_like():
    borrowed = with_wordings(Target("Ruritanian NATO membership", "Ruritania joining NATO."))
    (built_in,) = (one for one in BUILT_IN if one.name == "alliance membership")
    assert (borrowed.supporting, borrowed.opposing) == (built_in.supporting, built_in.opposing)
    own = Target("school lunches", "Giving every pupil a free lunch.")
    assert with_wordings(own) == own


@pytest.mark.parametrize(
    ("target", "others", "told"),
    [
        (FEES, (CURFEW,), None),
        (Target("port fees"), (), None),
        (Target("things"), (), "says nothing in particular"),
        (Target("everything", "All that is news."), (), "says nothing in particular"),
        (Target("tariffs"), (), "alone says too little"),
        (Target("tariffs", "Whether tariffs."), (), "say more in its description"),
        (Target("port fees", "", (";;;",)), (), "“;;;” of “port fees” says nothing in particular"),
        (Target("port fees", "", ("charge ships",), ("said",)), (), "“said” of “port fees” says nothing"),
        (Target("x", "", ("join the bloc",), ("Join the bloc",)), (), "both for and against"),
        (Target("harbour fees", "Charging ships for calling at a port."), (FEES,), "the same as “port fees”"),
        (Target("port fees", "Charging ships for docking in a harbour."), (FEES,), None),  # itself, put anew
    ],
)
def test_a_target_that_cannot_be_told_apart_is_refused(target, others, told):
    fault = fault_of(target, others)
    assert (fault is None) if told is None else (told in (fault or "")), fault


def test_no_target_that_is_built_in_is_refused():
    assert [fault for one in BUILT_IN if (fault := fault_of(one, BUILT_IN))] == []


@pytest.mark.parametrize(
    ("speaker", "actor"),
    [
        (Speaker("Dmitry Oren", "Castle spokesman Dmitry Oren", "Castle"), ("Castle", "Dmitry Oren")),
        (Speaker("senior official", "a senior official", "Castle", anonymous=True), ("Castle", None)),
        (Speaker("Edda Marlow", "Trade Minister Edda Marlow", "Norland"), ("Edda Marlow", None)),
        (Speaker("Norland", "Norland"), ("Norland", None)),
        (
            Speaker("spokesman for the Harbour Board", "A spokesman for the Harbour Board"),
            ("Harbour Board", None),
        ),
        (
            Speaker("mouthpiece of President Edda Marlow", "The mouthpiece of President Edda Marlow"),
            ("Edda Marlow", None),
        ),
        (Speaker("U", "U"), None),
        (Speaker("military analysts", "military analysts"), None),
        (Speaker("they", "they"), None),
    ],
)
def test_a_spokesman_s_position_is_that_of_the_body_that_he_speaks_for(speaker, actor):
    assert actor_of(speaker) == actor


def test_passages_share_a_sentence_and_leave_none_out():
    text = " ".join(
        f"Sentence number {n} tells of the harbour, its {n} ships and what they bring." for n in range(20)
    )
    frames = find_frames(text, find_paragraphs(text), ())
    passages = list(find_passages(text, frames))
    assert len(passages) > 1
    assert all(a.sentences[-1] == b.sentences[0] for a, b in pairwise(passages))
    covered = {sentence for passage in passages for sentence in passage.sentences}
    assert len(covered) == 20


def test_a_passage_with_subheadings_between_its_sentences_is_read_whole():
    text = "\n\n".join(
        f"The council of harbour {n} met on Monday for a long talk.\n\nHARBOUR {n} AND ITS MANY QUAYS"
        for n in range(20)
    )
    body = [p for p in find_paragraphs(text) if not p.of(text).isupper()]
    passages = list(find_passages(text, find_frames(text, body, ())))
    assert len(passages) > 1
    assert all(pieces_in(passage.span.of(text)) <= PASSAGE_PIECES for passage in passages)


def test_an_article_in_another_language_tells_no_position():
    article = an_article("Der Hafen bleibt zu, sagte der Bürgermeister am Montag. Die Gebühren lehnt er ab.")
    assert Pipeline().positions(article, (), (FEES,)) == ()
