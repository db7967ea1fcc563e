"""Who the sources are: names, affiliations, pronouns, and the cases where nobody can be told."""

from __future__ import annotations

import pytest

from tests.summarizer.reading import brief_of

NAMES = [
    # text, name of the last statement's speaker, affiliation, anonymous
    ("Orla Finch said it rained.", "Orla Finch", None, False),
    ("Castle spokesperson Orla Finch said it rained.", "Orla Finch", "Castle", False),
    ("Foreign Ministry spokeswoman Orla Finch said it rained.", "Orla Finch", "Foreign Ministry", False),
    (
        "Orla Finch, the spokeswoman for the Harbour Board, said it rained.",
        "Orla Finch",
        "Harbour Board",
        False,
    ),
    (
        "A spokeswoman for the Harbour Board, Orla Finch, said it rained.",
        "Orla Finch",
        "Harbour Board",
        False,
    ),
    ("Ruritanian President Orla Finch said it rained.", "Orla Finch", None, False),
    ("Ruritanian Deputy Foreign Minister Orla Finch said it rained.", "Orla Finch", None, False),
    ("ATLAS Secretary General Orla Finch said it rained.", "Orla Finch", "ATLAS", False),
    ("Former Castle spokesman Tom Reed said it rained.", "Tom Reed", None, False),
    ("Mr. Reed said it rained.", "Reed", None, False),
    ("Reed, 54, a lawyer, said it rained.", "Reed", None, False),
    ("President Joan Cole and Prime Minister Ali Nur said it rained.", "Joan Cole and Ali Nur", None, False),
    ("A nurse at the hospital said it rained.", "nurse at the hospital", None, True),
    ("Tom Reed, a driver for the Harbour Board, said it rained.", "Tom Reed", None, False),
    ("Tom Reed, chief economist at the Harbour Bank, said it rained.", "Tom Reed", None, False),
    ("Tom Reed, chief executive of the Harbour Bank, said it rained.", "Tom Reed", "Harbour Bank", False),
    ("Tom Reed, the head of the delegation, said it rained.", "Tom Reed", None, False),
    ("Ruritania’s sitting governor Tom Reed said it rained.", "Tom Reed", "Ruritania", False),
    ("Castle spokesman the Rev. Tom Reed said it rained.", "Tom Reed", "Castle", False),
    ("One of them, a senior official, said it rained.", "senior official", None, True),
    ("Sen. Tom Reed (Q-Oldtown) said it rained.", "Tom Reed", None, False),
    ("Tom Reed, 54, said it rained.", "Tom Reed", None, False),
    ("His top aide, Tom Reed, said it rained.", "Tom Reed", None, False),
    ("Castle spokesman Tom Reed spoke. Reed said it rained.", "Tom Reed", "Castle", False),
    ("Castle spokesman Tom Reed said no more. Reed said it rained.", "Tom Reed", "Castle", False),
    ("The treaty was signed by Tom Reed in May. Reed said it rained.", "Tom Reed", None, False),
    ("The Castle said it rained.", "Castle", None, False),
    ("Ruritania said it rained.", "Ruritania", None, False),
    ("The Ruritanian leadership believes it rained.", "Ruritanian leadership", None, False),
    ("Both Ruritania and Graustark said it rained.", "Ruritania and Graustark", None, False),
    ("Analysts said it rained.", "Analysts", None, True),
    ("Harbour pilots said it rained.", "Harbour pilots", None, False),
    ("On Monday pilots said it rained.", "pilots", None, True),
    ("Osmaran diplomat Tom Reed said it rained.", "Tom Reed", None, False),
    ("The dockers’ leader is Tom Reed. Reed said it rained.", "Tom Reed", None, False),
    ("A senior official said it rained.", "senior official", None, True),
    ("Ruritanian officials said it rained.", "Ruritanian officials", None, True),
    (
        "A spokesman for the Harbour Board said it rained.",
        "spokesman for the Harbour Board",
        "Harbour Board",
        True,
    ),
    (
        "“It rained,” said a resident of Oldtown, who asked not to be named.",
        "resident of Oldtown",
        None,
        True,
    ),
    (
        (
            "Ruritanian President Tom Reed said so. Graustarkian President Orla Finch said no. It was late.\n"
            "The Ruritanian president said it rained."
        ),
        "Tom Reed",
        None,
        False,
    ),
]


@pytest.mark.parametrize(("text", "name", "affiliation", "anonymous"), NAMES)
def test_speaker_has_the_fullest_name_and_its_side(text, name, affiliation, anonymous):
    speaker = brief_of(text).statements[-1].speaker
    assert speaker is not None
    assert (speaker.name, speaker.affiliation, speaker.anonymous) == (name, affiliation, anonymous)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tom Reed arrived. He said it rained.", "Tom Reed"),
        ("Tom Reed said it rained. “It will stop,” he added.", "Tom Reed"),
        ("Tom Reed said it rained.\n“He is late again today,” he added, “as he always is.”", "Tom Reed"),
        ("Tom Reed said Bob Gray was late. He urged them to wait.", "Tom Reed"),
        ("Mary Ellis met Tom Reed on Monday. She said it rained.", "Mary Ellis"),
        ("Mary Ellis met Tom Reed on Monday. He said it rained.", "Tom Reed"),
        ("Tom Reed, who said it rained, left.", "Tom Reed"),
        ("Bob Gray heard something else. Tom Reed praised the weather, he noted.", "Bob Gray"),
        ("Mary Ellis, head of the Dockers’ League, arrived.\n“It rained,” she said.", "Mary Ellis"),
        ("The Castle said no. It said it rained.", "Castle"),
        (
            "Maira Kelv spoke. Her spokesman, Tiit Morr, sat by.\n“It rained,” she said.",
            "Maira Kelv",
        ),
        (
            (
                "Castle spokesman Lev Tarr spoke.\nAsked whether President Rado Malek knew, he smiled."
                " “The president reads everything, and he reads it twice,” he said."
            ),
            "Lev Tarr",
        ),
        ("Tom Reed spoke.\nChief executive Lucan Orde resigned. He said it rained.", "Lucan Orde"),
        ("“It rained,” Tom Reed said, adding that it was cold.", "Tom Reed"),
    ],
)
def test_pronoun_is_the_nearest_one_it_can_be(text, name):
    speaker = brief_of(text).statements[-1].speaker
    assert speaker is not None
    assert speaker.name == name


@pytest.mark.parametrize(
    "text",
    [
        "He said it rained.",
        "They said it rained.",
        "I said it rained.",
        "Her office said it rained.",
        "On Monday Tom Reed and Bob Gray met in the old harbour. He said it rained.",
        "Mary Ellis arrived. He said it rained.",
        "Spokesman Tiit Morr arrived. “It rained,” she said.",
        "Maira Kelv arrived. She said no. Nobody slept. “It rained,” he said.",
        "Paul Stein’s deputy arrived. “It rained,” he said.",
        "Paul Stein said no. Stein’s deputy arrived. “It rained,” he said.",
        "Paul Stein said no. A driver arrived. “It rained,” he said.",
        "Castle spokesman Lev Tarr said no. If it rains, Irena Dolsk can come. He said it rained.",
        "60 percent of the voters said it rained.",
        "Tom Reed arrived.\nIt was a long day.\nNobody slept that night.\nThe sun came up.\nHe said it rained.",
    ],
)
def test_speaker_is_nobody_rather_than_a_guess(text):
    assert brief_of(text).statements[-1].speaker is None


def test_mention_is_the_source_as_it_stands():
    text = "Castle spokesman Tom Reed said no. He said it rained."
    assert [s.speaker.mention for s in brief_of(text).statements if s.speaker] == [
        "Castle spokesman Tom Reed",
        "He",
    ]


def test_two_persons_of_one_surname_are_not_mixed_up():
    text = (
        "Tom Reed and Mary Reed came. Mary Reed said that it was late. Mr. Reed said that it rained."
        " Reed said that it snowed."
    )
    names = [s.speaker and s.speaker.name for s in brief_of(text).statements]
    assert names == ["Mary Reed", "Tom Reed", None]
