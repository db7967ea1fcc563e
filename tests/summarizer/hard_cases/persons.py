"""Persons as sources: pronouns, surnames, titles, appositions, and whom they must not be mixed up with."""

from __future__ import annotations

from tests.summarizer.hard_cases.rows import Row, direct, indirect, row

ROWS: tuple[Row, ...] = (
    row(
        "pronoun/she after her name",
        "Maria Tolland opened the mill on Monday. She said it would grind by May.",
        indirect("it would grind by May", "Maria Tolland", "said", "She"),
    ),
    row(
        "pronoun/he in the next paragraph",
        "David Marchetti opened the mill on Monday.\n\n“It will grind by May,” he said.",
        direct("“It will grind by May,”", "David Marchetti", "said", "he"),
    ),
    row(
        "pronoun/gender tells two persons apart",
        "Maria Tolland met David Marchetti at the mill. He said it would grind by May.",
        indirect("it would grind by May", "David Marchetti", "said", "He"),
    ),
    row(
        "pronoun/two men, nobody can tell",
        "On Monday David Marchetti and Paul Sorensen met at the mill. He said it would grind by May.",
        indirect("it would grind by May", None, "said", "He"),
    ),
    row(
        "pronoun/no name at all",
        "He said the mill would grind by May.",
        indirect("the mill would grind by May", None, "said", "He"),
    ),
    row(
        "pronoun/they is the body that spoke",
        "The millers’ union said no. They said the offer was an insult.",
        indirect("no", "millers’ union", loose=True, optional=True),
        indirect("the offer was an insult", "millers’ union", "said#2", "They"),
    ),
    row(
        "pronoun/it is the state that spoke",
        "Ruritania said the border was open. It said trucks could pass.",
        indirect("the border was open", "Ruritania", "said#1"),
        indirect("trucks could pass", "Ruritania", "said#2", "It"),
    ),
    row(
        "pronoun/I and we are nobody we know",
        "We said the mill would grind by May.",
        indirect("the mill would grind by May", None, "said", "We"),
    ),
    row(
        "pronoun/her spokesman is not she",
        "Maria Tolland stayed away. Her spokesman, David Marchetti, said she was ill.",
        indirect("she was ill", "David Marchetti", "said", "Her spokesman, David Marchetti"),
    ),
    row(
        "pronoun/he is not the one spoken of",
        "David Marchetti said Paul Sorensen was ill. He said the talks would go on.",
        indirect("Paul Sorensen was ill", "David Marchetti", "said#1"),
        indirect("the talks would go on", "David Marchetti", "said#2", "He"),
    ),
    row(
        "pronoun/who",
        "Maria Tolland, who said the mill would grind by May, has left the board.",
        indirect("the mill would grind by May", "Maria Tolland", "said", "who", loose=True),
    ),
    row(
        "surname/after the full name",
        "Maria Tolland opened the mill. Tolland said it would grind by May.",
        indirect("it would grind by May", "Maria Tolland", "said", "Tolland#2"),
    ),
    row(
        "surname/with a courtesy title",
        "Maria Tolland opened the mill. Ms. Tolland said it would grind by May.",
        indirect("it would grind by May", "Maria Tolland", "said", "Ms. Tolland"),
    ),
    row(
        "surname/two of one family, told apart by the title",
        "Maria Tolland and Paul Tolland opened the mill. Mr. Tolland said it would grind by May.",
        indirect("it would grind by May", "Paul Tolland", "said", "Mr. Tolland"),
    ),
    row(
        "surname/hyphenated",
        "Ines Ferreira-Lund opened the mill. Ferreira-Lund said it would grind by May.",
        indirect("it would grind by May", "Ines Ferreira-Lund", "said", "Ferreira-Lund#2"),
    ),
    row(
        "surname/with a particle",
        "Lena van der Horst said the mill would grind by May.",
        indirect("the mill would grind by May", "Lena van der Horst", "said"),
    ),
    row(
        "surname/accents and an apostrophe",
        "Séamus O’Driscoll-Ní said the mill would grind by May.",
        indirect("the mill would grind by May", "Séamus O’Driscoll-Ní", "said"),
    ),
    row(
        "surname/initials",
        "J. B. Sorensen said the mill would grind by May.",
        indirect("the mill would grind by May", "J. B. Sorensen", "said"),
    ),
    row(
        "surname/junior",
        "Paul Sorensen Jr. said the mill would grind by May.",
        indirect("the mill would grind by May", "Paul Sorensen Jr.", "said"),
    ),
    row(
        "title/the mayor, named before",
        "Oldhaven mayor Maria Tolland opened the mill. The mayor said it would grind by May.",
        indirect("it would grind by May", "Maria Tolland", "said", "The mayor"),
    ),
    row(
        "title/the minister, never named",
        "The transport minister said the bridge would open by May.",
        indirect("the bridge would open by May", "transport minister", "said", "The transport minister"),
    ),
    row(
        "title/two presidents",
        "Ruritanian President Maria Tolland met Graustarkian President Paul Sorensen."
        " The Graustarkian president said the talks had been short.",
        indirect("the talks had been short", "Paul Sorensen", "said", "The Graustarkian president"),
    ),
    row(
        "title/before the name",
        "Deputy Transport Minister Karim Belhadj said the bridge would open by May.",
        indirect(
            "the bridge would open by May",
            "Karim Belhadj",
            "said",
            "Deputy Transport Minister Karim Belhadj",
        ),
    ),
    row(
        "title/abbreviated",
        "Sen. Karim Belhadj (Q-Oldhaven) said the bridge would open by May.",
        indirect("the bridge would open by May", "Karim Belhadj", "said", "Sen. Karim Belhadj (Q-Oldhaven)"),
    ),
    row(
        "title/former",
        "Former transport minister Karim Belhadj said the bridge would open by May.",
        indirect(
            "the bridge would open by May",
            "Karim Belhadj",
            "said",
            "Former transport minister Karim Belhadj",
        ),
    ),
    row(
        "title/military with a rank",
        "Lt. Col. Karim Belhadj said the bridge would open by May.",
        indirect("the bridge would open by May", "Karim Belhadj", "said", "Lt. Col. Karim Belhadj"),
    ),
    row(
        "apposition/after the name",
        "Yusuf Clarke, the union’s chief negotiator, said the offer was an insult.",
        indirect(
            "the offer was an insult", "Yusuf Clarke", "said", "Yusuf Clarke, the union’s chief negotiator"
        ),
    ),
    row(
        "apposition/before the name",
        "The union’s chief negotiator, Yusuf Clarke, said the offer was an insult.",
        indirect(
            "the offer was an insult", "Yusuf Clarke", "said", "The union’s chief negotiator, Yusuf Clarke"
        ),
    ),
    row(
        "apposition/the owner is named, the servant speaks",
        "Rado Malek’s press secretary, Lev Tarr, said the president was well.",
        indirect("the president was well", "Lev Tarr", "said", "Rado Malek’s press secretary, Lev Tarr"),
    ),
    row(
        "apposition/the owner after the servant",
        "Lev Tarr, press secretary to President Rado Malek, said the president was well.",
        indirect(
            "the president was well", "Lev Tarr", "said", "Lev Tarr, press secretary to President Rado Malek"
        ),
    ),
    row(
        "apposition/the servant is not named",
        "A spokesman for Rado Malek said the president was well.",
        indirect(
            "the president was well",
            "spokesman for Rado Malek",
            "said",
            "A spokesman for Rado Malek",
            anonymous=True,
        ),
    ),
    row(
        "apposition/wife of",
        "Irena Malek, the wife of President Rado Malek, said he was well.",
        indirect("he was well", "Irena Malek", "said", "Irena Malek, the wife of President Rado Malek"),
    ),
    row(
        "apposition/relative clause with another's name",
        "Yusuf Clarke, who succeeded Maria Tolland in May, said the offer was an insult.",
        indirect(
            "the offer was an insult",
            "Yusuf Clarke",
            "said",
            "Yusuf Clarke, who succeeded Maria Tolland in May",
        ),
    ),
    row(
        "apposition/dashes",
        "Yusuf Clarke — a welder by trade — said the offer was an insult.",
        indirect("the offer was an insult", "Yusuf Clarke", "said", loose=True),
    ),
    row(
        "apposition/inverted, list of offices",
        "“The offer is an insult,” said Yusuf Clarke, a welder, a father of four and the union’s negotiator.",
        direct(
            "“The offer is an insult,”",
            "Yusuf Clarke",
            "said",
            "Yusuf Clarke, a welder, a father of four and the union’s negotiator",
        ),
    ),
    row(
        "apposition/age",
        "Yusuf Clarke, 44, said the offer was an insult.",
        indirect("the offer was an insult", "Yusuf Clarke", "said", "Yusuf Clarke, 44"),
    ),
    row(
        "near a name/the lawyer of somebody named",
        "Maria Tolland’s lawyer said the charges were false.",
        indirect("the charges were false", "Maria Tolland’s lawyer", "said", "Maria Tolland’s lawyer"),
    ),
    row(
        "near a name/the office of somebody named",
        "Maria Tolland was ill. Tolland’s office said the trip was off.",
        indirect("the trip was off", "Tolland’s office", "said", "Tolland’s office"),
    ),
    row(
        "near a name/the brother of somebody named",
        "“She is innocent,” said the brother of Maria Tolland.",
        direct("“She is innocent,”", "brother of Maria Tolland", "said", "the brother of Maria Tolland"),
    ),
    row(
        "near a name/told to somebody named",
        "Maria Tolland told Lena Horvat that she was late.",
        indirect("that she was late", "Maria Tolland", "told"),
    ),
    row(
        "near a name/said of somebody named",
        "“He is a liar,” Maria Tolland said of Paul Sorensen.",
        direct("“He is a liar,”", "Maria Tolland", "said"),
    ),
    row(
        "near a name/a place named after somebody",
        "The Paul Sorensen Foundation said the prize would be given in May.",
        indirect(
            "the prize would be given in May",
            "Paul Sorensen Foundation",
            "said",
            "The Paul Sorensen Foundation",
        ),
    ),
    row(
        "near a name/the other of two speaks",
        "Maria Tolland listened as Paul Sorensen said the charges were false.",
        indirect("the charges were false", "Paul Sorensen", "said"),
    ),
    row(
        "near a name/a subject before the source",
        "The charges against Maria Tolland are false, Paul Sorensen said.",
        indirect("The charges against Maria Tolland are false", "Paul Sorensen", "said"),
    ),
)
