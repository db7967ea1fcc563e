"""Where a quotation stands beside its cue, and who speaks when several do."""

from __future__ import annotations

from tests.summarizer.hard_cases.rows import Row, direct, indirect, mixed, row

ROWS: tuple[Row, ...] = (
    row(
        "before/two sentences in one quotation",
        "“The ferry is late. It is always late in winter,” Anna Brandvold said.",
        direct("“The ferry is late. It is always late in winter,”", "Anna Brandvold", "said"),
    ),
    row(
        "before/inverted with a place and a day",
        "“The ferry is late,” said Anna Brandvold in Oldhaven on Monday.",
        direct("“The ferry is late,”", "Anna Brandvold", "said"),
    ),
    row(
        "before/exclamation",
        "“Stop the ferry!” shouted Anna Brandvold.",
        direct("“Stop the ferry!”", "Anna Brandvold", "shouted"),
    ),
    row(
        "before/cue far behind a time",
        "“The ferry is late,” Anna Brandvold, who runs the harbour café, said on Monday evening.",
        direct("“The ferry is late,”", "Anna Brandvold", "said", "Anna Brandvold, who runs the harbour café"),
    ),
    row(
        "before/one word",
        "“Nonsense,” Tom Kerrigan replied.",
        direct("“Nonsense,”", "Tom Kerrigan", "replied"),
    ),
    row(
        "before/dash instead of a comma",
        "“We were promised a boat” — Anna Brandvold said.",
        direct("“We were promised a boat”", "Anna Brandvold", "said"),
    ),
    row(
        "before/rare verb",
        "“I have seen worse winters,” Tom Kerrigan mused.",
        direct("“I have seen worse winters,”", "Tom Kerrigan", "mused"),
    ),
    row(
        "before/gesture between quotation and next sentence",
        "“I have seen worse winters,” Tom Kerrigan said, and poured the tea.",
        direct("“I have seen worse winters,”", "Tom Kerrigan", "said"),
    ),
    row(
        "after/colon",
        "Asked about the cost, Anna Brandvold said: “Too much. Far too much.”",
        direct("“Too much. Far too much.”", "Anna Brandvold", "said"),
    ),
    row(
        "after/no comma",
        "Anna Brandvold said “the ferry is late”.",
        direct("“the ferry is late”", "Anna Brandvold", "said"),
    ),
    row(
        "after/cue with an addressee",
        "Anna Brandvold told the harbour board: “The ferry is late.”",
        direct("“The ferry is late.”", "Anna Brandvold", "told"),
    ),
    row(
        "after/long apposition before the cue",
        "Tom Kerrigan, 61, a pilot who has worked in the harbour since he was a boy, said: “I have seen worse.”",
        direct(
            "“I have seen worse.”",
            "Tom Kerrigan",
            "said",
            "Tom Kerrigan, 61, a pilot who has worked in the harbour since he was a boy",
        ),
    ),
    row(
        "after/two quotations in a row",
        "Anna Brandvold said: “The ferry is late.” “It is always late,” added Tom Kerrigan.",
        direct("“The ferry is late.”", "Anna Brandvold", "said"),
        direct("“It is always late,”", "Tom Kerrigan", "added"),
    ),
    row(
        "after/by way of a statement",
        "In a statement, Anna Brandvold wrote: “The ferry will not sail.”",
        direct("“The ferry will not sail.”", "Anna Brandvold", "wrote"),
    ),
    row(
        "interrupted/in the middle of a clause",
        "“The ferry,” Anna Brandvold told the harbour radio, “will not sail before noon.”",
        direct("“The ferry,” | “will not sail before noon.”", "Anna Brandvold", "told"),
    ),
    row(
        "interrupted/inverted with apposition",
        "“The ferry,” said Anna Brandvold, the harbour master, “will not sail before noon.”",
        direct(
            "“The ferry,” | “will not sail before noon.”",
            "Anna Brandvold",
            "said",
            "Anna Brandvold, the harbour master",
        ),
    ),
    row(
        "interrupted/three pieces",
        "“No,” Tom Kerrigan said. “Not today,” he said. “Perhaps tomorrow.”",
        direct("“No,”", "Tom Kerrigan", "said#1"),
        direct("“Not today,” | “Perhaps tomorrow.”", "Tom Kerrigan", "said#2", "he"),
    ),
    row(
        "interrupted/indirect clause",
        "The ferry, Anna Brandvold said, would not sail before noon.",
        indirect("The ferry | would not sail before noon", "Anna Brandvold", "said"),
    ),
    row(
        "interrupted/negation and condition stay on both sides",
        "The ferry, said Anna Brandvold, would not sail unless the wind dropped.",
        indirect("The ferry | would not sail unless the wind dropped", "Anna Brandvold", "said"),
    ),
    row(
        "interrupted/quotation goes on indirectly",
        "“The ferry is late,” Anna Brandvold said, and it would be late all week.",
        mixed("“The ferry is late,” | and it would be late all week", "Anna Brandvold", "said", loose=True),
    ),
    row(
        "interrupted/indirect goes on as a quotation",
        "The ferry was late, Anna Brandvold said, “and nobody told us why.”",
        mixed("The ferry was late | “and nobody told us why.”", "Anna Brandvold", "said"),
    ),
    row(
        "two speakers/in one paragraph",
        "“The ferry is late,” Anna Brandvold said. “It is early,” Tom Kerrigan said. The clock struck four.",
        direct("“The ferry is late,”", "Anna Brandvold", "said#1"),
        direct("“It is early,”", "Tom Kerrigan", "said#2"),
    ),
    row(
        "two speakers/joined by while",
        "Anna Brandvold said the ferry was late, while Tom Kerrigan insisted it was early.",
        indirect("the ferry was late", "Anna Brandvold", "said"),
        indirect("it was early", "Tom Kerrigan", "insisted"),
    ),
    row(
        "two speakers/joined by but",
        "Anna Brandvold said the ferry was late, but Tom Kerrigan said it was early.",
        indirect("the ferry was late", "Anna Brandvold", "said#1"),
        indirect("it was early", "Tom Kerrigan", "said#2"),
    ),
    row(
        "two speakers/quotation then another's name",
        "“The ferry is late,” Anna Brandvold said. Tom Kerrigan nodded. “It is,” he said.",
        direct("“The ferry is late,”", "Anna Brandvold", "said#1"),
        direct("“It is,”", "Tom Kerrigan", "said#2", "he"),
    ),
    row(
        "two speakers/question and answer",
        "“Is the ferry late?” Anna Brandvold asked. “By an hour,” Tom Kerrigan answered.",
        direct("“Is the ferry late?”", "Anna Brandvold", "asked"),
        direct("“By an hour,”", "Tom Kerrigan", "answered"),
    ),
    row(
        "two speakers/both say it together",
        "“We will not sail,” Anna Brandvold and Tom Kerrigan said.",
        direct("“We will not sail,”", "Anna Brandvold and Tom Kerrigan", "said"),
    ),
    row(
        "two speakers/spoken of in the quotation",
        "“Tom Kerrigan is the best pilot we have,” Anna Brandvold said.",
        direct("“Tom Kerrigan is the best pilot we have,”", "Anna Brandvold", "said"),
    ),
    row(
        "two speakers/addressed in the cue",
        "“You are late,” Anna Brandvold told Tom Kerrigan.",
        direct("“You are late,”", "Anna Brandvold", "told"),
    ),
    row(
        "dialogue/lines with cues",
        "“Who signed it?” asked Anna Brandvold.\n\n“I did,” said Tom Kerrigan.\n\n“When?” Brandvold said.",
        direct("“Who signed it?”", "Anna Brandvold", "asked"),
        direct("“I did,”", "Tom Kerrigan", "said#1"),
        direct("“When?”", "Anna Brandvold", "said#2", "Brandvold#2"),
    ),
    row(
        "dialogue/a line without a cue is not the last speaker's",
        "“Who signed it?” Anna Brandvold asked Tom Kerrigan.\n\n“I did.”\n\nThe room fell silent for a moment.",
        direct("“Who signed it?”", "Anna Brandvold", "asked"),
        direct("“I did.”", None, optional=True),
    ),
    row(
        "dialogue/question paragraph, then the named answer",
        "The meeting at the harbour began at noon.\n\nReporters asked: “Will the ferry sail?”\n\n“Ask the wind,” Tom Kerrigan said.",
        direct("“Will the ferry sail?”", "Reporters", "asked"),
        direct("“Ask the wind,”", "Tom Kerrigan", "said"),
    ),
    row(
        "within another/quoted by a second person",
        "“He told me, ‘The ferry is yours,’ and left,” Anna Brandvold said.",
        direct("“He told me, ‘The ferry is yours,’ and left,”", "Anna Brandvold", "said"),
    ),
    row(
        "within another/report of a report",
        "Anna Brandvold said that Tom Kerrigan had told her the ferry was safe.",
        indirect("that Tom Kerrigan had told her the ferry was safe", "Anna Brandvold", "said"),
    ),
    row(
        "within another/believes that others believe",
        "Tom Kerrigan said the owners believed the ferry would float for ever.",
        indirect("the owners believed the ferry would float for ever", "Tom Kerrigan", "said"),
    ),
    row(
        "within another/quoting a document",
        "“The report says ‘adequate’ nine times,” Tom Kerrigan said.",
        direct("“The report says ‘adequate’ nine times,”", "Tom Kerrigan", "said"),
    ),
)
