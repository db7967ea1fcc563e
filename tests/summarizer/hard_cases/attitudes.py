"""Thoughts and intentions, calls on others, and statements that follow each other closely."""

from __future__ import annotations

from functools import partial

from news.statements import Mode
from tests.summarizer.hard_cases.rows import Row, direct, indirect, mixed, row

thought = partial(indirect, mode=Mode.THOUGHT)
intention = partial(indirect, mode=Mode.INTENTION)

ROWS: tuple[Row, ...] = (
    row(
        "thoughts/believes that",
        "Petra Sandoval believes that the strike will end by Friday.",
        thought("that the strike will end by Friday", "Petra Sandoval", "believes"),
    ),
    row(
        "thoughts/thinks without that",
        "Petra Sandoval thinks the strike will end by Friday.",
        thought("the strike will end by Friday", "Petra Sandoval", "thinks"),
    ),
    row(
        "thoughts/fears",
        "Petra Sandoval fears the strike will last until spring.",
        thought("the strike will last until spring", "Petra Sandoval", "fears"),
    ),
    row(
        "thoughts/hopes that",
        "Petra Sandoval hopes that the strike will end by Friday.",
        thought("that the strike will end by Friday", "Petra Sandoval", "hopes"),
    ),
    row(
        "thoughts/doubts whether",
        "Petra Sandoval doubts that the strike will end by Friday.",
        thought("that the strike will end by Friday", "Petra Sandoval", "doubts"),
    ),
    row(
        "thoughts/expects",
        "Petra Sandoval expects the strike to end by Friday.",
        thought("the strike to end by Friday", "Petra Sandoval", "expects"),
    ),
    row(
        "thoughts/is convinced",
        "Petra Sandoval is convinced that the strike will end by Friday.",
        thought("that the strike will end by Friday", "Petra Sandoval", "is convinced"),
    ),
    row(
        "thoughts/is worried",
        "Petra Sandoval is worried that the strike will last until spring.",
        thought("that the strike will last until spring", "Petra Sandoval", "is worried"),
    ),
    row(
        "thoughts/parenthetic",
        "The strike will end by Friday, Petra Sandoval believes.",
        thought("The strike will end by Friday", "Petra Sandoval", "believes"),
    ),
    row(
        "thoughts/suspects",
        "Petra Sandoval suspects the owners of paying the pickets.",
        thought("the owners of paying the pickets", "Petra Sandoval", "suspects", loose=True),
    ),
    row(
        "thoughts/said she believed",
        "Petra Sandoval said she believed the strike would end by Friday.",
        indirect("she believed the strike would end by Friday", "Petra Sandoval", "said"),
    ),
    row(
        "intentions/plans to",
        "Petra Sandoval plans to end the strike by Friday.",
        intention("to end the strike by Friday", "Petra Sandoval", "plans"),
    ),
    row(
        "intentions/vowed to",
        "Petra Sandoval vowed to end the strike by Friday.",
        intention("to end the strike by Friday", "Petra Sandoval", "vowed"),
    ),
    row(
        "intentions/wants to",
        "Petra Sandoval wants to end the strike by Friday.",
        intention("to end the strike by Friday", "Petra Sandoval", "wants"),
    ),
    row(
        "intentions/intends to",
        "Petra Sandoval intends to end the strike by Friday.",
        intention("to end the strike by Friday", "Petra Sandoval", "intends"),
    ),
    row(
        "intentions/promised not to",
        "Petra Sandoval promised not to end the strike by force.",
        intention("not to end the strike by force", "Petra Sandoval", "promised"),
    ),
    row(
        "intentions/threatened to",
        "Petra Sandoval threatened to extend the strike into spring.",
        intention("to extend the strike into spring", "Petra Sandoval", "threatened"),
    ),
    row(
        "intentions/with a condition",
        "Petra Sandoval pledged to end the strike if wages rose.",
        intention("to end the strike if wages rose", "Petra Sandoval", "pledged"),
    ),
    row(
        "intentions/has no plans",
        "Petra Sandoval has no plans to end the strike.",
        intention("to end the strike", "Petra Sandoval", "has no plans"),
    ),
    row(
        "intentions/does not want to",
        "Petra Sandoval does not want to end the strike.",
        intention("to end the strike", "Petra Sandoval", "does not want"),
    ),
    row(
        "calls/urged somebody",
        "Petra Sandoval urged the owners to raise wages.",
        indirect("the owners to raise wages", "Petra Sandoval", "urged", loose=True),
    ),
    row(
        "calls/called for",
        "Petra Sandoval called for a vote by Friday.",
        indirect("a vote by Friday", "Petra Sandoval", "called for", loose=True),
    ),
    row(
        "calls/demanded that",
        "Petra Sandoval demanded that the owners raise wages.",
        indirect("that the owners raise wages", "Petra Sandoval", "demanded", loose=True),
    ),
    row(
        "calls/accused of",
        "Petra Sandoval accused the owners of hiding the accounts.",
        indirect("the owners of hiding the accounts", "Petra Sandoval", "accused"),
    ),
    row(
        "calls/warned of",
        "Petra Sandoval warned of a long winter for the docks.",
        indirect("a long winter for the docks", "Petra Sandoval", "warned of", loose=True),
    ),
    row(
        "calls/praised",
        "Petra Sandoval praised the drivers for their patience.",
        indirect("the drivers for their patience", "Petra Sandoval", "praised", loose=True),
    ),
    row(
        "chains/said, adding that",
        "Petra Sandoval said the strike would go on, adding that the owners had been warned.",
        indirect("the strike would go on", "Petra Sandoval", "said"),
        indirect("that the owners had been warned", "Petra Sandoval", "adding"),
    ),
    row(
        "chains/said and warned",
        "Petra Sandoval said the strike would go on and warned that the docks would stay shut.",
        indirect("the strike would go on", "Petra Sandoval", "said"),
        indirect("that the docks would stay shut", "Petra Sandoval", "warned"),
    ),
    row(
        "chains/that and that",
        "Petra Sandoval said that the strike would go on and that the docks would stay shut.",
        indirect("that the strike would go on and that the docks would stay shut", "Petra Sandoval", "said"),
    ),
    row(
        "chains/a second sentence of free report is not taken along",
        "Petra Sandoval said the strike would go on. The docks have been shut since Monday.",
        indirect("the strike would go on", "Petra Sandoval", "said"),
    ),
    row(
        "chains/quotation after a report",
        "Petra Sandoval said the strike would go on. “The docks stay shut,” she said.",
        indirect("the strike would go on", "Petra Sandoval", "said#1"),
        direct("“The docks stay shut,”", "Petra Sandoval", "said#2", "she"),
    ),
    row(
        "chains/the time belongs to the cue",
        "Petra Sandoval said on Tuesday in Oldhaven that the strike would go on.",
        indirect("that the strike would go on", "Petra Sandoval", "said"),
    ),
    row(
        "chains/a colon and a list",
        "Petra Sandoval named three conditions: higher wages, shorter shifts and new cranes.",
        indirect("higher wages, shorter shifts and new cranes", "Petra Sandoval", loose=True, optional=True),
    ),
    row(
        "chains/comma list in the content",
        "Petra Sandoval said wages, shifts and cranes were all on the table.",
        indirect("wages, shifts and cranes were all on the table", "Petra Sandoval", "said"),
    ),
    row(
        "chains/relative clause in the content",
        "Petra Sandoval said the owners, who met on Monday, had made no offer.",
        indirect("the owners, who met on Monday, had made no offer", "Petra Sandoval", "said"),
    ),
    row(
        "chains/three of them, the last mixed",
        "Petra Sandoval said the owners were rich, claimed they were hiding it and called them “misers”.",
        indirect("the owners were rich", "Petra Sandoval", "said"),
        indirect("they were hiding it", "Petra Sandoval", "claimed"),
        mixed("them “misers”", "Petra Sandoval", "called"),
    ),
)
