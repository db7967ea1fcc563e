"""Passages as news has them, in which several traps stand together."""

from __future__ import annotations

from news.statements import Mode
from tests.summarizer.hard_cases.rows import Row, direct, indirect, mixed, row

ROWS: tuple[Row, ...] = (
    row(
        "passages/lead, quotation, background",
        "The Oldhaven council voted on Monday to close the ferry line for the winter.\n\n"
        "“We could not pay for the fuel,” said Anna Brandvold, who chairs the council. “We tried.”\n\n"
        "The line opened in 1911 and carried 40,000 passengers last year.",
        direct(
            "“We could not pay for the fuel,” | “We tried.”",
            "Anna Brandvold",
            "said",
            "Anna Brandvold, who chairs the council",
        ),
    ),
    row(
        "passages/claim and answer",
        "Ruritania accused Graustark of firing on a fishing boat on Sunday. Graustark denied it.\n\n"
        "“Not one shot was fired,” its defence minister, Paul Sorensen, said.",
        indirect("Graustark of firing on a fishing boat", "Ruritania", loose=True),
        indirect("it", "Graustark", loose=True, optional=True),
        direct("“Not one shot was fired,”", "Paul Sorensen", "said", "its defence minister, Paul Sorensen"),
    ),
    row(
        "passages/the same verb for three",
        "Maria Tolland said the mill would open in May. David Marchetti said June was likelier."
        " Lena Horvat said nothing of the kind had been agreed.",
        indirect("the mill would open in May", "Maria Tolland", "said#1"),
        indirect("June was likelier", "David Marchetti", "said#2"),
        indirect("nothing of the kind had been agreed", "Lena Horvat", "said#3"),
    ),
    row(
        "passages/a name between speaker and pronoun, told apart",
        "“The roof leaks,” Maria Tolland said.\n\nPaul Sorensen, the builder, was not in court.\n\n"
        "“It has leaked since the first rain,” she said.",
        direct("“The roof leaks,”", "Maria Tolland", "said#1"),
        direct("“It has leaked since the first rain,”", "Maria Tolland", "said#2", "she"),
    ),
    row(
        "passages/surname shared with a place",
        "Lena Horvat grew up in Horvat, a village of nine houses. Horvat said she would not go back.",
        indirect("she would not go back", "Lena Horvat", "said", "Horvat#3"),
    ),
    row(
        "passages/officials and their papers",
        "The wall will be closed to walkers, according to a council notice. The notice gives no reason.\n\n"
        "The Dam Authority declined to say how long it would last.",
        indirect("The wall will be closed to walkers", "council notice", loose=True),
        indirect("to say how long it would last", "Dam Authority", "declined", loose=True),
    ),
    row(
        "passages/quotation of a quotation with its own speaker",
        "“My father used to say, ‘A dam is a promise,’” Lena Horvat said. “I think he was right.”",
        direct(
            "“My father used to say, ‘A dam is a promise,’” | “I think he was right.”", "Lena Horvat", "said"
        ),
    ),
    row(
        "passages/report, then words in marks, then narration",
        "Karim Belhadj called the verdict “a mistake” and said he would appeal. The court sits again in May.",
        mixed("the verdict “a mistake”", "Karim Belhadj", "called"),
        indirect("he would appeal", "Karim Belhadj", "said"),
    ),
    row(
        "passages/speaker named after two quotations",
        "“We waited. We waited all night,” one passenger, Ines Ferreira, said. “Nobody came.”\n\n"
        "The ferry sailed at six.",
        direct(
            "“We waited. We waited all night,” | “Nobody came.”",
            "Ines Ferreira",
            "said",
            "one passenger, Ines Ferreira",
        ),
    ),
    row(
        "passages/a quotation without anybody",
        "Maria Tolland left the hall at nine.\n\n“Shame on you!”\n\nThe guards closed the doors behind her.",
        direct("“Shame on you!”", None, optional=True),
    ),
    row(
        "passages/unnamed voice beside a named one",
        "Maria Tolland left the hall at nine. “Shame on you!” a man in the last row shouted.",
        direct("“Shame on you!”", "man in the last row", "shouted", "a man in the last row"),
    ),
    row(
        "passages/wire copy with figures",
        "GRAUSTADT, March 3 (Wire) - Northmill Grain Co. will cut 1,250 jobs, it said on Monday."
        " Shares fell 4.2 percent.",
        indirect("Northmill Grain Co. will cut 1,250 jobs", "Northmill Grain Co.", "said", "it", loose=True),
    ),
    row(
        "passages/told one paper what another had denied",
        "Tom Kerrigan told the Ledger that the sale was off, a day after the owners told the Herald it was on.",
        indirect("that the sale was off", "Tom Kerrigan", "told#1", loose=True),
        indirect("it was on", "owners", "told#2", loose=True, optional=True),
    ),
    row(
        "passages/while clause before the statement",
        "While Maria Tolland has promised to rebuild the mill, David Marchetti says it must go.",
        indirect("to rebuild the mill", "Maria Tolland", "has promised", mode=Mode.INTENTION),
        indirect("it must go", "David Marchetti", "says"),
    ),
    row(
        "passages/contrast of state and spokesman",
        "Ruritania wants the talks to go on in May. Its spokesman, Lev Tarr, said there was no hurry.",
        indirect("the talks to go on in May", "Ruritania", mode=Mode.INTENTION, loose=True),
        indirect("there was no hurry", "Lev Tarr", "said", "Its spokesman, Lev Tarr"),
    ),
    row(
        "passages/denial of somebody else's words",
        "Tom Kerrigan denied a claim by Maria Tolland that he had sold the boat.",
        indirect("a claim by Maria Tolland that he had sold the boat", "Tom Kerrigan", "denied"),
    ),
    row(
        "passages/words of the dead in a diary",
        "In his diary, Paul Sorensen wrote that the river “took its own” each spring.",
        mixed("that the river “took its own” each spring", "Paul Sorensen", "wrote"),
    ),
    row(
        "passages/speech and thought of one in one sentence",
        "Lena Horvat said she would stay and hopes the wall will hold.",
        indirect("she would stay", "Lena Horvat", "said"),
        indirect("the wall will hold", "Lena Horvat", "hopes", mode=Mode.THOUGHT),
    ),
    row(
        "passages/an aside in brackets inside the quotation",
        "“They (the owners) never paid,” Tom Kerrigan said. (The owners could not be reached on Sunday.)",
        direct("“They (the owners) never paid,”", "Tom Kerrigan", "said"),
        indirect("could not be reached", "The owners", loose=True, optional=True),
    ),
    row(
        "passages/question of a judge, silence of the witness",
        "“Did you sell the boat?” the judge asked. Kerrigan looked at the floor.",
        direct("“Did you sell the boat?”", "judge", "asked", "the judge"),
    ),
    row(
        "passages/adding, in another sentence's participle",
        "“The wall is sound,” Lena Horvat said on Monday, noting that it had been tested in May.",
        direct("“The wall is sound,”", "Lena Horvat", "said"),
        indirect("that it had been tested in May", "Lena Horvat", "noting"),
    ),
    row(
        "passages/hedge by the reporter is not in the statement",
        "Lena Horvat apparently said the wall was sound.",
        indirect("the wall was sound", "Lena Horvat", "said"),
    ),
    row(
        "passages/statement of one on the words of a second",
        "Asked about Marchetti’s remarks, Maria Tolland said she had not read them.",
        indirect("she had not read them", "Maria Tolland", "said"),
    ),
    row(
        "passages/as a clause before the report",
        "As the water rose, Lena Horvat told the villagers to leave.",
        indirect("to leave", "Lena Horvat", "told"),
    ),
)
