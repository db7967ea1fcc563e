"""What `targets` is told, from typed words to values: a name, what it means, and wordings for and against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answers.target_lists import a_target, parted
from bot.messages.commands import COMMANDS, TARGET_ACTIONS, TARGET_WORDS
from bot.words import Word, advice, by_option, shown, value
from news.errors import GrammarError
from news.targets import Target

_ALONE = ("list", "export")
_LONGEST = 4000
"""Characters of all wordings on one side, as they are typed."""


def target_options(words: Sequence[Word]) -> dict[str, str]:
    """What is done, and with what, of the words behind `targets`. Raises GrammarError."""
    action = words[0].text.lower() if words else "list"
    if action not in TARGET_ACTIONS:
        raise GrammarError(f"targets cannot {shown(action)}: {advice(action, TARGET_ACTIONS)}")
    if action == "import":
        raise GrammarError(
            "A list of targets is a file: import it with attache targets import FILE, or in Discord with /targets import."
        )
    free, started = by_option(words[1:], TARGET_WORDS) if action == "add" else (words[1:], {})
    if action in _ALONE and free:
        raise GrammarError(f"targets {action} stands alone: leave out what follows it.")
    options = {"action": action}
    if free:
        options["name"] = " ".join(word.text for word in free)
    for name, some in started.items():
        options[name] = _joined(name, some)
        if not options[name].strip():
            raise GrammarError(
                f'Nothing stands after {name}: add a value, or type "{name}" to mean the word itself.'
            )
    if action not in _ALONE:
        asked_target(options)
    return options


def added_by_words(words: Sequence[str]) -> dict[str, str]:
    """What `targets add` is told by words that a shell has parted: `for`, `against` and `description` start options, any
    other word stands for itself. Raises GrammarError."""
    parts = [Word(word, literal=word.lower() not in TARGET_WORDS) for word in words]
    return target_options([Word("add"), *parts])


def asked_target(options: Mapping[str, str]) -> str:
    """Which target is meant. Raises GrammarError."""
    name = value(options, "name")
    if name is None:
        action = options.get("action", "show")
        example = COMMANDS["targets"].example if action == "add" else f'targets {action} "night shifts"'
        raise GrammarError(f"Say which target, for example: {example}")
    return name


def told_target(options: Mapping[str, str]) -> Target:
    """The target that is to be added. Raises InputError."""
    for side in ("for", "against"):
        if len(options.get(side) or "") > _LONGEST:
            raise GrammarError(f"What stands after {side} is too long: use at most {_LONGEST:,} characters.")
    name, description = asked_target(options), value(options, "description") or ""
    return a_target(name, description, parted(options.get("for")), parted(options.get("against")))


def _joined(option: str, words: Sequence[Word]) -> str:
    """The words as one value; wordings that quotation marks part are parted by semicolons. Raises GrammarError."""
    stray = next((word.text for word in words if not word.literal), None)
    if option != "description" and stray is not None and any(len(w.text.split()) > 1 for w in words):
        raise GrammarError(
            f"{shown(stray)} stands between wordings in quotation marks: put it in marks, too, or "
            f"{advice(stray, sorted(TARGET_WORDS))}"
        )
    apart = option != "description" and all(word.literal for word in words)
    return ("; " if apart else " ").join(word.text for word in words)
