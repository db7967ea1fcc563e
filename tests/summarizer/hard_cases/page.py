"""What stands around an article's sentences: headings, bylines, captions, datelines, lists, figures."""

from __future__ import annotations

from tests.summarizer.hard_cases.rows import Row, direct, indirect, row

ROWS: tuple[Row, ...] = (
    row(
        "headings/the headline says",
        "Horvat says dam is empty\n\nLena Horvat walked along the wall on Monday.",
    ),
    row(
        "headings/a quotation and a label",
        "Horvat: “The dam is empty”\n\nLena Horvat walked along the wall on Monday.",
    ),
    row(
        "headings/the title again",
        "Horvat says the dam is empty.\n\nLena Horvat walked along the wall on Monday.",
        title="Horvat says the dam is empty.",
    ),
    row(
        "headings/a heading between paragraphs",
        "Lena Horvat walked along the wall on Monday.\n\nWhat the experts say\n\nThe wall is forty years old.",
    ),
    row(
        "headings/a heading, then the statement",
        "Horvat says dam is empty\n\nThe dam is empty, Lena Horvat said on Monday.",
        indirect("The dam is empty", "Lena Horvat", "said"),
    ),
    row(
        "headings/quotation as a heading",
        "Lena Horvat walked along the wall on Monday.\n\n‘A bathtub with a view’\n\nThe wall is forty years old.",
    ),
    row(
        "bylines/name and paper",
        "By Lena Horvat, Evening Ledger.\n\nThe wall of the Oldhaven dam is forty years old.",
    ),
    row(
        "bylines/reporting by",
        "The wall of the Oldhaven dam is forty years old.\n\nReporting by Lena Horvat; editing by Tom Kerrigan.",
    ),
    row(
        "bylines/contributed to this report",
        "The wall of the Oldhaven dam is forty years old.\n\nTom Kerrigan contributed to this report.",
    ),
    row(
        "disclaimers/views are the author's own",
        "The wall of the Oldhaven dam is forty years old.\n\nFollow the Ledger for more stories like this.",
    ),
    row(
        "disclaimers/corrected",
        "The wall of the Oldhaven dam is forty years old.\n\nThis article was updated at 14:05 on Monday.",
    ),
    row(
        "captions/photo credit",
        "The wall of the Oldhaven dam, seen from the north. Photo: Tom Kerrigan/Ledger\n\nIt is forty years old.",
    ),
    row(
        "captions/speaks to reporters",
        "Lena Horvat speaks to reporters at the dam on Monday. (Tom Kerrigan/Ledger)\n\nThe wall is forty years old.",
    ),
    row(
        "datelines/agency",
        "OLDHAVEN (Wire) - Lena Horvat said on Monday the dam was empty.",
        indirect("the dam was empty", "Lena Horvat", "said"),
    ),
    row(
        "datelines/capitals and a long dash",
        "OLDHAVEN, Ruritania — Lena Horvat said the dam was empty.",
        indirect("the dam was empty", "Lena Horvat", "said"),
    ),
    row(
        "datelines/with a date",
        "OLDHAVEN, Aug. 12 (Wire) -- The dam was empty, Lena Horvat said.",
        indirect("The dam was empty", "Lena Horvat", "said"),
    ),
    row(
        "datelines/before a quotation",
        "OLDHAVEN — “The dam is empty,” Lena Horvat said.",
        direct("“The dam is empty,”", "Lena Horvat", "said"),
    ),
    row(
        "datelines/no statement behind it",
        "OLDHAVEN (Wire) - The wall of the dam is forty years old.",
    ),
    row(
        "lists/points",
        "The dam was inspected on Monday.\n\n- Lena Horvat said it was empty.\n\n- Tom Kerrigan said it was full.",
        indirect("it was empty", "Lena Horvat", "said#1"),
        indirect("it was full", "Tom Kerrigan", "said#2"),
    ),
    row(
        "lists/bullets",
        "The dam was inspected on Monday.\n\n• “It is empty,” Lena Horvat said.\n\n• “It is full,” Tom Kerrigan said.",
        direct("“It is empty,”", "Lena Horvat", "said#1"),
        direct("“It is full,”", "Tom Kerrigan", "said#2"),
    ),
    row(
        "lists/points without a statement",
        "The dam was inspected on Monday.\n\n- The wall is forty years old.\n\n- The gate was painted in May.",
    ),
    row(
        "stops/decimal",
        "Lena Horvat said the dam held 3.5 million litres.",
        indirect("the dam held 3.5 million litres", "Lena Horvat", "said"),
    ),
    row(
        "stops/abbreviated state",
        "Lena Horvat said the U.S. pumps had never arrived.",
        indirect("the U.S. pumps had never arrived", "Lena Horvat", "said"),
    ),
    row(
        "stops/a.m.",
        "Lena Horvat said the gate opened at 5 a.m. and closed at noon.",
        indirect("the gate opened at 5 a.m. and closed at noon", "Lena Horvat", "said"),
    ),
    row(
        "stops/Dr. in the content",
        "Lena Horvat said Dr. Tom Kerrigan had the keys.",
        indirect("Dr. Tom Kerrigan had the keys", "Lena Horvat", "said"),
    ),
    row(
        "stops/No. before a figure",
        "Lena Horvat said gate No. 4 was open.",
        indirect("gate No. 4 was open", "Lena Horvat", "said"),
    ),
    row(
        "stops/company Inc.",
        "Northmill Inc. said the dam was empty.",
        indirect("the dam was empty", "Northmill Inc.", "said"),
    ),
    row(
        "stops/ellipsis inside a quotation",
        "“The dam … well, it is empty,” Lena Horvat said.",
        direct("“The dam … well, it is empty,”", "Lena Horvat", "said"),
    ),
    row(
        "stops/money",
        "Repairs cost $1.2bn (€1.1bn), Lena Horvat said.",
        indirect("Repairs cost $1.2bn (€1.1bn)", "Lena Horvat", "said"),
    ),
    row(
        "stops/Saint in a name",
        "The dam at St. Ansgar is empty, Lena Horvat said.",
        indirect("The dam at St. Ansgar is empty", "Lena Horvat", "said"),
    ),
    row(
        "wrapping/hard line breaks",
        "The Oldhaven dam is forty years old, and its northern gate has not been opened\n"
        "since the spring of the year before last, when the river rose above its banks.\n"
        "\n"
        "Lena Horvat, who keeps the sluice at the northern end of the wall, said on Monday\n"
        "that the reservoir had been empty for most of the summer and would stay empty\n"
        "until the autumn rain. The town drinks from a well on the hill, and it has done so\n"
        "since May.\n",
        indirect(
            "that the reservoir had been empty for most of the summer and would stay empty\nuntil the autumn rain",
            "Lena Horvat",
            loose=True,
        ),
    ),
    row(
        "wrapping/windows line ends",
        "The wall is forty years old.\r\n\r\n“The dam is empty,” Lena Horvat said.\r\n",
        direct("“The dam is empty,”", "Lena Horvat", "said"),
    ),
    row(
        "wrapping/no-break spaces",
        "“The\u00a0dam is empty,” Lena\u00a0Horvat said.",
        direct("“The\u00a0dam is empty,”", "Lena Horvat", loose=True),
    ),
)
