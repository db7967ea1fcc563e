"""The commands that people type: their names, their options, and how a line of them is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

OPTION_WORDS = frozenset({"about", "since", "until", "outlet", "target", "actor", "page", "folder"})
"""Words that start an option in every command; who means the word itself puts it in quotation marks."""
QUOTATION_MARKS = frozenset('"“”„‟«»')
"""Characters that hold words together in a line."""


QUOTE = '"'
_PIECE = re.compile(r'-?"[^"]*"|[^\s"]+')
"""Of words that are looked for: those that marks hold together, and each other one."""

JOINTS: Mapping[str, str] = {"alias": "as", "merge": "into", "split": "from"}
"""What stands between the two names that `actors` is told, by what is done with them."""
SCHEDULE_ACTIONS = ("list", "add", "change", "pause", "resume", "remove", "preview", "now", "timezone")
"""What `schedule` can do."""
SCHEDULE_WORDS = frozenset({"channel", "timezone", "title", "about", "actor", "outlet", "length", "form"})
"""Words that start an option of `schedule add` and `schedule change`."""
TARGET_ACTIONS = ("list", "show", "add", "remove", "import", "export")
"""What `targets` can do."""
TARGET_WORDS = frozenset({"description", "for", "against"})
"""Words that start an option of `targets add`."""
ALSO: Mapping[str, Mapping[str, str]] = {"stance": {"on": "target", "about": "target"}}
"""Words that start an option of a command in the place of its own."""
_BARE = frozenset((*OPTION_WORDS, *JOINTS.values(), *(word for words in ALSO.values() for word in words)))


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the grammar."""

    name: str
    meaning: str
    usage: str
    example: str
    filled_in: str
    """The same example where the platform shows a command's options as fields to fill in."""
    lead: tuple[str, ...] = ()
    """Options whose values come first, without an option word: one word each, the last takes the rest."""
    options: tuple[str, ...] = ()
    """Options that their word may start."""


_ALL = (
    Command(
        "digest",
        meaning="What is new: the stories of a time, with who said what. Without a time, since the last digest.",
        usage="digest [about] [actor NAME] [since TIME] [until TIME] [outlet NAME]",
        example="digest harbour strike since 12h",
        filled_in="/digest about: harbour strike since: 12h",
        lead=("about",),
        options=("about", "actor", "since", "until", "outlet"),
    ),
    Command(
        "whosaid",
        meaning="Who said what, newest first: the article's own words, the outlet, the time and the link.",
        usage="whosaid [actor] [about WORDS] [since TIME] [until TIME] [outlet NAME] [page NUMBER]",
        example='whosaid Marlow about "harbour strike" since 3d outlet "Daily Herald"',
        filled_in='/whosaid actor: Marlow about: "harbour strike" since: 3d outlet: Daily Herald',
        lead=("actor",),
        options=("actor", "about", "since", "until", "outlet", "page"),
    ),
    Command(
        "stance",
        meaning="Where somebody stands on what, since when, and in which words; of a target alone, where everybody does.",
        usage="stance [actor] [on TARGET] [since TIME] [until TIME] [page NUMBER]",
        example='stance Marlow on "night shifts"',
        filled_in="/stance actor: Marlow target: night shifts",
        lead=("actor",),
        options=("actor", "target", "since", "until", "page"),
    ),
    Command(
        "actor",
        meaning="Who someone is here: the names, whom they speak for, how often and what they said last.",
        usage="actor NAME",
        example="actor Marlow",
        filled_in="/actor name: Marlow",
        lead=("actor",),
        options=("actor",),
    ),
    Command(
        "feeds",
        meaning="The feeds that are read here: list them, add or remove one, be told when one fails, take the list along.",
        usage="feeds [list | add ADDRESS [outlet NAME] [folder NAME] | remove ADDRESS | notices [here | off] | export]",
        example='feeds add https://example.org/feed.xml outlet "Daily Herald"',
        filled_in="/feeds add address: https://example.org/feed.xml outlet: Daily Herald",
        lead=("action", "url"),
        options=("outlet", "folder"),
    ),
    Command(
        "schedule",
        meaning="Digests that are posted by themselves: list them, add or change one, pause, resume or remove it, "
        "see or post now what it would tell, set the time zone here. TIMES are 09:00, weekdays 09:00, "
        "mon,wed 18:30, every 6 hours, or a cron line; none takes a filter away.",
        usage="schedule [list | add TIMES [channel PLACE] [timezone ZONE] [title WORDS] [about WORDS] [actor NAME] "
        "[outlet NAME] [length NUMBER] [form message | thread] | change NUMBER [TIMES] [the same] | pause NUMBER "
        "| resume NUMBER | remove NUMBER | preview NUMBER | now NUMBER | timezone [ZONE]]",
        example='schedule add weekdays 09:00 timezone Europe/Kyiv title "Morning digest" about ceasefire',
        filled_in="/schedule add times: weekdays 09:00 timezone: Europe/Kyiv title: Morning digest about: ceasefire",
    ),
    Command(
        "actors",
        meaning="Names that are one actor's here, and names that are not: list, tell, and take back what was told.",
        usage="actors [list | alias ACTOR as NAME | merge NAME into ACTOR | split NAME from ACTOR | undo]",
        example='actors alias "Edda Marlow" as "Minister Marlow"',
        filled_in="/actors alias actor: Edda Marlow as: Minister Marlow",
    ),
    Command(
        "targets",
        meaning="What positions are about: list targets, show, add or remove one, take your own along. WORDINGS are ways "
        "of being for or against it, parted by semicolons.",
        usage="targets [list | show NAME | add NAME [description WORDS] [for WORDINGS] [against WORDINGS] "
        "| remove NAME | export]",
        example='targets add "night shifts" description "Paying night shifts in full." '
        'for "pay the night shifts; full pay at night" against "cut the night shifts"',
        filled_in="/targets add name: night shifts description: Paying night shifts in full. "
        "for: pay the night shifts; full pay at night against: cut the night shifts",
    ),
    Command(
        "help",
        meaning="What can be asked; with a command's name, more about that one.",
        usage="help [command]",
        example="help whosaid",
        filled_in="/help command: whosaid",
        lead=("command",),
    ),
)

COMMANDS: Mapping[str, Command] = {command.name: command for command in _ALL}
TIMES = "45m, 12h, 3d, 2w, today, yesterday, a weekday, or a date such as 2025-01-31 or 2025-01-31T09:00"
"""What can stand where a time is wanted, in words."""


def format_command(command: str, options: Mapping[str, str]) -> str:
    """The line that means this command with these options: what `bot.grammar.parse` reads back.

    Values must hold a character that is no white space, and no control characters.
    """
    lead = [name for name in COMMANDS[command].lead if name in options]
    words = [command, *(_written(name, options[name]) for name in lead)]
    for name, value in options.items():
        if name not in lead:
            words += [name, _written(name, value)]
    return " ".join(words)


def as_phrase(words: str) -> str:
    """Words that quotation marks hold together, with straight marks where there are several."""
    return f'"{words.replace(QUOTE, " ")}"' if len(words.split()) > 1 else words


def format_names(action: str, actor: str, name: str) -> str:
    """The line that tells `actors` of two names."""
    first, second = (actor, name) if action == "alias" else (name, actor)
    return " ".join(("actors", action, _quoted(first), JOINTS[action], _quoted(second)))


def format_target(action: str, name: str) -> str:
    """The line that does something with one target."""
    return " ".join(("targets", action, _quoted(name)))


def typed(word: str) -> str:
    """A shell's word as a part of a line: held together, but for an option word, in quotation marks or not."""
    bare = word.strip("".join(QUOTATION_MARKS)).lower()
    return word if bare in _BARE else _quoted(word)


def _written(option: str, value: str) -> str:
    """A value as it is typed. Words that are looked for stand each for itself: marks would make a phrase of them."""
    pieces = _PIECE.findall(value) if option == "about" else []
    return " ".join(_piece(piece) for piece in pieces) if pieces else _quoted(value)


def _piece(piece: str) -> str:
    return piece if QUOTE in piece and len(piece.split()) > 1 else _quoted(piece)


def _quoted(value: str) -> str:
    plain = not any(c.isspace() or c in QUOTATION_MARKS for c in value)
    if plain and value.lower() not in _BARE:
        return value
    # Pieces that touch are one word, so a straight mark inside goes between marks of another kind.
    return '"' + value.replace('"', '"«"»"') + '"'
