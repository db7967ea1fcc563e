"""Quotation marks of every make, whole and broken, and quotations over several paragraphs."""

from __future__ import annotations

from tests.summarizer.hard_cases.rows import Row, direct, indirect, mixed, row

ROWS: tuple[Row, ...] = (
    row(
        "marks/straight",
        '"Snow is coming," Ellen Oduya said.',
        direct('"Snow is coming,"', "Ellen Oduya", "said"),
    ),
    row(
        "marks/straight with an apostrophe",
        "\"It's the drivers' snow,\" Ellen Oduya said.",
        direct("\"It's the drivers' snow,\"", "Ellen Oduya", "said"),
    ),
    row(
        "marks/single curly",
        "‘Snow is coming,’ Ellen Oduya said.",
        direct("‘Snow is coming,’", "Ellen Oduya", "said"),
    ),
    row(
        "marks/single with a plural's apostrophe",
        "‘The drivers’ union wants snow,’ Ellen Oduya said.",
        direct("‘The drivers’ union wants snow,’", "Ellen Oduya", "said"),
    ),
    row(
        "marks/single with contractions",
        "‘We don’t know, and they won’t tell us,’ Ellen Oduya said.",
        direct("‘We don’t know, and they won’t tell us,’", "Ellen Oduya", "said"),
    ),
    row(
        "marks/single straight",
        "'Snow is coming,' Ellen Oduya said.",
        direct("'Snow is coming,'", "Ellen Oduya", "said"),
    ),
    row(
        "marks/two apostrophes",
        "''Snow is coming,'' Ellen Oduya said.",
        direct("''Snow is coming,''", "Ellen Oduya", "said"),
    ),
    row(
        "marks/backquotes",
        "``Snow is coming,'' Ellen Oduya said.",
        direct("``Snow is coming,''", "Ellen Oduya", "said"),
    ),
    row(
        "marks/German",
        "„Snow is coming“, Ellen Oduya said.",
        direct("„Snow is coming“", "Ellen Oduya", "said"),
    ),
    row(
        "marks/French with spaces",
        "« Snow is coming », Ellen Oduya said.",
        direct("« Snow is coming »", "Ellen Oduya", "said"),
    ),
    row(
        "marks/guillemets turned inward",
        "»Snow is coming«, Ellen Oduya said.",
        direct("»Snow is coming«", "Ellen Oduya", "said"),
    ),
    row(
        "marks/opened curly, closed straight",
        '“Snow is coming," Ellen Oduya said.',
        direct('“Snow is coming,"', "Ellen Oduya", "said"),
    ),
    row(
        "marks/opened straight, closed curly",
        '"Snow is coming,” Ellen Oduya said.',
        direct('"Snow is coming,”', "Ellen Oduya", "said"),
    ),
    row(
        "marks/comma outside",
        "“Snow is coming”, Ellen Oduya said.",
        direct("“Snow is coming”", "Ellen Oduya", "said"),
    ),
    row(
        "nested/single in double",
        "“He called the forecast ‘a guess’ and laughed,” Ellen Oduya said.",
        direct("“He called the forecast ‘a guess’ and laughed,”", "Ellen Oduya", "said"),
    ),
    row(
        "nested/double in single",
        "‘He called the forecast “a guess” and laughed,’ Ellen Oduya said.",
        direct("‘He called the forecast “a guess” and laughed,’", "Ellen Oduya", "said"),
    ),
    row(
        "nested/both end at once",
        "Ellen Oduya said: “He called the forecast ‘a guess.’”",
        direct("“He called the forecast ‘a guess.’”", "Ellen Oduya", "said"),
    ),
    row(
        "nested/both begin at once",
        "“‘A guess’ is what he called it,” Ellen Oduya said.",
        direct("“‘A guess’ is what he called it,”", "Ellen Oduya", "said"),
    ),
    row(
        "nested/brackets and an ellipsis",
        "“They [the drivers] wanted … more salt,” Ellen Oduya said.",
        direct("“They [the drivers] wanted … more salt,”", "Ellen Oduya", "said"),
    ),
    row(
        "paragraphs/reopened by a mark",
        "Ellen Oduya said: “Snow is coming.\n\n“We have salt for two days.”\n\nThe forecast was revised at noon.",
        direct("“Snow is coming. | “We have salt for two days.”", "Ellen Oduya", "said"),
    ),
    row(
        "paragraphs/three, then the cue",
        "“Snow is coming.\n\n“We have salt.\n\n“We have no drivers,” Ellen Oduya said.",
        direct("“Snow is coming. | “We have salt. | “We have no drivers,”", "Ellen Oduya", "said"),
    ),
    row(
        "paragraphs/straight marks",
        'Ellen Oduya said: "Snow is coming.\n\n"We have salt for two days."\n\nThe forecast was revised at noon.',
        direct('"Snow is coming. | "We have salt for two days."', "Ellen Oduya", "said"),
    ),
    row(
        "paragraphs/cue in the first of two",
        "“Snow is coming,” Ellen Oduya said. “We have salt.\n\n“We have no drivers.”\n\nIt began at noon.",
        direct("“Snow is coming,” | “We have salt. | “We have no drivers.”", "Ellen Oduya", "said"),
    ),
    row(
        "paragraphs/closed, then another speaker",
        "“Snow is coming,” Ellen Oduya said.\n\n“Let it come,” David Marchetti said.",
        direct("“Snow is coming,”", "Ellen Oduya", "said#1"),
        direct("“Let it come,”", "David Marchetti", "said#2"),
    ),
    row(
        "paragraphs/single line breaks",
        "Ellen Oduya said: “Snow is coming.\n“We have salt for two days.”\nThe forecast was revised at noon.",
        direct("“Snow is coming. | “We have salt for two days.”", "Ellen Oduya", "said"),
    ),
    row(
        "broken/never closed",
        "“Snow is coming, Ellen Oduya said.\n\nThe roads were clear until noon.",
        direct("“Snow is coming", "Ellen Oduya", loose=True),
    ),
    row(
        "broken/not closed at the paragraph's end",
        "Ellen Oduya said: “Snow is coming.\n\nThe roads were clear until noon.",
        direct("“Snow is coming.", "Ellen Oduya", "said"),
    ),
    row(
        "broken/closed without opening",
        "Snow is coming,” Ellen Oduya said.",
        indirect("Snow is coming", "Ellen Oduya", loose=True),
    ),
    row(
        "broken/opened twice",
        "““Snow is coming,” Ellen Oduya said.",
        direct("“Snow is coming,”", "Ellen Oduya", loose=True),
    ),
    row(
        "broken/the next paragraph is not swallowed",
        "“Snow is coming, Ellen Oduya said.\n\nDavid Marchetti said: “Let it come.”",
        direct("“Snow is coming", "Ellen Oduya", loose=True),
        direct("“Let it come.”", "David Marchetti", "said#2"),
    ),
    row(
        "broken/wrong way round",
        "”Snow is coming,“ Ellen Oduya said.",
        direct("”Snow is coming,“", "Ellen Oduya", "said"),
    ),
    row(
        "broken/inches are no marks",
        'Ellen Oduya said the snow would be 12" deep by noon.',
        indirect('the snow would be 12" deep by noon', "Ellen Oduya", "said", loose=True),
    ),
    row(
        "mixed/words inside narration",
        "Ellen Oduya said the forecast was “a guess at best” and of no use.",
        mixed("the forecast was “a guess at best” and of no use", "Ellen Oduya", "said"),
    ),
    row(
        "mixed/that and a quotation",
        "Ellen Oduya said that “nobody has asked for salt” since May.",
        mixed("that “nobody has asked for salt” since May", "Ellen Oduya", "said"),
    ),
    row(
        "mixed/two quotations in one clause",
        "Ellen Oduya said the forecast was “a guess” and the salt “a joke”.",
        mixed("the forecast was “a guess” and the salt “a joke”", "Ellen Oduya", "said"),
    ),
    row(
        "mixed/negation outside the marks",
        "Ellen Oduya said the forecast was not “a guess”.",
        mixed("the forecast was not “a guess”", "Ellen Oduya", "said"),
    ),
    row(
        "mixed/what somebody is called",
        "Ellen Oduya called the forecast “a guess”.",
        mixed("the forecast “a guess”", "Ellen Oduya", "called"),
    ),
    row(
        "mixed/described as",
        "Ellen Oduya described the forecast as “a guess”.",
        mixed("the forecast as “a guess”", "Ellen Oduya", "described", loose=True),
    ),
    row(
        "mixed/clause, then a quotation set off",
        "Ellen Oduya said the salt had run out and “the drivers have gone home.”",
        mixed("the salt had run out and “the drivers have gone home.”", "Ellen Oduya", "said"),
    ),
)
