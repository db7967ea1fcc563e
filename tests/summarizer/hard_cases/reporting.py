"""Reporting without a plain verb of saying: prepositions, nouns, passives, posts, interviews."""

from __future__ import annotations

from news.statements import Mode
from tests.summarizer.hard_cases.rows import Row, direct, indirect, mixed, row

ROWS: tuple[Row, ...] = (
    row(
        "according to/at the end",
        "The dam lost a third of its water, according to Lena Horvat.",
        indirect("The dam lost a third of its water", "Lena Horvat", "according to"),
    ),
    row(
        "according to/at the start",
        "According to Lena Horvat, the dam lost a third of its water.",
        indirect("the dam lost a third of its water", "Lena Horvat", "According to"),
    ),
    row(
        "according to/in the middle",
        "The dam, according to Lena Horvat, lost a third of its water.",
        indirect("The dam | lost a third of its water", "Lena Horvat", "according to"),
    ),
    row(
        "according to/apposition at the end",
        "The dam lost a third of its water, according to Lena Horvat, who keeps the sluice.",
        indirect(
            "The dam lost a third of its water",
            "Lena Horvat",
            "according to",
            "Lena Horvat, who keeps the sluice",
        ),
    ),
    row(
        "according to/document",
        "The dam lost a third of its water, according to court papers seen by the Ledger.",
        indirect(
            "The dam lost a third of its water",
            "court papers seen by the Ledger",
            "according to",
            loose=True,
        ),
    ),
    row(
        "according to/a quotation before",
        "“The dam is empty,” according to Lena Horvat.",
        direct("“The dam is empty,”", "Lena Horvat", "according to"),
    ),
    row(
        "according to/one sentence only",
        "According to Lena Horvat, the dam is empty. The river runs dry each August.",
        indirect("the dam is empty", "Lena Horvat", "According to"),
    ),
    row(
        "according to/negation stays",
        "According to the Dam Authority, the wall was not inspected.",
        indirect("the wall was not inspected", "Dam Authority", "According to", "the Dam Authority"),
    ),
    row(
        "words of/in the words of",
        "In the words of Lena Horvat, the dam is “a bathtub with a view”.",
        mixed("the dam is “a bathtub with a view”", "Lena Horvat", "In the words of"),
    ),
    row(
        "words of/as somebody put it",
        "“The dam is a bathtub,” as Lena Horvat put it.",
        direct("“The dam is a bathtub,”", "Lena Horvat", "put it"),
    ),
    row(
        "words of/as somebody put it, first",
        "As Lena Horvat put it, “the dam is a bathtub.”",
        direct("“the dam is a bathtub.”", "Lena Horvat", "put it"),
    ),
    row(
        "words of/as somebody said",
        "As Lena Horvat said, the dam is a bathtub.",
        indirect("the dam is a bathtub", "Lena Horvat", "said"),
    ),
    row(
        "words of/for somebody",
        "In Lena Horvat’s view, the dam is a bathtub.",
        indirect("the dam is a bathtub", "Lena Horvat", mode=Mode.THOUGHT, loose=True),
    ),
    row(
        "words of/says in brackets",
        "The dam (Lena Horvat says) is a bathtub.",
        indirect("The dam | is a bathtub", "Lena Horvat", loose=True),
    ),
    row(
        "nouns/claim by",
        "The claim by Lena Horvat that the dam is empty has not been tested.",
        indirect("that the dam is empty", "Lena Horvat", "claim"),
    ),
    row(
        "nouns/somebody's demand",
        "Horvat’s demand that the dam be emptied has split the council.",
        indirect("that the dam be emptied", "Horvat", "demand", loose=True),
    ),
    row(
        "nouns/her warning",
        "Lena Horvat left in May. Her warning that the wall would crack went unheard.",
        indirect("that the wall would crack", "Lena Horvat", "warning", "Her", loose=True),
    ),
    row(
        "nouns/promise to",
        "Lena Horvat’s promise to empty the dam won her the seat.",
        indirect("to empty the dam", "Lena Horvat", "promise", mode=Mode.INTENTION, loose=True),
    ),
    row(
        "nouns/issued a statement saying",
        "The Dam Authority issued a statement saying that the wall was safe.",
        indirect("that the wall was safe", "Dam Authority", "saying", loose=True),
    ),
    row(
        "nouns/made the claim",
        "Lena Horvat made the claim that the dam was empty.",
        indirect("that the dam was empty", "Lena Horvat", "claim"),
    ),
    row(
        "passives/it was alleged",
        "It was alleged that the dam had been emptied by night.",
        indirect("that the dam had been emptied by night", None, "was alleged", loose=True),
    ),
    row(
        "passives/is believed to",
        "The keeper is believed to have fled the country by boat.",
        indirect("to have fled the country by boat", None, "is believed", mode=Mode.THOUGHT, loose=True),
    ),
    row(
        "passives/is said to",
        "The wall is said to have moved in the night.",
        indirect("to have moved in the night", None, "is said", loose=True),
    ),
    row(
        "passives/with its source",
        "The wall was called “a disgrace” by Lena Horvat.",
        mixed("The wall | “a disgrace”", "Lena Horvat", "was called", loose=True),
    ),
    row(
        "passives/was told by",
        "The council was told by Lena Horvat that the dam was empty.",
        indirect("that the dam was empty", "Lena Horvat", "was told", loose=True),
    ),
    row(
        "passives/was quoted as saying",
        "Lena Horvat was quoted as saying that the dam was empty.",
        indirect("that the dam was empty", "Lena Horvat", "saying"),
    ),
    row(
        "passives/was quoted by a paper",
        "“The dam is empty,” Lena Horvat was quoted as saying by the Ledger.",
        direct("“The dam is empty,”", "Lena Horvat", loose=True),
    ),
    row(
        "posts/tweeted",
        "“The dam is empty,” Lena Horvat tweeted.",
        direct("“The dam is empty,”", "Lena Horvat", "tweeted"),
    ),
    row(
        "posts/wrote on a channel",
        "Lena Horvat wrote on Telegram: “The dam is empty.”",
        direct("“The dam is empty.”", "Lena Horvat", "wrote"),
    ),
    row(
        "posts/posted on her page",
        "“The dam is empty,” Lena Horvat posted on her page.",
        direct("“The dam is empty,”", "Lena Horvat", "posted"),
    ),
    row(
        "posts/hashtag, handle and link",
        "Lena Horvat tweeted: “The dam is #empty, @DamAuthority: https://dam.example/now”",
        direct("“The dam is #empty, @DamAuthority: https://dam.example/now”", "Lena Horvat", "tweeted"),
    ),
    row(
        "posts/in a post that",
        "Lena Horvat said in a post on Telegram that the dam was empty.",
        indirect("that the dam was empty", "Lena Horvat", "said"),
    ),
    row(
        "interviews/names as labels",
        "Lena Horvat spoke to the Ledger about the dam.\n\nLedger: Is the dam empty?\n\nHorvat: It has been since May.",
        indirect("Is the dam empty", "Ledger", loose=True, optional=True),
        indirect("It has been since May", "Lena Horvat", loose=True),
    ),
    row(
        "interviews/quoted answers after labels",
        "Lena Horvat spoke to the Ledger about the dam.\n\nLena Horvat: “It has been empty since May.”",
        direct("“It has been empty since May.”", "Lena Horvat", source="Lena Horvat#2"),
    ),
    row(
        "interviews/asked, she said",
        "Asked whether the dam was empty, Lena Horvat said it was.",
        indirect("whether the dam was empty", None, source="", loose=True, optional=True),
        indirect("it was", "Lena Horvat", "said", loose=True),
    ),
    row(
        "interviews/in an interview with a named reporter",
        "In an interview with David Marchetti, Lena Horvat said the dam was empty.",
        indirect("the dam was empty", "Lena Horvat", "said"),
    ),
)
