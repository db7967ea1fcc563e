"""Sources that are no named person: bodies, states, papers and polls, crowds, people whose name is kept back."""

from __future__ import annotations

from news.statements import Mode
from tests.summarizer.hard_cases.rows import Row, direct, indirect, mixed, row

ROWS: tuple[Row, ...] = (
    row(
        "bodies/ministry",
        "The Ministry of Fisheries said the quota would stay.",
        indirect("the quota would stay", "Ministry of Fisheries", "said", "The Ministry of Fisheries"),
    ),
    row(
        "bodies/company",
        "Northmill Grain said the quota would stay.",
        indirect("the quota would stay", "Northmill Grain", "said"),
    ),
    row(
        "bodies/acronym",
        "The OGF said the quota would stay.",
        indirect("the quota would stay", "OGF", "said", "The OGF"),
    ),
    row(
        "bodies/police",
        "Police said two men had been arrested.",
        indirect("two men had been arrested", "Police", "said"),
    ),
    row(
        "bodies/court rules",
        "The court ruled that the sale was void.",
        indirect("that the sale was void", "court", "ruled", "The court"),
    ),
    row(
        "bodies/its own spokeswoman is the source",
        "A spokeswoman for Northmill Grain said the quota would stay.",
        indirect(
            "the quota would stay",
            "spokeswoman for Northmill Grain",
            "said",
            "A spokeswoman for Northmill Grain",
            anonymous=True,
        ),
    ),
    row(
        "bodies/on behalf of",
        "Lena Horvat, speaking for the fishermen’s league, said the quota would stay.",
        indirect("the quota would stay", "Lena Horvat", "said", loose=True),
    ),
    row(
        "bodies/a lawyer for his client",
        "Lena Horvat, a lawyer for Tom Kerrigan, said her client was at sea that night.",
        indirect(
            "her client was at sea that night",
            "Lena Horvat",
            "said",
            "Lena Horvat, a lawyer for Tom Kerrigan",
        ),
    ),
    row(
        "bodies/through a spokesman",
        "Through a spokesman, Tom Kerrigan said the quota was wrong.",
        indirect("the quota was wrong", "Tom Kerrigan", "said"),
    ),
    row(
        "states/a state",
        "Graustark said its ships would stay in port.",
        indirect("its ships would stay in port", "Graustark", "said"),
    ),
    row(
        "states/a capital for its government",
        "Graustadt insists that its ships never left port.",
        indirect("that its ships never left port", "Graustadt", "insists"),
    ),
    row(
        "states/a palace for its government",
        "The Winter Palace denied that any ship had left port.",
        indirect("that any ship had left port", "Winter Palace", "denied", "The Winter Palace"),
    ),
    row(
        "states/two at once",
        "Ruritania and Graustark said the talks would go on.",
        indirect("the talks would go on", "Ruritania and Graustark", "said"),
    ),
    row(
        "states/one on the other",
        "Ruritania accused Graustark of moving its ships.",
        indirect("Graustark of moving its ships", "Ruritania", "accused"),
    ),
    row(
        "states/a demonym for a person",
        "The Graustarkian foreign minister, Petra Sandoval, said the talks would go on.",
        indirect(
            "the talks would go on",
            "Petra Sandoval",
            "said",
            "The Graustarkian foreign minister, Petra Sandoval",
        ),
    ),
    row(
        "anonymous/an official",
        "A senior official said the talks would go on.",
        indirect("the talks would go on", "senior official", "said", "A senior official", anonymous=True),
    ),
    row(
        "anonymous/on condition of anonymity",
        "“The talks will go on,” said an official who spoke on condition of anonymity.",
        direct(
            "“The talks will go on,”",
            "official",
            "said",
            "an official who spoke on condition of anonymity",
            anonymous=True,
        ),
    ),
    row(
        "anonymous/sources close to",
        "Sources close to the talks said they would go on.",
        indirect("they would go on", "Sources close to the talks", "said", anonymous=True),
    ),
    row(
        "anonymous/two people familiar with",
        "Two people familiar with the talks said they would go on.",
        indirect("they would go on", "Two people familiar with the talks", "said", anonymous=True),
    ),
    row(
        "anonymous/a resident",
        "“We heard a bang,” a resident of Oldhaven said.",
        direct(
            "“We heard a bang,”", "resident of Oldhaven", "said", "a resident of Oldhaven", anonymous=True
        ),
    ),
    row(
        "anonymous/first name only",
        "“We heard a bang,” said Lena, who did not want her surname used.",
        direct("“We heard a bang,”", "Lena", loose=True),
    ),
    row(
        "anonymous/analysts",
        "Analysts say the quota is too high.",
        indirect("the quota is too high", "Analysts", "say", anonymous=True),
    ),
    row(
        "anonymous/critics",
        "Critics of the plan say the quota is too high.",
        indirect("the quota is too high", "Critics of the plan", "say", anonymous=True),
    ),
    row(
        "anonymous/some, others",
        "Some say the quota is too high, others that it is too low.",
        indirect("the quota is too high", "Some", "say", loose=True),
        indirect("that it is too low", "others", loose=True, optional=True),
    ),
    row(
        "papers/report",
        "The report says the dam was never inspected.",
        indirect("the dam was never inspected", "report", "says", "The report"),
    ),
    row(
        "papers/report by a body",
        "A report by the Dam Authority found that the wall had cracks.",
        indirect("that the wall had cracks", "report by the Dam Authority", loose=True),
    ),
    row(
        "papers/law suit",
        "The lawsuit alleges that the dam was never inspected.",
        indirect("that the dam was never inspected", "lawsuit", "alleges", "The lawsuit"),
    ),
    row(
        "papers/letter quoted",
        "“The wall will hold,” the letter reads.",
        direct("“The wall will hold,”", "letter", "reads", "the letter"),
    ),
    row(
        "papers/another outlet",
        "The Morning Ledger reported that the dam was never inspected.",
        indirect("that the dam was never inspected", "Morning Ledger", "reported", "The Morning Ledger"),
    ),
    row(
        "papers/polls",
        "Polls show that most voters want the dam to go.",
        indirect("that most voters want the dam to go", "Polls", "show"),
    ),
    row(
        "papers/a poll with percentages",
        "A poll found that 61.5 percent of voters want the dam to go.",
        indirect("that 61.5 percent of voters want the dam to go", "poll", loose=True),
    ),
    row(
        "papers/study",
        "The study suggests that the wall moves an inch a year.",
        indirect("that the wall moves an inch a year", "study", "suggests", "The study"),
    ),
    row(
        "papers/statement of a body",
        "“The wall will hold,” the Dam Authority said in a statement on Friday.",
        direct("“The wall will hold,”", "Dam Authority", "said", "the Dam Authority"),
    ),
    row(
        "papers/quotation within a report",
        "The report says the wall is in “poor but stable” condition.",
        mixed("the wall is in “poor but stable” condition", "report", "says", "The report"),
    ),
    row(
        "crowds/most residents",
        "Most residents believe the wall will hold.",
        indirect("the wall will hold", "Most residents", mode=Mode.THOUGHT, loose=True),
    ),
    row(
        "crowds/chant",
        "“Open the gates,” the crowd chanted.",
        direct("“Open the gates,”", "crowd", "chanted", "the crowd"),
    ),
)
