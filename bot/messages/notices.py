"""What is said of feeds and schedules unasked, to administrators; and where that goes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.feeds import called, reason_of, without_password
from bot.messages.message import (
    NOTICES_OFF,
    Block,
    Form,
    Hint,
    Line,
    Link,
    Message,
    Moment,
    Note,
    Paragraph,
    Place,
    Sources,
    Text,
    advice,
    plain,
)
from bot.messages.wording import counted
from news.channels import Channel, Platform
from news.notices import Notice, NoticeKind, Recipient

_LISTED = 20
"""Feeds that one post names at most."""
_FEW = 3
"""Where all fail, for then it is not the feeds."""
_ORDER = (NoticeKind.PAUSED, NoticeKind.ENDED, NoticeKind.FAILING, NoticeKind.BACK)


def notices_message(notices: Sequence[Notice], *, all_failing: bool = False) -> Message:
    """What became of each feed; `all_failing` is whether every feed of the bot fails."""
    ordered = sorted(notices, key=lambda notice: _ORDER.index(notice.kind))
    blocks: list[Block] = []
    if all_failing:
        down = "Every feed that this bot reads fails: its own connection to the network may be down."
        blocks.append(Paragraph(plain(down)))
    most = _FEW if all_failing else _LISTED
    blocks.append(Sources(tuple(map(_line, ordered[:most]))))
    if len(ordered) > most:
        paused = ordered[most].kind is NoticeKind.PAUSED  # these come first
        more = counted(len(ordered) - most, "more notice" if paused else "more feed")
        blocks.append(Note(plain(f"and {more}")))
    if any(notice.kind is NoticeKind.PAUSED for notice in ordered):
        blocks.append(
            advice(
                "Nothing is lost: once that is put right, ",
                Hint("schedule resume NUMBER", "/schedule resume"),
                " posts it again; ",
                Hint("schedule list"),
                " shows its number.",
            )
        )
    if any(notice.kind is not NoticeKind.PAUSED for notice in ordered):
        blocks.append(
            advice(Hint("feeds list"), " shows how all of them fare; ", NOTICES_OFF, " ends these notices.")
        )
    return Message(plain(_title(ordered)), tuple(blocks), timezone=ordered[0].timezone)


def _title(notices: Sequence[Notice]) -> str:
    """`Herald has failed for a day`; of several, how many did what."""
    if len(notices) == 1:
        name = (
            notices[0].name
            if notices[0].kind is NoticeKind.PAUSED
            else called(notices[0].name, notices[0].url)
        )
        return f"{name} {_did(notices[0].kind, one=True)}"
    numbers = {kind: sum(notice.kind is kind for notice in notices) for kind in _ORDER}
    parts = [(number, _did(kind, one=number == 1)) for kind, number in numbers.items() if number]
    (number, did), *others = parts
    first = "schedule" if numbers[NoticeKind.PAUSED] else "feed"
    return ", ".join([f"{counted(number, first)} {did}", *(f"{number} {did}" for number, did in others)])


def _did(kind: NoticeKind, *, one: bool) -> str:
    match kind:
        case NoticeKind.FAILING:
            return f"{'has' if one else 'have'} failed for a day"
        case NoticeKind.ENDED:
            return f"{'has' if one else 'have'} ended"
        case NoticeKind.BACK:
            return f"{'is' if one else 'are'} well again"
        case NoticeKind.PAUSED:
            return f"{'is' if one else 'are'} not posted any more"


def _line(notice: Notice) -> Line:
    if notice.kind is NoticeKind.PAUSED:
        return (
            Text(f"{notice.name} to "),
            _posted_to(notice),
            Text("  paused since "),
            Moment(notice.since, Form.FULL),
            Text(f": {notice.reason}"),
        )
    head = (Link(called(notice.name, notice.url), without_password(notice.url)), Text("  "))
    since = Moment(notice.since, Form.FULL)
    match notice.kind:
        case NoticeKind.FAILING:
            why = reason_of(notice.reason, notice.url)
            return (*head, Text("failing since "), since, Text(f": {why} It goes on being tried."))
        case NoticeKind.ENDED:
            return (
                *head,
                Text("has ended, its server says (410 Gone): look for its new address, and remove this one"),
            )
        case NoticeKind.BACK:
            return (*head, Text("well again; it had failed since "), since)


def _posted_to(notice: Notice) -> Text | Place:
    """The channel of a schedule, by the name that its platform shows for it."""
    platform, _, number = notice.url.partition(":")
    if platform not in set(Platform):
        return Text(notice.url)
    channel = Channel(Platform(platform), number)
    return Text("here") if channel == notice.channel else Place(channel)


def recipient_message(recipient: Recipient, here: Channel, timezone: str) -> Message:
    """Where notices go."""
    if recipient.channel is None:
        hint = advice(Hint("feeds notices here", "/feeds notices where: here"), " tells this channel.")
        return Message(plain("Nobody is told when a feed fails"), (hint,), timezone=timezone)
    hint = Note(plain("Once when it has failed for a day or has ended, and once when it is back."))
    end = advice(NOTICES_OFF, " ends that.")
    title = f"{_place(recipient.channel, here)} is told when a feed fails"
    return Message(plain(title), (hint, end), timezone=timezone)


def _place(channel: Channel, here: Channel) -> str:
    if channel.platform is Platform.TERMINAL:
        return "The terminal of attache run"
    if channel == here:
        return "This channel"
    return f"Another channel ({channel.platform}:{channel.external_id})"
