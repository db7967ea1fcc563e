"""What `schedule` is told, from typed words to values: times, places and what a digest is narrowed to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.messages.commands import SCHEDULE_ACTIONS, SCHEDULE_WORDS
from bot.time_grammar import cron_of, zone_named
from bot.words import Word, advice, by_option, joined, shown, value
from news.addresses import DISCORD_ID, SLACK_CHANNEL
from news.channels import Channel, Form, Narrowing, Platform, Subscription, Workspace
from news.errors import GrammarError

MOST_STORIES = 25
TITLE = "Digest"
_NUMBERED = ("pause", "resume", "remove", "preview", "now")
_SETTINGS = SCHEDULE_WORDS | {"times"}
_NOTHING = frozenset({"-", "–", "none"})
# Words in capitals that are shorter than any id are names, which somebody typed without their sign.
_CHANNEL = re.compile(
    rf"(?:discord:|<#)?(?P<discord>{DISCORD_ID})>?|(?:slack:|<#)?(?P<slack>(?=\w{{8}}){SLACK_CHANNEL})(?:\|[^>]*)?>?",
    re.ASCII,
)


def schedule_options(words: Sequence[Word]) -> dict[str, str]:
    """What is done, and with what, of the words behind `schedule`. Raises GrammarError."""
    action = words[0].text.lower() if words else "list"
    if action not in SCHEDULE_ACTIONS:
        raise GrammarError(f"schedule cannot {shown(action)}: {advice(action, SCHEDULE_ACTIONS)}")
    free, started = by_option(words[1:], SCHEDULE_WORDS)
    options = {"action": action}
    if started and action not in ("add", "change"):
        raise GrammarError(f"schedule {action} takes no {next(iter(started))}: leave it out.")
    if action == "list" and free:
        raise GrammarError("schedule list stands alone: leave out what follows it.")
    if action == "change" or action in _NUMBERED:
        options["number"] = free[0].text if free else ""
        free = free[1:]
        asked_number(options)
    if action in _NUMBERED and free:
        raise GrammarError(f"schedule {action} takes a number alone: leave out what follows it.")
    rest = " ".join(word.text for word in free)
    if rest:
        options["timezone" if action == "timezone" else "times"] = rest
    options |= {name: joined(name, some) for name, some in started.items()}
    _check(options)
    return options


def asked_number(options: Mapping[str, str]) -> int:
    """Which schedule is meant, by its number in the list. Raises GrammarError."""
    typed = value(options, "number")
    if typed is None:
        raise GrammarError(
            f"Say which one, by its number in schedule list: schedule {options.get('action', 'preview')} 1"
        )
    if not re.fullmatch(r"#?[1-9][0-9]{0,5}", typed, re.ASCII):
        raise GrammarError(f"{shown(typed)} is no number of a schedule: schedule list shows them.")
    return int(typed.removeprefix("#"))


def asked_zone(options: Mapping[str, str]) -> str | None:
    """The time zone that was named; None where none was. Raises InputError."""
    typed = value(options, "timezone")
    return zone_named(typed) if typed is not None else None


def check_change(options: Mapping[str, str]) -> None:
    """Whether anything is to be changed. Raises GrammarError."""
    if not any(value(options, name) for name in _SETTINGS):
        raise GrammarError("Say what to change, for example: schedule change 1 18:00 title Evening digest")


def altered(
    before: Subscription, options: Mapping[str, str], workspace: Workspace, here: Channel
) -> Subscription:
    """The subscription with what the options say of it; a filter that is `-` or `none` is gone.

    `here` is where it was typed. Raises InputError.
    """
    given = {name: found for name in _SETTINGS if (found := value(options, name))}
    named = {name: None if found.lower() in _NOTHING else found for name, found in given.items()}
    zone, form = named.get("timezone"), named.get("form")
    return replace(
        before,
        cron=cron_of(given["times"]) if "times" in given else before.cron,
        timezone=zone_named(zone) if zone else workspace.timezone if "timezone" in named else before.timezone,
        channel=place_of(given["channel"], workspace, here) if "channel" in given else before.channel,
        title=(named["title"] or TITLE) if "title" in named else before.title,
        form=_form(form) if "form" in named else before.form,
        narrowing=_narrowed(before.narrowing, named),
    )


def place_of(named: str | None, workspace: Workspace, here: Channel) -> Channel:
    """The channel of that name, by default `here`, where it was typed. Raises GrammarError."""
    if named is None and workspace.platform is not here.platform:
        raise GrammarError(
            "Say where to post: channel discord:CHANNEL-ID, channel slack:CHANNEL-ID, or channel terminal."
        )
    if named is None or named.lower() in ("here", here.platform.value):
        return here
    found = _CHANNEL.fullmatch(named)
    platform = Platform.DISCORD if found and found["discord"] else Platform.SLACK
    if found is None or workspace.platform not in (platform, Platform.TERMINAL):
        raise GrammarError(
            f"{shown(named)!r} names no channel: use `terminal`, discord:CHANNEL-ID, or slack:CHANNEL-ID."
        )
    return Channel(platform, found[platform])


def _check(options: Mapping[str, str]) -> None:
    for name, text in options.items():
        if not text.strip():
            raise GrammarError(
                f'Nothing stands after {name}: add a value, or type "{name}" to mean the word itself.'
            )
    if options["action"] == "add" and "times" not in options:
        raise GrammarError("Say when, for example: schedule add weekdays 09:00")
    if options["action"] == "change":
        check_change(options)


def _form(named: str | None) -> Form:
    if named is None:
        return Form.MESSAGE
    try:
        return Form(named.lower())
    except ValueError:
        raise GrammarError(
            f"{shown(named)} is no form of a digest: use form message or form thread."
        ) from None


def _narrowed(before: Narrowing, named: Mapping[str, str | None]) -> Narrowing:
    words = {name: named[name] for name in ("about", "actor", "outlet") if name in named}
    length = _length(named["length"]) if "length" in named else before.length
    return replace(before, **words, length=length)


def _length(named: str | None) -> int | None:
    if named is None:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", named, re.ASCII) or not 1 <= int(named) <= MOST_STORIES:
        raise GrammarError(f"A digest tells from 1 to {MOST_STORIES} stories: length takes such a number.")
    return int(named)
