"""Which sentences may be shown without their surroundings."""

from __future__ import annotations

import pytest

from summarizer.standing import stands_alone
from summarizer.trimming import trim
from tests.summarizer.marked import frames_of


def stands(sentence, *, first=False):
    (frame,) = frames_of(sentence)
    return stands_alone(sentence, frame, trim(sentence, frame.span), first=first)


@pytest.mark.parametrize(
    "sentence",
    [
        "The council voted to close the iron bridge.",
        "Anna Bell said she would vote for the bridge.",
        "The mayor said he would close the bridge.",
        "A woman who lost her house in the flood was found.",
        "When she was asked about it, Bell said nothing at all.",
        "There were no injuries when the bridge fell.",
        "Residents said they would leave their homes at once.",
        "“The bridge is closed,” said the mayor, Tom Reed.",
        "But Bell said that the bridge was safe.",
        "On Monday, the council voted to close the bridge.",
        "The former minister Anna Bell voted against the bridge.",
        "In response to the flood, the council closed the bridge.",
        "At the time of the flood, the bridge was closed.",
        "The bridge has lost its lamps, its paint and its keeper.",
        "Bell asked: “Who is going to pay for it?” and left the room.",
        "市议会周一投票决定关闭铁桥两年。",
        "Η πόλη ψήφισε τη Δευτέρα να κλείσει τη γέφυρα.",
    ],
)
def test_whole_sentences_stand(sentence):
    assert stands(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "He said that the bridge was not safe.",
        "She was taken to hospital with a broken leg.",
        "They had waited for the ferry for five hours.",
        "It was raining when the vote came in.",
        "His mother, Anna Bell, called the harbour office.",
        "That is why the council closed the bridge.",
        "This was the third bridge to close in May.",
        "But the council voted to close the bridge.",
        "However, the council voted to close the bridge.",
        "Then the council voted to close the bridge.",
        "In a statement, he said the bridge was closed.",
        "On Monday, they voted to close the bridge.",
        "In Oldhaven, she told reporters the bridge was closed.",
        "Officers said he was arrested near the bridge.",
        "“The bridge is closed,” he told the council on Monday.",
        "“She said that it would never be safe,” Bell recalled.",
        "Who is going to pay for the iron bridge?",
        "“Will the bridge ever open again for us?”",
        "“The bridge will stay closed for two years.”",
        "The council voted to close the bridge and then…",
        "The council voted to close the bridge and [...]",
        "The council voted to close the bridge for",
        "and that the bridge would be closed in May.",
        "At the time, Bell offered to close the bridge.",
        "As a result, the council closed the bridge.",
        "For his part, Bell voted to close the bridge.",
        "One of them voted to close the bridge.",
        "After that, the council closed the bridge.",
        "Rain fell.",
        "The council " + "voted and " * 40 + "left.",
        "Mr Bell's “bridge to nowhere was closed on Monday.",
        "Anna Bell (left) opens the bridge in Oldhaven.",
        "Sign up for our letter about the harbour.",
    ],
)
def test_what_needs_its_surroundings_or_is_no_sentence_does_not(sentence):
    assert not stands(sentence)


def test_what_begins_an_article_points_back_to_nothing():
    assert stands("He is known to everybody on the quay as the man with the goat.", first=True)
