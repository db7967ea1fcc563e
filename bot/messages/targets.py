"""What is said about targets: the list of them, one with its wordings, and what adding and removing one did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.messages.commands import format_command, format_target
from bot.messages.message import (
    Attachment,
    Block,
    Hint,
    Inline,
    Line,
    Message,
    Note,
    Paragraph,
    Sources,
    Style,
    Text,
    advice,
    plain,
)
from bot.messages.wording import counted, done_of
from news.rereading import Progress
from news.target_names import built_in, target_key
from news.targets import Target

LIST_NAME = "targets.yaml"
"""What a list of targets is called where it comes as a file."""
MOST_REASONS = 5
_ADD = Hint(
    'targets add "night shifts" for "pay the night shifts" against "cut the night shifts"',
    "/targets add name: night shifts for: pay the night shifts against: cut the night shifts",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A target, and what is known of it here."""

    target: Target
    positions: int
    """Actors who have a position on it."""
    reading: Progress | None = None
    """How far the articles that were read before it have come; None where all are done."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the targets of a list."""

    added: tuple[Target, ...] = ()
    already: int = 0
    refused: tuple[str, ...] = ()
    """Why each of the others was not taken, in a sentence."""


def targets_message(listed: Sequence[Listed], timezone: str) -> Message:
    """The workspace's own targets with their wordings, then those that are built in."""
    own = [each for each in listed if each.target.owner is not None]
    built_in = [each for each in listed if each.target.owner is None]
    lines: list[Line] = []
    if own:
        lines += [(Text("Your own", Style.STRONG),), *(_line(each, wordings=True) for each in own), ()]
    lines += [(Text("Built in", Style.STRONG),), *(_line(each) for each in built_in)]
    title = f"{counted(len(own), 'target')} of your own, {len(built_in)} built in"
    notes = (
        advice(Hint("targets show NAME", "/targets show name: …"), " shows the wordings of one."),
        *(() if own else (advice("Add one: ", _ADD),)),
    )
    return Message(plain(title), (Sources(tuple(lines)), *notes), timezone=timezone)


def target_message(listed: Listed, timezone: str) -> Message:
    """One target: what it means, by which words it is known, and how far reading for it is."""
    target = listed.target
    whose = "built in" if target.owner is None else "your own"
    blocks: list[Block] = []
    if target.description:
        blocks.append(Paragraph(plain(target.description)))
    for label, wordings in (("For: ", target.supporting), ("Against: ", target.opposing)):
        if wordings:
            blocks.append(Paragraph((Text(label, Style.QUIET), Text("; ".join(wordings)))))
    if listed.reading is not None:
        blocks.append(Note(plain(f"{_reading(listed.reading).capitalize()}.")))
    elif not listed.positions:
        blocks.append(Note(plain("No article that was read has a position on it.")))
    if listed.positions:
        blocks.append(advice(_stance(target), " shows who stands where."))
    if target.owner is not None and not _worded(target):
        blocks.append(_more_words(target))
    title = (Text(target.name, Style.STRONG), Text(f" · {whose}, {counted(listed.positions, 'position')}"))
    return Message(title, tuple(blocks), timezone=timezone)


def target_added_message(target: Target, timezone: str) -> Message:
    """That positions on it are kept from now on, and those in articles that were read before."""
    notes = [
        advice(
            "Articles already read get their positions while the bot runs: ",
            Hint(format_target("show", target.name), f"/targets show name: {target.name}"),
            " tells how far it is.",
        )
    ]
    if _replaces(target):
        notes.append(
            advice("It stands in the place of the one that is built in, which comes back when it is removed.")
        )
    if not _worded(target):
        notes.append(_more_words(target))
    notes.append(advice(_stance(target), " shows who stands where."))
    title = (Text("Positions are kept on "), Text(target.name, Style.STRONG), Text(" from now on"))
    return Message(title, tuple(notes), timezone=timezone)


def target_removed_message(target: Target, timezone: str) -> Message:
    """That nobody's position on it is told here any more; one that is built in can be brought back."""
    name = Text(target.name, Style.STRONG)
    if target.owner is not None:
        return Message((name, Text(" is removed, and with it the positions on it")), timezone=timezone)
    again = Hint(format_target("add", target.name), f"/targets add name: {target.name}")
    return Message(
        (name, Text(" is taken away here")), (advice(again, " brings it back."),), timezone=timezone
    )


def targets_exported_message(targets: Sequence[Target], content: bytes, timezone: str) -> Message:
    """The workspace's own targets as a file."""
    title = plain(f"{counted(len(targets), 'target')} of your own as YAML")
    return Message(title, timezone=timezone, attachments=(Attachment(LIST_NAME, content),))


def targets_imported_message(imported: Imported, timezone: str) -> Message:
    """What became of a list's targets, and why some were refused."""
    parts = [f"{counted(len(imported.added), 'target')} added"]
    if imported.already:
        parts.append(f"{imported.already} {'is' if imported.already == 1 else 'are'} there already")
    if imported.refused:
        parts.append(f"{len(imported.refused)} refused")
    notes = [Note(plain(reason)) for reason in imported.refused[:MOST_REASONS]]
    if (more := len(imported.refused) - MOST_REASONS) > 0:
        notes.append(Note(plain(f"and {more} more")))
    if replacing := [target.name for target in imported.added if _replaces(target)]:
        stand = (
            "stands in the place of the one that is"
            if len(replacing) == 1
            else "stand in the place of those that are"
        )
        notes.append(Note(plain(f"{_named(replacing)} {stand} built in.")))
    if imported.added:
        notes.append(
            advice("Articles already read get their positions while the bot runs: ", Hint("targets list"))
        )
    return Message(plain("; ".join(parts)), tuple(notes), timezone=timezone)


def _replaces(target: Target) -> bool:
    """Whether it is a workspace's own in the place of one that is built in."""
    return built_in(target_key(target.name)) is not None and target.owner is not None


def _named(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    shown, more = names[:MOST_REASONS], len(names) - MOST_REASONS
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _line(listed: Listed, *, wordings: bool = False) -> Line:
    target = listed.target
    line: list[Inline] = [Text(target.name, Style.STRONG)]
    if wordings:
        line += [Text(f" · {told}", Style.QUIET) for told in _described(target)]
    else:
        number = len(target.supporting) + len(target.opposing)
        line.append(Text(f" · {counted(number, 'wording')}", Style.QUIET))
    line.append(Text(f" · {counted(listed.positions, 'position')}"))
    if listed.reading is not None:
        line.append(Text(f" · {_reading(listed.reading)}"))
    return tuple(line)


def _described(target: Target) -> Iterator[str]:
    if target.description:
        yield target.description.rstrip(".")
    for label, wordings in (("for", target.supporting), ("against", target.opposing)):
        if wordings:
            yield f"{label}: {'; '.join(wordings)}"
    if not _worded(target):
        yield "no wordings"


def _reading(progress: Progress) -> str:
    return f"articles are being read for it, {done_of(progress)}"


def _worded(target: Target) -> bool:
    return bool(target.supporting or target.opposing)


def _more_words(target: Target) -> Note:
    return advice(
        "It has no wordings, so only plain words about it are told: remove it and add it with some, such as ",
        _ADD,
    )


def _stance(target: Target) -> Hint:
    return Hint(format_command("stance", {"target": target.name}), f"/stance target: {target.name}")
