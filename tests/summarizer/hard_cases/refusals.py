"""Negations, denials, refusals, questions, conditions and hedges: what must not get lost."""

from __future__ import annotations

from news.statements import Mode
from tests.summarizer.hard_cases.rows import Row, direct, indirect, mixed, row

ROWS: tuple[Row, ...] = (
    row(
        "denials/that",
        "Karim Belhadj denied that he had signed the contract.",
        indirect("that he had signed the contract", "Karim Belhadj", "denied"),
    ),
    row(
        "denials/doing",
        "Karim Belhadj has denied signing the contract.",
        indirect("signing the contract", "Karim Belhadj", "has denied"),
    ),
    row(
        "denials/a thing",
        "Karim Belhadj denied the charges.",
        indirect("the charges", "Karim Belhadj", "denied"),
    ),
    row(
        "denials/rejected",
        "Karim Belhadj rejected claims that he had signed the contract.",
        indirect("claims that he had signed the contract", "Karim Belhadj", "rejected"),
    ),
    row(
        "denials/quoted",
        "“I signed nothing,” Karim Belhadj said, denying the charges.",
        direct("“I signed nothing,”", "Karim Belhadj", "said"),
        indirect("the charges", "Karim Belhadj", "denying"),
    ),
    row(
        "refusals/declined to comment",
        "Karim Belhadj declined to comment on the contract.",
        indirect("to comment on the contract", "Karim Belhadj", "declined", loose=True),
    ),
    row(
        "refusals/refused to say",
        "Karim Belhadj refused to say who had signed the contract.",
        indirect("to say who had signed the contract", "Karim Belhadj", "refused", loose=True),
    ),
    row(
        "refusals/would not say",
        "Karim Belhadj would not say who had signed the contract.",
        indirect("who had signed the contract", "Karim Belhadj", "would not say"),
    ),
    row(
        "refusals/did not respond",
        "Northmill Grain did not respond to a request for comment.",
        indirect("to a request for comment", "Northmill Grain", "did not respond", loose=True),
    ),
    row(
        "refusals/neither confirmed nor denied",
        "Karim Belhadj neither confirmed nor denied that he had signed the contract.",
        indirect("that he had signed the contract", "Karim Belhadj", "neither confirmed nor denied"),
    ),
    row(
        "negated cue/did not say whether",
        "Karim Belhadj did not say whether he had signed the contract.",
        indirect("whether he had signed the contract", "Karim Belhadj", "did not say"),
    ),
    row(
        "negated cue/never said",
        "Karim Belhadj never said that he had signed the contract.",
        indirect("that he had signed the contract", "Karim Belhadj", "never said"),
    ),
    row(
        "negated cue/contracted",
        "Karim Belhadj didn’t say who had signed the contract.",
        indirect("who had signed the contract", "Karim Belhadj", "didn’t say"),
    ),
    row(
        "negated cue/does not believe",
        "Karim Belhadj does not believe that the contract is valid.",
        indirect("that the contract is valid", "Karim Belhadj", "does not believe", mode=Mode.THOUGHT),
    ),
    row(
        "negated cue/stopped short of",
        "Karim Belhadj stopped short of saying that the contract was void.",
        indirect("that the contract was void", "Karim Belhadj", "stopped short of saying"),
    ),
    row(
        "negated cue/quotation denied",
        "“I never said ‘yes’,” Karim Belhadj said.",
        direct("“I never said ‘yes’,”", "Karim Belhadj", "said#2"),
    ),
    row(
        "questions/asked whether",
        "Karim Belhadj asked whether the contract was valid.",
        indirect("whether the contract was valid", "Karim Belhadj", "asked"),
    ),
    row(
        "questions/wondered why",
        "Karim Belhadj wondered why the contract was signed by night.",
        indirect("why the contract was signed by night", "Karim Belhadj", "wondered", mode=Mode.THOUGHT),
    ),
    row(
        "questions/quoted",
        "“Who signed it, and when?” Karim Belhadj asked.",
        direct("“Who signed it, and when?”", "Karim Belhadj", "asked"),
    ),
    row(
        "questions/asked to do",
        "Karim Belhadj asked the court to read the contract aloud.",
        indirect("the court to read the contract aloud", "Karim Belhadj", "asked", loose=True),
    ),
    row(
        "questions/questioned",
        "Karim Belhadj questioned whether the contract was valid.",
        indirect("whether the contract was valid", "Karim Belhadj", "questioned"),
    ),
    row(
        "conditions/if at the end",
        "Karim Belhadj said he would sign if the price fell.",
        indirect("he would sign if the price fell", "Karim Belhadj", "said"),
    ),
    row(
        "conditions/if at the start",
        "Karim Belhadj said that if the price fell, he would sign.",
        indirect("that if the price fell, he would sign", "Karim Belhadj", "said"),
    ),
    row(
        "conditions/before the clause and the cue",
        "If the price falls, Northmill Grain will sign, Karim Belhadj said.",
        indirect("If the price falls, Northmill Grain will sign", "Karim Belhadj", "said"),
    ),
    row(
        "conditions/unless",
        "Karim Belhadj said he would not sign unless the price fell.",
        indirect("he would not sign unless the price fell", "Karim Belhadj", "said"),
    ),
    row(
        "conditions/only after",
        "Karim Belhadj said talks were possible, but only after a ceasefire.",
        indirect("talks were possible, but only after a ceasefire", "Karim Belhadj", "said"),
    ),
    row(
        "conditions/provided that",
        "Karim Belhadj said he would sign, provided that the board agreed.",
        indirect("he would sign, provided that the board agreed", "Karim Belhadj", "said"),
    ),
    row(
        "conditions/outside the marks",
        "Karim Belhadj said he would sign “without a blink” if the price fell.",
        mixed("he would sign “without a blink” if the price fell", "Karim Belhadj", "said"),
    ),
    row(
        "conditions/of the quotation before",
        "“We will sign,” Karim Belhadj said, “but not before the price falls.”",
        direct("“We will sign,” | “but not before the price falls.”", "Karim Belhadj", "said"),
    ),
    row(
        "hedges/may",
        "Karim Belhadj said the contract may be void.",
        indirect("the contract may be void", "Karim Belhadj", "said"),
    ),
    row(
        "hedges/apparently",
        "Karim Belhadj said the contract was apparently never signed.",
        indirect("the contract was apparently never signed", "Karim Belhadj", "said"),
    ),
    row(
        "hedges/probably at the start",
        "Probably nobody read the contract, Karim Belhadj said.",
        indirect("Probably nobody read the contract", "Karim Belhadj", "said"),
    ),
    row(
        "hedges/not necessarily",
        "Karim Belhadj said the contract was not necessarily void.",
        indirect("the contract was not necessarily void", "Karim Belhadj", "said"),
    ),
    row(
        "hedges/at least",
        "Karim Belhadj said at least 40 copies had been signed.",
        indirect("at least 40 copies had been signed", "Karim Belhadj", "said"),
    ),
    row(
        "hedges/as far as he knew",
        "Karim Belhadj said that, as far as he knew, nobody had signed.",
        indirect("that, as far as he knew, nobody had signed", "Karim Belhadj", "said"),
    ),
    row(
        "hedges/no longer",
        "Karim Belhadj said he no longer trusted the contract.",
        indirect("he no longer trusted the contract", "Karim Belhadj", "said"),
    ),
)
