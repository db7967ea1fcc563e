"""What is said about subscriptions: what is posted where, and when next."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.message import Form, Line, Message, Moment, Note, Sources, Style, Text, plain
from news.channels import Channel, Platform, Subscription


def subscriptions_message(subscriptions: Sequence[Subscription], timezone: str) -> Message:
    """One numbered line each."""
    if not subscriptions:
        hint = Note(plain("Add one: attache schedule add 09:00 --timezone Europe/Kyiv"))
        return Message(plain("Nothing is scheduled yet"), (hint,), timezone=timezone)
    lines = tuple(
        (Text(f"{number}  "), *_line(subscription))
        for number, subscription in enumerate(subscriptions, start=1)
    )
    return Message(plain("Scheduled digests"), (Sources(lines),), timezone=timezone)


def subscription_added_message(subscription: Subscription) -> Message:
    """That it is scheduled, and when it is posted first."""
    title = (
        Text(f"{subscription.title} to {_place(subscription.channel)}, first on "),
        Moment(subscription.next_due, Form.FULL),
    )
    note = Note(plain("`attache run` posts it; it must be running then."))
    return Message(title, (note,), timezone=subscription.timezone)


def _line(subscription: Subscription) -> Line:
    narrowing = subscription.narrowing
    about = f" {narrowing.words}" if narrowing.words else ""
    if narrowing.length:
        about += f", {narrowing.length} at most"
    paused = " · paused" if subscription.paused else ""
    return (
        Text(subscription.title + about, Style.STRONG),
        Text(f" to {_place(subscription.channel)} · {subscription.cron} · next "),
        Moment(subscription.next_due, Form.FULL, timezone=subscription.timezone),
        Text(paused),
    )


def _place(channel: Channel) -> str:
    return (
        "the terminal"
        if channel.platform is Platform.TERMINAL
        else f"{channel.platform}:{channel.external_id}"
    )
