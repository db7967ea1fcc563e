"""Which sentences sum an article up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer.frames import find_frames
from summarizer.quotations import find_quotations
from summarizer.sentences import find_paragraphs
from summarizer.summary import summarize
from tests.costs import cpu_seconds
from tests.summarizer.reading import brief_of

LEAD = "The harbour council of Oldtown voted on Monday to close the iron bridge for two years."
STORY = (
    f"{LEAD} He had expected it for a long time, one way or another. "
    "Engineers found cracks in four of the iron bridge's piers during an inspection in May. "
    "It was raining when the vote came. "
    "The council of Oldtown wants to reopen the bridge after repairs that cost nine million crowns. "
    "Shops near the harbour sell fish, rope and paint to sailors from many other towns. "
    "A ferry will carry people across the harbour until the bridge opens again."
)


def summary_of(text, **changes):
    return [s.text for s in brief_of(text, **changes).summary]


def test_summary_is_verbatim_and_in_reading_order():
    brief = brief_of(STORY)
    assert 2 <= len(brief.summary) <= 3
    assert [s.span.of(STORY) for s in brief.summary] == [s.text for s in brief.summary]
    assert list(brief.summary) == sorted(brief.summary, key=lambda s: s.span)


def test_summary_has_the_lead_and_no_dangling_sentence():
    told = summary_of(STORY)
    assert told[0] == LEAD
    assert not any(s.startswith(("He ", "It ")) for s in told)


def test_summary_leaves_out_what_the_article_is_not_about():
    assert not any("rope" in sentence for sentence in summary_of(STORY))


@pytest.mark.parametrize(
    "text",
    [
        f"Oldtown closes its bridge\n{LEAD}\nA new ferry\n{STORY}",
        f"Oldtown closes its bridge\n\n{LEAD}\n\nA new ferry\n\n{STORY}",
    ],
)
def test_summary_leaves_out_headline_and_subheadings(text):
    told = summary_of(text)
    assert "Oldtown closes its bridge" not in told
    assert "A new ferry" not in told


def test_summary_tells_nothing_twice():
    told = summary_of(f"{LEAD}\n{STORY}")
    assert told.count(LEAD) == 1


def test_summary_never_cuts_a_quotation():
    text = (
        "“The bridge will stay closed for two years. We have no other choice in this town,” Orla Finch said.\n"
        "“The council of Oldtown voted for it. The harbour council of the town is not happy with the bridge.\n"
        "“The bridge of the council was never safe for the town, and Oldtown has no money,” Tom Reed said."
    )
    assert summary_of(text) == [text.splitlines()[0]]


@pytest.mark.parametrize(("text", "expected"), [("", []), ("Rain.", []), (LEAD, [LEAD])])
def test_summary_of_little_is_little(text, expected):
    assert summary_of(text) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("OLDTOWN (AP) — ", ""),
        ("Oldtown (CNN)", ""),
        ("", " (Reporting by Orla Finch)"),
        ("Scroll down for video.\n", ""),
        ("By Orla Finch, Harbour Correspondent\n", ""),
        ("Advertisement\n", "\nSign up for our letter about the iron bridge of Oldtown."),
        ("", "\nRead more: The iron bridge of Oldtown that nobody wanted to pay for."),
    ],
)
def test_summary_leaves_off_what_is_not_the_articles(before, after):
    assert summary_of(f"{before}{LEAD}{after}", title=None) == [LEAD]


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge, she said, had been closed for two years by the council.",
        "The iron bridge had cost the council of Oldtown nine million crowns, he said.",
    ],
)
def test_who_says_so_is_told_or_the_sentence_is_not(sentence):
    text = f"{LEAD} Orla Finch heard it on the radio. {sentence} {STORY.partition('another. ')[2]}"
    assert sentence not in summary_of(text)


def test_what_somebody_says_counts_more():
    said = "Orla Finch, who keeps the bridge, said that its lamps would stay dark."
    bare = "The lamps of Orla Finch, who keeps the bridge, would all stay dark."
    others = (
        "Engineers found cracks in four of the piers in May.",
        "A ferry will carry people across until it opens again.",
        "Repairs will cost nine million crowns.",
        "The town has eleven thousand people and two schools.",
    )
    text = "\n".join((LEAD, said, *others))
    assert said in summary_of(text)
    assert said not in summary_of(text.replace(said, bare))


def test_other_scripts_have_summaries_where_sentences_end():
    chinese = "市议会周一投票决定关闭铁桥两年。工程师在五月的检查中发现铁桥桥墩有裂缝。渡轮将在铁桥重新开放之前载客过港。"
    greek = "Η πόλη ψήφισε τη Δευτέρα να κλείσει τη γέφυρα. Το λιμάνι της πόλης έκλεισε για δύο χρόνια."
    hindi = "नगर परिषद ने सोमवार को पुल बंद करने का निर्णय लिया। इंजीनियरों को खंभों में दरारें मिलीं।"
    assert summary_of(chinese)[0] == "市议会周一投票决定关闭铁桥两年。"
    assert summary_of(greek)[0] == "Η πόλη ψήφισε τη Δευτέρα να κλείσει τη γέφυρα."
    assert summary_of(hindi)[0] == "नगर परिषद ने सोमवार को पुल बंद करने का निर्णय लिया।"


_PIECES = st.sampled_from(
    [
        LEAD,
        " “We will not go,” said Orla Finch. ",
        "\n",
        " But Reed said 9 of 21 left. ",
        "“",
        "”",
        '"',
        "‘",
        "’",
        "\u202e",
        "\u200f",
        "\x00",
        "e\u0301\u0323",
        "\ud83d",
        "قال الرئيس إن الجسر مغلق. ",
        "橋は安全だと市長が言った。",
        "สะพานถูกปิดเป็นเวลาสองปี ",
        "पुल दो साल के लिए बंद रहेगा। ",
        "Η γέφυρα θα μείνει κλειστή για δύο χρόνια. ",
        " (AP) ",
        "(CNN)",
        " — ",
        "… ",
        ". ",
        " he said no ",
        "[12]",
    ]
)


@given(st.lists(_PIECES, max_size=16).map("".join))
@example(f"“{LEAD} {LEAD}")
@example("OLDTOWN — (CNN)[12]\ud83d. ")
@settings(max_examples=150, deadline=None)
def test_summary_of_hostile_text_is_of_the_text(text):
    summary = brief_of(text).summary
    assert len(summary) <= 3
    for sentence in summary:
        assert sentence.text == sentence.span.of(text.replace("\ud83d", "\ufffd"))
        assert sentence.text.count("“") == sentence.text.count("”")
        assert sentence.text.count('"') % 2 == 0
    assert all(a.span.end <= b.span.start for a, b in pairwise(summary))


def untagged(text):
    """The summary without the statements, whose finding takes its time."""
    return summarize(text, find_frames(text, find_paragraphs(text), find_quotations(text)))


@pytest.mark.parametrize(
    "unit",
    [f"{LEAD} ", "Orla Finch said no to “it” and (CNN) — ", "x", "(", "— ", "' ", "[1] (AP) ", "10.15 "],
)
def test_one_endless_line_is_borne(unit):
    text = unit * (200_000 // len(unit))
    assert all(sentence.text == sentence.span.of(text) for sentence in untagged(text))


def test_summing_up_a_long_text_takes_little_time():
    text = "\n".join(f"The council of Town {n} voted on Monday to close bridge {n}. " for n in range(3_500))
    frames = find_frames(text, find_paragraphs(text), find_quotations(text))
    assert len(text) > 200_000
    assert summarize(text, frames)
    assert cpu_seconds(lambda: summarize(text, frames), enough=1.0) < 1.0
