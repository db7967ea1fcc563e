"""Who is reported as saying what, pattern by pattern and trap by trap."""

from __future__ import annotations

import pytest

from news.statements import Kind, Mode, Withheld
from tests.summarizer.reading import brief_of, statements_in, words

MISREAD = pytest.mark.xfail(
    strict=True, reason="the tagger reads it otherwise; a better one will be told of by this"
)

DIRECT = [
    ("“The bridge is safe,” Orla Finch said.", "Orla Finch", "said", "“The bridge is safe,”"),
    ('"The bridge is safe," Orla Finch said.', "Orla Finch", "said", '"The bridge is safe,"'),
    ("‘The bridge is safe,’ Orla Finch said.", "Orla Finch", "said", "‘The bridge is safe,’"),
    ("'The bridge is safe,' Orla Finch said.", "Orla Finch", "said", "'The bridge is safe,'"),
    ("''The bridge is safe,'' Orla Finch said.", "Orla Finch", "said", "''The bridge is safe,''"),
    ("«The bridge is safe», Orla Finch said.", "Orla Finch", "said", "«The bridge is safe»"),
    ("„The bridge is safe,“ Orla Finch said.", "Orla Finch", "said", "„The bridge is safe,“"),
    ("“The bridge is safe”, said Orla Finch.", "Orla Finch", "said", "“The bridge is safe”"),
    ("“The bridge is safe,” said Orla Finch.", "Orla Finch", "said", "“The bridge is safe,”"),
    ("“Who pays for it?” asked Orla Finch.", "Orla Finch", "asked", "“Who pays for it?”"),
    ("“Who pays for it?” Orla Finch asked.", "Orla Finch", "asked", "“Who pays for it?”"),
    ("Orla Finch said: “The bridge is safe.”", "Orla Finch", "said:", "“The bridge is safe.”"),
    ("Orla Finch said, “The bridge is safe.”", "Orla Finch", "said", "“The bridge is safe.”"),
    ("Orla Finch told reporters: “The bridge is safe.”", "Orla Finch", "told", "“The bridge is safe.”"),
    (
        "In an interview with the Courier, Orla Finch said, “The bridge is safe.”",
        "Orla Finch",
        "said",
        "“The bridge is safe.”",
    ),
    ("“It’s the soldiers’ bridge,” he said.", "he", "said", "“It’s the soldiers’ bridge,”"),
    (
        "‘The soldiers’ bridge isn’t safe,’ Orla Finch said.",
        "Orla Finch",
        "said",
        "‘The soldiers’ bridge isn’t safe,’",
    ),
    (
        "“They called it ‘a disgrace’ and left,” Orla Finch said.",
        "Orla Finch",
        "said",
        "“They called it ‘a disgrace’ and left,”",
    ),
    ("“No,” she added.", "she", "added", "“No,”"),
    (
        "“We will not pay,” said Orla Finch, the minister of transport.",
        "Orla Finch, the minister of transport",
        "said",
        "“We will not pay,”",
    ),
    pytest.param(
        "“We are tired,” said a resident of Quellport, who asked not to be named.",
        "a resident of Quellport, who asked not to be named",
        "said",
        "“We are tired,”",
        marks=MISREAD,
    ),
    (
        "“We lost our home,” said one villager who declined to give her name.",
        "one villager who declined to give her name",
        "said",
        "“We lost our home,”",
    ),
    ("“We will see,” Finch told the Courier on Monday.", "Finch", "told", "“We will see,”"),
    (
        "“We are ready to talk,” Finch said in an address that was announced an hour before.",
        "Finch",
        "said",
        "“We are ready to talk,”",
    ),
    ("“We are ready,” Finch said during a debate which lasted hours.", "Finch", "said", "“We are ready,”"),
    ("“It is safe,” wrote Finch on X.", "Finch", "wrote", "“It is safe,”"),
    ("“It is safe,” Finch never said.", "Finch", "never said", "“It is safe,”"),
    pytest.param(
        "Orla Finch, who had argued for it in council, said: “It is safe.”",
        "Orla Finch, who had argued for it in council,",
        "said",
        "“It is safe.”",
        marks=MISREAD,
    ),
]

SPLIT = [
    (
        "“The bridge is safe,” Orla Finch said. “It was checked in May.”",
        "Orla Finch",
        "“The bridge is safe,” | “It was checked in May.”",
    ),
    (
        "“The bridge,” Orla Finch said, “is safe.”",
        "Orla Finch",
        "“The bridge,” | “is safe.”",
    ),
    (
        "“We will rebuild,” said Orla Finch, the mayor. “It will take years.”",
        "Orla Finch, the mayor",
        "“We will rebuild,” | “It will take years.”",
    ),
    ('"He is wrong," Finch said of Reed, "but he is kind."', "Finch", '"He is wrong," | "but he is kind."'),
    (
        "The streets were empty, Orla Finch said, “but people were watching.”",
        "Orla Finch",
        "The streets were empty | “but people were watching.”",
    ),
    (
        "The bridge, Orla Finch said, was never safe.",
        "Orla Finch",
        "The bridge | was never safe",
    ),
    (
        "Orla Finch said: “The bridge is safe.\n\n“It was checked in May.\n\n“We drove over it.”\n\nThen it rained.",
        "Orla Finch",
        "“The bridge is safe. | “It was checked in May. | “We drove over it.”",
    ),
    (
        "“The bridge is safe.\n\n“It was checked in May,” Orla Finch said.",
        "Orla Finch",
        "“The bridge is safe. | “It was checked in May,”",
    ),
]

INDIRECT = [
    ("The mayor said the bridge will close.", "The mayor", "said", "the bridge will close"),
    ("The mayor said that the bridge will close.", "The mayor", "said", "that the bridge will close"),
    ("The mayor said on Monday that it will close.", "The mayor", "said", "that it will close"),
    pytest.param(
        "The mayor said in a statement that it will close.",
        "The mayor",
        "said",
        "that it will close",
        marks=MISREAD,
    ),
    ("The mayor did not say whether it will close.", "The mayor", "did not say", "whether it will close"),
    ("The mayor has repeatedly said it will close.", "The mayor", "has repeatedly said", "it will close"),
    ("The bridge will close, the mayor said.", "the mayor", "said", "The bridge will close"),
    (
        "The bridge will close on Friday, said Orla Finch.",
        "Orla Finch",
        "said",
        "The bridge will close on Friday",
    ),
    ("According to the union, talks failed.", "the union", "According to", "talks failed"),
    (
        "According to union leader Orla Finch, the position has not changed: talks failed.",
        "union leader Orla Finch",
        "According to",
        "the position has not changed: talks failed",
    ),
    ("Talks failed, according to the union.", "the union", "according to", "Talks failed"),
    (
        "Talks failed, according to Orla Finch, a union leader.",
        "Orla Finch, a union leader",
        "according to",
        "Talks failed",
    ),
    ("Orla Finch told the Courier that talks failed.", "Orla Finch", "told", "that talks failed"),
    ("Orla Finch told reporters talks had failed.", "Orla Finch", "told", "talks had failed"),
    ("The ministry announced that talks failed.", "The ministry", "announced", "that talks failed"),
    ("The ministry denied that the bridge is unsafe.", "The ministry", "denied", "that the bridge is unsafe"),
    (
        "The ministry denied targeting the village.",
        "The ministry",
        "denied",
        "targeting the village",
    ),
    ("Ruritania claims to have won the war.", "Ruritania", "claims", "to have won the war"),
    ("Ruritania insists it never attacked.", "Ruritania", "insists", "it never attacked"),
    ("Orla Finch warned that prices would rise.", "Orla Finch", "warned", "that prices would rise"),
    ("Finch told her parliament on Tuesday that it rained.", "Finch", "told", "that it rained"),
    ("Finch told her he would leave.", "Finch", "told", "he would leave"),
    ("Finch told the Evening Courier that it rained.", "Finch", "told", "that it rained"),
    ("Finch told the Evening Standard it rained.", "Finch", "told", "it rained"),
    ("Finch told the Sunday Courier on Sunday it rained.", "Finch", "told", "it rained"),
    ("Today Finch said it rained.", "Finch", "said", "it rained"),
    ("In an interview on Monday the union said it rained.", "the union", "said", "it rained"),
    pytest.param("Finch told some 6,000 people to leave.", "Finch", "told", "to leave", marks=MISREAD),
    pytest.param(
        "Finch said the bridge will close, despite a ruling.",
        "Finch",
        "said",
        "the bridge will close",
        marks=MISREAD,
    ),
    ("Finch said the vote was fair, which many doubt.", "Finch", "said", "the vote was fair"),
    ("The bridge will close, Finch said, despite a ruling.", "Finch", "said", "The bridge will close"),
    ("Rowe never said that it is safe.", "Rowe", "never said", "that it is safe"),
    ("Rowe has never said that it is safe.", "Rowe", "has never said", "that it is safe"),
    ("Rowe hardly believes that it is safe.", "Rowe", "hardly believes", "that it is safe"),
    ("Rowe no longer believes that it is safe.", "Rowe", "no longer believes", "that it is safe"),
    ("Rowe could announce that it is safe.", "Rowe", "could announce", "that it is safe"),
    ("Berg may say it is safe.", "Berg", "may say", "it is safe"),
    (
        "Rowe said that if Bold says no, the talks end.",
        "Rowe",
        "said",
        "that if Bold says no, the talks end",
    ),
    ("Reis, 54, a lawyer, told the Courier that it rained.", "Reis, 54, a lawyer,", "told", "that it rained"),
    (
        "Finch called Moreau “a fool”, Lund “a liar” and Berg “a thief”.",
        "Finch",
        "called",
        "Moreau “a fool”, Lund “a liar” and Berg “a thief”",
    ),
    pytest.param(
        "Finch said after talks that ran through the night that it is safe.",
        "Finch",
        "said",
        "that it is safe",
        marks=MISREAD,
    ),
    (
        "The union decided not to stop the trains, Finch said.",
        "Finch",
        "said",
        "The union decided not to stop the trains",
    ),
    ("The union asked not to be left out.", "The union", "asked", "not to be left out"),
    ("Finch cited tally sheets from six towns.", "Finch", "cited", "tally sheets from six towns"),
    ("Analysts believe talks are unlikely.", "Analysts", "believe", "talks are unlikely"),
    ("Orla Finch believes that talks are unlikely.", "Orla Finch", "believes", "that talks are unlikely"),
    ("The union wants to stop the trains.", "The union", "wants", "to stop the trains"),
    ("The union plans to stop the trains.", "The union", "plans", "to stop the trains"),
    ("The union continues to reject the offer.", "The union", "continues to reject", "the offer"),
    pytest.param(
        "Orla Finch is requesting a meeting.", "Orla Finch", "is requesting", "a meeting", marks=MISREAD
    ),
    (
        "Both Ruritania and Graustark denied any intent.",
        "Both Ruritania and Graustark",
        "denied",
        "any intent",
    ),
    (
        "Orla Finch, the spokeswoman for the ministry, said talks failed.",
        "Orla Finch, the spokeswoman for the ministry,",
        "said",
        "talks failed",
    ),
    (
        "Orla Finch said talks are possible, but only if the army leaves.",
        "Orla Finch",
        "said",
        "talks are possible, but only if the army leaves",
    ),
    (
        "Orla Finch said the army would stay unless a treaty is signed.",
        "Orla Finch",
        "said",
        "the army would stay unless a treaty is signed",
    ),
    (
        "The union said there would be no strike.",
        "The union",
        "said",
        "there would be no strike",
    ),
    (
        "The Kremlin-style ministry insists its “new realities” be accepted.",
        "The Kremlin-style ministry",
        "insists",
        "its “new realities” be accepted",
    ),
]


@pytest.mark.parametrize(("text", "source", "cue", "content"), DIRECT)
def test_direct_statement_points_at_its_parts(text, source, cue, content):
    assert statements_in(text) == [(source, cue, content)]
    assert brief_of(text).statements[0].kind is Kind.DIRECT


@pytest.mark.parametrize(("text", "source", "content"), SPLIT)
def test_split_content_is_one_statement(text, source, content):
    assert [(s, x) for s, _, x in statements_in(text)] == [(source, content)]


@pytest.mark.parametrize(("text", "source", "cue", "content"), INDIRECT)
def test_indirect_statement_points_at_its_parts(text, source, cue, content):
    assert statements_in(text) == [(source, cue, content)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“The bridge is safe,” she said, adding that it was checked in May.",
            [("she", "said", "“The bridge is safe,”"), ("she", "adding", "that it was checked in May")],
        ),
        (
            "Finch stressed the need for help, stating that the town requires “a great deal more.”",
            [
                ("Finch", "stressed", "the need for help"),
                ("Finch", "stating", "that the town requires “a great deal more.”"),
            ],
        ),
        (
            "Ruritania denied attacking the port and accused Graustark of lying.",
            [
                ("Ruritania", "denied", "attacking the port"),
                ("Ruritania", "accused", "Graustark of lying"),
            ],
        ),
        (
            "Ruritania said the port was empty, while Graustark claimed its ships were hit.",
            [
                ("Ruritania", "said", "the port was empty"),
                ("Graustark", "claimed", "its ships were hit"),
            ],
        ),
        (
            "The army left, with Orla Finch stating that there are “no grounds for talks” now.",
            [("Orla Finch", "stating", "that there are “no grounds for talks” now")],
        ),
    ],
)
def test_several_statements_of_one_sentence(text, expected):
    assert statements_in(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The bridge will close on Monday.",
        "The so-called “bridge to nowhere” will close on Monday.",
        "The “new normal” has arrived in Quellport.",
        "Her report claims were settled long ago.",
        "The United States and its allies met on Friday.",
        pytest.param("He was accused of theft and was told nothing.", marks=MISREAD),
        "Rust Belt states like these were hit hard.",
        "A docker, who asked not to be named, went home.",
        "The minister poured scorn on hopes for an early meeting.",
        "A play called “The Bridge” opened in Quellport.",
        "Neither Rowe nor Bold said that the bridge is safe.",
        "Neither side said that the bridge is safe.",
        "Nobody said that the bridge is safe.",
        "“The bridge is safe,” said nobody.",
        "No one at the ministry said the bridge is safe.",
        "None of the pilots said that the bridge is safe.",
        "No official has said the bridge is safe.",
        "If Rowe says the bridge is safe, we will go.",
        "We will go if Rowe says the bridge is safe.",
        "Even if Mary Rowe, the mayor, says the bridge is safe, we stay.",
        "If Rowe comes and says that the bridge is safe, we will go.",
        "Had Rowe said that the bridge is safe, we would go.",
        "It is unclear if the mayor, Mary Rowe, said the bridge is safe.",
        "Nothing suggests that Rowe said the bridge is safe.",
        "Unless Rowe denies that he paid, the court will sit.",
        "The authority has raised its offer to seven per cent.",
        pytest.param("The silence Rowe asks for is corrected to seven days.", marks=MISREAD),
        "About 41 percent said it was safe.",
        "Most of them said it was safe.",
        "A docker, who declined to be identified, went home.",
        "",
        "\n\n",
        "“",
    ],
)
def test_narration_is_no_statement(text):
    assert statements_in(text) == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Finch says the bridge is safe\nThe bridge was built in May.", None),
        ("Finch says the bridge is safe\n\nThe bridge was built in May.", None),
        ("Finch: “The bridge is safe”\nThe bridge was built in May.", None),
        ("Finch says the bridge is safe.\nThe bridge was built in May.", "Finch says the bridge is safe."),
        ("The bridge was built in May.\nFinch says it is safe\nIt rained.", "The bridge was built"),
    ],
)
def test_headlines_hold_no_statements(text, title):
    assert statements_in(text, title=title) == []


@pytest.mark.parametrize(
    ("text", "withheld"),
    [
        ("Finch says the bridge is safe\nThe bridge was built in May.", Withheld.HEADING),
        ("Nobody said that the bridge is safe.", Withheld.DISOWNED),
        ("A docker, who asked not to be named, went home.", Withheld.DISOWNED),
    ],
)
def test_what_people_are_not_shown_says_why(text, withheld):
    brief = brief_of(text)
    assert brief.statements == ()
    assert [s.withheld for s in brief.withheld] == [withheld]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“The bridge is safe,” Finch said.", Kind.DIRECT),
        ("Finch said the bridge is safe.", Kind.INDIRECT),
        ("Finch said the bridge is “perfectly safe.”", Kind.MIXED),
    ],
)
def test_kind_tells_how_much_stands_in_quotation_marks(text, kind):
    assert [s.kind for s in brief_of(text).statements] == [kind]


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("Finch said the bridge is safe.", Mode.SPEECH),
        ("Finch believes the bridge is safe.", Mode.THOUGHT),
        ("Finch vowed to close the bridge.", Mode.INTENTION),
        ("Finch recalled that the bridge was safe.", Mode.SPEECH),
        ("Finch declined to say who paid.", Mode.SPEECH),
    ],
)
def test_mode_comes_from_the_verb(text, mode):
    assert [s.mode for s in brief_of(text).statements] == [mode]


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("Finch told the Courier that talks failed.", "the Courier"),
        ("Finch told reporters on Monday that talks failed.", "reporters"),
        ("“Talks failed,” Finch told a conference in Quellport.", "a conference in Quellport"),
        (
            "Finch said in an interview with the Courier that talks failed.",
            "in an interview with the Courier",
        ),
        ("Finch said to the Courier that talks failed.", "the Courier"),
        ("Finch told the Evening Courier afterwards that talks failed.", "the Evening Courier"),
        ("“Talks failed,” Finch told the Morning Star.", "the Morning Star"),
        ("“Talks failed,” Finch said in an address that was announced late.", "in an address"),
        ("Finch said after a meeting in Quellport that talks failed.", ""),
        ("Finch said on Monday that talks failed.", ""),
    ],
)
def test_venue_is_where_it_was_said(text, venue):
    assert [words(text, s.venue) for s in brief_of(text).statements] == [venue]


def test_unclosed_quotation_ends_with_its_paragraph_and_is_less_sure():
    text = "Finch said: “The bridge is safe.\n\nIt rained for a long time in May."
    (statement,) = brief_of(text).statements
    assert words(text, statement.content) == "“The bridge is safe."
    (sure,) = brief_of("Finch said: “The bridge is safe.”").statements
    assert statement.confidence < sure.confidence


def test_label_before_a_quotation_is_its_source():
    text = "Orla Finch: “The bridge is safe.”\nIt rained."
    assert statements_in(f"It was a long day.\n{text}") == [("Orla Finch", ":", "“The bridge is safe.”")]


def test_what_a_quoted_speaker_reports_stays_hers():
    text = "“When I was a girl, my father said that the bridge would fall one day. He was right,” Orla Finch said."
    assert [source for source, _, _ in statements_in(text)] == ["Orla Finch"]
