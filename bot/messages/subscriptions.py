"""What is said about subscriptions: what is posted where, and when next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.messages.message import (
    Form,
    Hint,
    Line,
    Message,
    Moment,
    Note,
    Place,
    Sources,
    Style,
    Text,
    advice,
    plain,
)
from bot.messages.times import in_words
from bot.messages.wording import counted, local
from news.channels import Form as PostForm
from news.channels import Subscription


def subscriptions_message(subscriptions: Sequence[Subscription], timezone: str) -> Message:
    """One numbered line each."""
    if not subscriptions:
        hint = advice(
            "Add one: ",
            Hint(
                "schedule add 09:00 timezone Europe/Kyiv", "/schedule add times: 09:00 timezone: Europe/Kyiv"
            ),
        )
        return Message(plain("Nothing is scheduled yet"), (hint,), timezone=timezone)
    lines = tuple(
        (Text(f"{number}  "), *_line(subscription, timezone))
        for number, subscription in enumerate(subscriptions, start=1)
    )
    paused = sum(subscription.paused for subscription in subscriptions)
    title = counted(len(subscriptions), "scheduled digest") + f", {paused} paused" * bool(paused)
    return Message(plain(title), (Sources(lines),), timezone=timezone)


def subscription_added_message(
    number: int, subscription: Subscription, *, told_by_hand: bool, zone_chosen: bool = True
) -> Message:
    """That it is scheduled, and when it is posted first.

    `told_by_hand` is whether the bot may not be running; `zone_chosen` whether anybody said on whose clocks.
    """
    title = (
        Text(f"{_called(subscription)} to "),
        Place(subscription.channel),
        Text(f"{_form(subscription)}, first on "),
        Moment(subscription.next_due, Form.FULL),
    )
    when = f"{in_words(subscription.cron)} {subscription.timezone}"
    notes = [
        advice(f"Schedule {number}, {when}: ", _of("preview", number), " shows what it would tell now."),
        *([Note(plain("`attache run` posts it; it must be running then."))] if told_by_hand else ()),
    ]
    if not zone_chosen and subscription.timezone == "UTC":
        zone = "Europe/Kyiv"
        change = Hint(
            f"schedule change {number} timezone {zone}",
            f"/schedule change number: {number} timezone: {zone}",
        )
        everywhere = Hint(f"schedule timezone {zone}", f"/schedule timezone name: {zone}")
        clocks = " puts it on other clocks than those of UTC; "
        notes.append(advice(change, clocks, everywhere, " what is added from then on."))
    return Message(title, tuple(notes), timezone=subscription.timezone)


def subscription_changed_message(number: int, subscription: Subscription, timezone: str) -> Message:
    """What it is like now."""
    blocks = [Sources((_line(subscription, timezone),))]
    notes = [advice("It is paused: ", _of("resume", number), " starts it again.")]
    return Message(
        plain(f"Schedule {number} changed"),
        (*blocks, *(notes if subscription.paused else ())),
        timezone=timezone,
    )


def subscription_paused_message(number: int, subscription: Subscription, timezone: str) -> Message:
    """That it posts no more."""
    note = advice(_of("resume", number), " starts it again; what comes meanwhile is told then.")
    return Message(plain(f"Schedule {number}, {subscription.title}, is paused"), (note,), timezone=timezone)


def subscription_resumed_message(number: int, subscription: Subscription, timezone: str) -> Message:
    """That it posts again, and when."""
    return Message(
        plain(f"Schedule {number}, {subscription.title}, goes on"),
        (_first("Next post", subscription),),
        timezone=timezone,
    )


def subscription_removed_message(number: int, subscription: Subscription, timezone: str) -> Message:
    """That it is gone; the numbers behind it move up."""
    return Message(
        plain(f"Schedule {number} removed: {subscription.title}, {in_words(subscription.cron)}"),
        (Note(plain("Those behind it in the list have moved up by one.")),),
        timezone=timezone,
    )


def previewed_message(number: int, subscription: Subscription, digest: Message) -> Message:
    """The digest as it would be posted now."""
    line = (
        Text(f"What schedule {number} would post now to "),
        Place(subscription.channel),
        Text(f". Nothing was posted: schedule now {number} does that."),
    )
    return replace(digest, blocks=(Note(line), *digest.blocks))


def posted_now_message(number: int, subscription: Subscription, *, first: bool) -> Message:
    """That it is posted at once; not `first` where that was asked for at this very moment already."""
    words = "is posted to" if first else "is being posted already to"
    line = (
        Text(f"{subscription.title} {words} "),
        Place(subscription.channel),
        Text(" within a minute where the bot is running; "),
    )
    then = (
        (
            Text("its next time stays "),
            Moment(subscription.next_due, Form.FULL, timezone=subscription.timezone),
        )
        if not subscription.paused
        else (Text("it stays paused otherwise"),)
    )
    return Message(
        plain(f"Schedule {number} posts now"),
        (Note((*line, *then, Text("."))),),
        timezone=subscription.timezone,
    )


def timezone_message(zone: str, now: datetime, *, is_new: bool = False, others: int = 0) -> Message:
    """On whose clocks times are shown; `others` are the schedules that go by others."""
    title = f"Times are those of {zone}" + " from now on" * is_new
    clock = local(now, zone)  # not a moment: platforms would show that on the reader's clocks
    notes = [Note(plain(f"It is {clock:%H:%M} there."))]
    if others:
        kept = "schedule keeps its" if others == 1 else "schedules keep their"
        notes.append(
            advice(
                f"{others} {kept} own time zone: ",
                Hint(
                    f"schedule change NUMBER timezone {zone}",
                    f"/schedule change number: … timezone: {zone}",
                ),
                " alters it.",
            )
        )
    return Message(plain(title), tuple(notes), timezone=zone)


def _of(verb: str, number: int) -> Hint:
    return Hint(f"schedule {verb} {number}", f"/schedule {verb} number: {number}")


def _first(what: str, subscription: Subscription) -> Note:
    when = Moment(subscription.next_due, Form.FULL, timezone=subscription.timezone)
    return Note((Text(f"{what} "), when, Text(", to "), Place(subscription.channel), Text(".")))


def _line(subscription: Subscription, timezone: str) -> Line:
    """What, where and when: the times on the clocks of its own zone."""
    return (
        Text(_called(subscription), Style.STRONG),
        Text(" to "),
        Place(subscription.channel),
        Text(f"{_form(subscription)} · {in_words(subscription.cron)} {subscription.timezone} · "),
        *_state(subscription, timezone),
    )


def _called(subscription: Subscription) -> str:
    """`Digest about dam, 3 at most`."""
    narrowing = subscription.narrowing
    about = f" {narrowing.words}" if narrowing.words else ""
    return subscription.title + about + (f", {narrowing.length} at most" if narrowing.length else "")


def _form(subscription: Subscription) -> str:
    return ", in a thread" if subscription.form is PostForm.THREAD else ""


def _state(subscription: Subscription, timezone: str) -> Line:
    if subscription.paused:
        return (Text(f"stopped by itself: {subscription.trouble}" if subscription.trouble else "paused"),)
    elsewhere = subscription.timezone if subscription.timezone != timezone else None
    return (Text("next "), Moment(subscription.next_due, Form.FULL, timezone=elsewhere))
