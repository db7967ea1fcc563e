"""Typed words to commands and queries: one grammar for every place where a line is typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages.commands import ALSO, COMMANDS, JOINTS, OPTION_WORDS, TIMES, Command, format_names
from bot.messages.stances import PAGE
from bot.schedule_grammar import schedule_options
from bot.target_grammar import target_options
from bot.words import Word, advice, joined, shown, split, twice, value
from news.errors import GrammarError
from news.queries import PAGE_SIZE, StanceQuery, StatementQuery, StoryQuery

LONGEST_LINE = 4000
LOOK_UPS = frozenset({"digest", "whosaid", "stance", "actor"})
"""Commands that anybody may give: they change nothing, and ask nobody but the store."""
_AGO = re.compile(r"([0-9]{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ACTIONS = ("list", "add", "remove", "notices", "import", "export")
_YEARS = range(1970, 3000)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command and its options, as typed."""

    command: str
    options: dict[str, str]


def parse(line: str) -> Parsed:
    """What a typed line means. Raises GrammarError.

    The slash in front may be left out. Option words are known in any case; words in quotation marks, straight
    or typographic, are one word and never an option word.
    """
    if len(line) > LONGEST_LINE:
        raise GrammarError(f"That line is too long: use at most {LONGEST_LINE} characters.")
    words = split(line)
    name = words[0].text.removeprefix("/") if words else ""
    if not name:
        raise GrammarError("Type a command, such as digest or whosaid; help shows them all.")
    command = _command(name)
    if command.name == "actors":
        return Parsed(command.name, _actors_options(words[1:]))
    if command.name == "schedule":
        return Parsed(command.name, schedule_options(words[1:]))
    if command.name == "targets":
        return Parsed(command.name, target_options(words[1:]))
    if command.name == "help":
        return Parsed(command.name, _help_options(words[1:]))
    options = _options(command, words[1:])
    if command.name == "feeds":
        options = _feeds_options(options)
    return Parsed(command.name, options)


def story_query(options: Mapping[str, str], now: datetime, timezone: str) -> StoryQuery:
    """The query behind `digest`. Raises GrammarError."""
    since, until = _window(options, now, timezone)
    return StoryQuery(
        since=since,
        until=until,
        about=value(options, "about"),
        actor=value(options, "actor"),
        outlet=value(options, "outlet"),
    )


def statement_query(options: Mapping[str, str], now: datetime, timezone: str) -> StatementQuery:
    """The query behind `whosaid`. Raises GrammarError, also when neither an actor nor `about` is given."""
    actor, about = value(options, "actor"), value(options, "about")
    if actor is None and about is None:
        raise GrammarError(f"Say whom or about what, for example: {COMMANDS['whosaid'].example}")
    since, until = _window(options, now, timezone)
    return StatementQuery(
        actor=actor,
        about=about,
        since=since,
        until=until,
        outlet=value(options, "outlet"),
        offset=(_page(options) - 1) * PAGE_SIZE,
    )


def stance_query(options: Mapping[str, str], now: datetime, timezone: str) -> StanceQuery:
    """The query behind `stance`. Raises GrammarError, also when neither an actor nor a target is given."""
    actor, target = value(options, "actor"), value(options, "target")
    if actor is None and target is None:
        raise GrammarError(f"Say whose position or on what, for example: {COMMANDS['stance'].example}")
    since, until = _window(options, now, timezone)
    return StanceQuery(
        actor=actor,
        target=target,
        since=since,
        until=until,
        offset=(_page(options) - 1) * PAGE,
        limit=PAGE,
    )


def asked_actor(options: Mapping[str, str]) -> str:
    """Whom `actor` is about. Raises GrammarError."""
    actor = value(options, "actor")
    if actor is None:
        raise GrammarError(f"Say whom, for example: {COMMANDS['actor'].example}")
    return actor


def told_names(options: Mapping[str, str]) -> tuple[str, str]:
    """The actor and the other name that `actors` is told of. Raises GrammarError."""
    actor, name = value(options, "actor"), value(options, "name")
    if actor is None or name is None:
        raise _two_names(options.get("action", "alias"))
    return actor, name


def parse_since(text: str, now: datetime, timezone: str) -> datetime:
    """The instant that a time stands for, in UTC. Raises GrammarError, also for one that is yet to come.

    `3d` is three times 24 hours; days begin at midnight in `timezone`, and a weekday is its last one, today
    included. A clock time without an offset is of that zone too.
    """
    moment = _moment("since", text, now, timezone)
    if moment > now:
        raise GrammarError(
            f"The time {shown(text)} is yet to come: for since, use one in the past, such as 3d."
        )
    return moment


def parse_until(text: str, now: datetime, timezone: str) -> datetime:
    """As `parse_since`, but it may lie ahead. A day stands for its first instant, which is not included."""
    return _moment("until", text, now, timezone)


def _command(name: str) -> Command:
    found = COMMANDS.get(name.lower())
    if found is None:
        raise GrammarError(f"There is no command {shown(name)}: {advice(name, list(COMMANDS))}")
    return found


def _options(command: Command, words: Sequence[Word]) -> dict[str, str]:
    free: list[Word] = []
    started: dict[str, list[Word]] = {}
    values = free
    also = ALSO.get(command.name, {})
    for word in words:
        name = word.text.lower()
        if word.literal or name not in (OPTION_WORDS | also.keys()):
            values.append(word)
            continue
        name = also.get(name, name)
        if name not in command.options:
            raise GrammarError(f'{command.name} takes no {name}: to mean the word itself, type "{name}".')
        if name in started:
            raise twice(name)
        values = started[name] = []
    options = _lead(command, free)
    for name, texts in started.items():
        if name in options:
            raise twice(name)
        options[name] = joined(name, texts)
    for name, text in options.items():
        if not text.strip():
            raise GrammarError(
                f'Nothing stands after {name}: add a value, or type "{name}" to mean the word itself.'
            )
    return options


def _lead(command: Command, free: Sequence[Word]) -> dict[str, str]:
    """The values that come first: one word for each option, and the rest for the last."""
    if not free:
        return {}
    alone = len(command.lead) - 1
    values = [*((word,) for word in free[:alone]), *([free[alone:]] if len(free) > alone else [])]
    return {name: joined(name, some) for name, some in zip(command.lead, values, strict=False)}


def _feeds_options(options: dict[str, str]) -> dict[str, str]:
    action = options.get("action", "list").lower()
    url = options.get("url", "")
    if action not in _ACTIONS:
        raise GrammarError(f"feeds cannot {shown(action)}: {advice(action, _ACTIONS)}")
    if action == "import":
        raise GrammarError(
            "A list of feeds is a file: import it with attache feeds import FILE, or in Discord with /feeds import."
        )
    unwanted = [name for name in ("outlet", "folder") if name in options]
    if action in ("list", "export") and (url or unwanted):
        raise GrammarError(f"feeds {action} stands alone: leave out what follows it.")
    if action == "notices":
        return _notices_options(url.lower(), unwanted)
    if not url and action in ("add", "remove"):
        raise GrammarError(
            f"Give the feed's address, for example: feeds {action} https://example.org/feed.xml"
        )
    if action == "add" and len(url.split()) > 1:
        raise GrammarError(
            f"Give one address at a time; a name goes behind it, as in {COMMANDS['feeds'].example}"
        )
    if action == "remove" and unwanted:
        raise GrammarError(f"feeds remove takes the address alone: leave out the {unwanted[0]}.")
    return {**options, "action": action}


def _notices_options(where: str, unwanted: Sequence[str]) -> dict[str, str]:
    if unwanted or where not in ("", "here", "off"):
        raise GrammarError(
            "Say feeds notices here or feeds notices off; feeds notices alone tells where they go."
        )
    return {"action": "notices"} | ({"where": where} if where else {})


def _help_options(words: Sequence[Word]) -> dict[str, str]:
    """What is asked about. In here a command's name means that alone, also where it starts an option elsewhere."""
    asked = joined("command", words).strip()
    return {"command": _command(asked.removeprefix("/")).name} if asked else {}


def _actors_options(words: Sequence[Word]) -> dict[str, str]:
    """What is done, and with which names. In here no word but the joint means more than itself."""
    action = words[0].text.lower() if words else "list"
    if action in ("list", "undo"):
        if len(words) > 1:
            raise GrammarError(f"actors {action} stands alone: leave out what follows it.")
        return {"action": action}
    if action not in JOINTS:
        raise GrammarError(f"actors cannot {shown(action)}: {advice(action, ('list', *JOINTS, 'undo'))}")
    actor, name = _two(action, words[1:])
    options = {
        "action": action,
        "actor": " ".join(word.text for word in actor),
        "name": " ".join(word.text for word in name),
    }
    told_names(options)
    return options


def _two(action: str, words: Sequence[Word]) -> tuple[Sequence[Word], Sequence[Word]]:
    """The words of the actor and of the other name; two words alone are meant in this order."""
    joint = JOINTS[action]
    places = [at for at, word in enumerate(words) if word.text.lower() == joint and not word.literal]
    if len(places) > 1:
        raise GrammarError(f"There is more than one {joint}: put names that hold it in quotation marks.")
    if not places:
        if len(words) != 2:
            raise _two_names(action)
        return words[:1], words[1:]
    first, second = words[: places[0]], words[places[0] + 1 :]
    return (first, second) if action == "alias" else (second, first)


def _two_names(action: str) -> GrammarError:
    example = format_names(action if action in JOINTS else "alias", "Edda Marlow", "E. Marlow")
    return GrammarError(f"Give two names, for example: {example}")


def _page(options: Mapping[str, str]) -> int:
    text = value(options, "page") or "1"
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise GrammarError(f"There is no page {shown(text)}: use a number from 1 to 999999.")
    return int(text)


def _window(
    options: Mapping[str, str], now: datetime, timezone: str
) -> tuple[datetime | None, datetime | None]:
    typed_since, typed_until = value(options, "since"), value(options, "until")
    since = parse_since(typed_since, now, timezone) if typed_since else None
    until = parse_until(typed_until, now, timezone) if typed_until else None
    if since and until and since >= until:
        raise GrammarError("Nothing lies between since and until: use a since that is before until.")
    return since, until


def _moment(option: str, text: str, now: datetime, timezone: str) -> datetime:
    typed = text.strip()
    try:
        moment = _ago(typed.lower(), now) or _day(typed.lower(), now, timezone) or _iso(typed, timezone)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise GrammarError(f"No time is called {shown(typed)}: after {option}, use {TIMES}.") from None
    if moment.year not in _YEARS:
        raise GrammarError(f"The time {shown(typed)} is too far away: after {option}, use {TIMES}.")
    return moment


def _ago(text: str, now: datetime) -> datetime | None:
    found = _AGO.fullmatch(text)
    if found is None:
        return None
    return now.replace(microsecond=0) - timedelta(**{_UNITS[found[2]]: int(found[1])})


def _day(text: str, now: datetime, timezone: str) -> datetime | None:
    """The first instant of a day that has a name."""
    zone = _zone(timezone)
    today = now.astimezone(zone).date()
    if text in ("today", "yesterday"):
        back = 0 if text == "today" else 1
    else:
        weekday = next(
            (n for n, name in enumerate(_WEEKDAYS) if len(text) > 2 and name.startswith(text)), None
        )
        if weekday is None:
            return None
        back = (today.weekday() - weekday) % 7
    return datetime.combine(today - timedelta(days=back), time(), zone)


def _iso(text: str, timezone: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=_zone(timezone))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise GrammarError(f"No time zone is called {shown(name)}: set one such as Europe/Kyiv.") from None
