"""What is said about actors: who somebody is, and what became of names that were told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.commands import format_command, format_names
from bot.messages.message import (
    Block,
    Choice,
    Form,
    Heading,
    Hint,
    Line,
    Message,
    Moment,
    Note,
    Paragraph,
    Remark,
    Sources,
    Style,
    Text,
    advice,
    plain,
)
from bot.messages.stances import origin, position_line
from bot.messages.statements import statements_message
from bot.messages.wording import counted, local
from news.answers import QuotePage
from news.ledger import Standing
from news.names import ActorNames, NameChange, Relation, Undone, longer
from news.profiles import ActorProfile, Counted

MOST_SHOWN = 12
"""Names in one line; the others are counted."""
_UNDO = advice("To take it back: ", Hint("actors undo"))


def profile_message(
    profile: ActorProfile, page: QuotePage, timezone: str, standings: Sequence[Standing] = ()
) -> Message:
    """Names, whom they speak for, how often and from when to when, the latest positions, and the newest statements of
    the page."""
    facts = tuple(
        Paragraph((Text(f"{label}: ", Style.QUIET), Text(_few(names))))
        for label, names in (
            ("Named in articles", [_count(each) for each in profile.written]),
            ("Other names told here", [n for n in profile.names.names if n != profile.names.main]),
            ("Set apart here", profile.names.apart),
            ("Speaks for", profile.speaks_for),
            ("Spoken for by", [_count(each) for each in profile.spoken_for_by]),
        )
        if names
    )
    newest = statements_message(page, timezone).blocks
    positions: tuple[Block, ...] = ()
    choices = []
    if standings:
        lines = tuple((*position_line(each), Text(" · "), *origin(each.present.latest)) for each in standings)
        positions = (Heading(plain("Latest positions")), *map(Remark, lines))
        choices.append(Choice("Positions", format_command("stance", {"actor": profile.asked})))
    if not profile.total:
        blocks: tuple[Block, ...] = (*facts, *positions, *(() if positions else newest))
        return Message(_title(profile, timezone), blocks, timezone=timezone, choices=tuple(choices))
    if page.more:
        choices.insert(0, Choice("Older", format_command("whosaid", {"actor": profile.asked})))
    blocks = (*facts, *positions, Heading(plain("Newest statements")), *newest)
    return Message(_title(profile, timezone), blocks, timezone=timezone, choices=tuple(choices))


def names_message(changes: Sequence[NameChange], timezone: str) -> Message:
    """What was told and stands, newest first, as undoing goes back."""
    if not changes:
        hint = f"Tell of one: {format_names('alias', 'Edda Marlow', 'E. Marlow')}"
        return Message(
            plain("No names are joined or set apart here"), (Note(plain(hint)),), timezone=timezone
        )
    lines = tuple((*_told(change), Text(" · ", Style.QUIET), _when(change)) for change in changes)
    note = advice("To take back what was told last: ", Hint("actors undo"))
    return Message(
        plain(counted(len(changes), "change to names", "changes to names")),
        (Sources(lines), note),
        timezone=timezone,
    )


def joined_message(change: NameChange, names: ActorNames, strangers: Sequence[str]) -> Message:
    """That two names are one actor's, all of that actor's names, and names that nobody bears yet."""
    hints = [
        Note(plain(f"Nobody called {name} speaks in the articles that are read here yet: mind the spelling."))
        for name in strangers
    ]
    known = Note(plain(f"All names: {_few(names.names)}"))
    return Message(_told(change), (known, *hints, _UNDO))


def split_message(changes: Sequence[NameChange]) -> Message:
    """That a name is no longer the actor's, or that it is set apart."""
    change = changes[0]
    if change.relation is Relation.APART:
        return Message(_told(change), (_UNDO,))
    notes = [_UNDO]
    one, other = change.keys
    if longer(one, other) or longer(other, one):
        line = format_names("split", change.actor, change.name)
        notes.insert(0, Note(plain(f"Words they share may still find both; to set them apart: {line}")))
    return Message(_sentences([_ended(each) for each in changes]), tuple(notes))


def undone_message(undone: Undone) -> Message:
    """What was taken back, what stands again, and how to do it all the same."""
    said = [_ended(change) for change in undone.taken_back]
    said += [(*_told(change), Text(" again")) for change in undone.restored]
    again = [_line(change) for change in undone.taken_back] or [
        format_names("split", change.actor, change.name) for change in undone.restored[:1]
    ]
    notes = tuple(Note(plain(f"To do it all the same: {line}")) for line in again)
    return Message((Text("Undone: "), *_sentences(said)), notes)


def _title(profile: ActorProfile, timezone: str) -> Line:
    name = Text(profile.names.main, Style.STRONG)
    if not profile.total:
        return (name, Text(" · no statements"))
    line: Line = (name, Text(f" · {counted(profile.total, 'statement')}"))
    if profile.first is None or profile.last is None:
        return line
    first, last = Moment(profile.first, Form.DAY), Moment(profile.last, Form.DAY)
    if local(profile.first, timezone).date() == local(profile.last, timezone).date():
        return (*line, Text(", "), first)
    return (*line, Text(" from "), first, Text(" to "), last)


def _told(change: NameChange) -> Line:
    actor, name = Text(change.actor, Style.STRONG), Text(change.name, Style.STRONG)
    apart = change.relation is Relation.APART
    return (name, Text(" is not " if apart else " is another name of "), actor)


def _ended(change: NameChange) -> Line:
    actor, name = Text(change.actor, Style.STRONG), Text(change.name, Style.STRONG)
    if change.relation is Relation.APART:
        return (name, Text(" is no longer set apart from "), actor)
    return (name, Text(" is no longer another name of "), actor)


def _line(change: NameChange) -> str:
    """The line that tells the same once more."""
    action = "split" if change.relation is Relation.APART else "alias"
    return format_names(action, change.actor, change.name)


def _sentences(lines: Sequence[Line]) -> Line:
    joined = [inline for line in lines for inline in (Text("; "), *line)]
    return tuple(joined[1:])


def _when(change: NameChange) -> Moment:
    return Moment(change.made, Form.FULL)


def _count(each: Counted) -> str:
    return f"{each.name} ({each.statements})"


def _few(names: Sequence[str]) -> str:
    more = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")
