"""Lines of a message as Slack's markup (mrkdwn), in which nothing that strangers wrote takes effect.

Slack can escape `&`, `<` and `>` only, and takes out the marks of bold, italic, struck and code words, also those of
an article. So each of these that might act is shown as a character that looks the same, and the name of an emoji gets
a character that is not seen: a quotation keeps all its words, letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from bot.messages.harmless import harmless
from bot.messages.message import Form, Hint, Inline, Line, Link, Moment, Place, Style, Text
from bot.messages.wording import local
from bot.platforms import addresses
from news.addresses import SLACK_CHANNEL
from news.channels import Platform

ALIKE = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
"""What the marks of Slack's markup are shown as: the operators, the low macron and the grave accent."""
QUOTE_ALIKE = "\u203a"
"""What a `>` that begins a line is shown as: there it would make a quotation, escaped or not."""
JOINER = "\u2060"
"""Not seen; within the name of an emoji it makes another name."""

_MARKS = re.compile(r"(?<=[^\W_])[*_~](?=[^\W_])|([*_~`]+)")
"""A single one between two letters does not act, as in `snake_case`."""
_QUOTED = re.compile(r"\s*>+")
_EMOJI = re.compile(rf":(?!{JOINER})(?=[^\s:]+:)")
_CONTROL = re.compile(r"(<[^<>]*>)")
"""Links, moments and channels: every other `<` is escaped."""
_TABLE = str.maketrans(ALIKE)
_PLACE = re.compile(SLACK_CHANNEL)
_FORMS = {Form.TIME: "{time}", Form.DAY: "{date_short_pretty}", Form.FULL: "{date_short_pretty} {time}"}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def escape(text: str) -> str:
    """`text` as Slack shows it letter by letter: no markup, mention, link or emoji takes effect."""
    words = harmless(text)
    if not _may_act(words):
        return words
    if quoted := _QUOTED.match(words):
        words = quoted[0].replace(">", QUOTE_ALIKE) + words[quoted.end() :]
    words = _MARKS.sub(lambda found: found[1].translate(_TABLE) if found[1] else found[0], words)
    words = _EMOJI.sub(f":{JOINER}", words)
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def safe_url(url: str) -> str | None:
    """The address in a form that cannot end a link; None unless it is plain http or https."""
    address = addresses.safe_url(url, also="()")
    return None if address is None else address.replace("&", "&amp;")


@dataclass(frozen=True, slots=True)
class Markup:
    """Writes lines; moments in words are those of the zone's clocks."""

    timezone: str = "UTC"

    def line(self, line: Line) -> str:
        """In markup; empty when nothing in it shows."""
        if not any(map(_is_strong, line)):
            return _without_emoji(self._inlines(line).strip())
        text = ""
        runs = [(strong, self._inlines(run)) for strong, run in groupby(line, _is_strong)]
        following = [run[:1] for _, run in runs[1:]] + [""]
        for (strong, run), after in zip(runs, following, strict=False):
            text += _strong(run, text[-1:], after) if strong else run
        return _without_emoji(text.strip())

    def words(self, line: Line, *, zone: bool = False) -> str:
        """Without any markup, for where none is read; with `zone`, whose clocks the moments are of."""
        return " ".join("".join(self._plain(inline, zone=zone) for inline in line).split())

    def moment(self, moment: Moment, *, zone: bool = False) -> str:
        """In words: `Wed 12 Mar 2025, 09:00`, and the zone where it matters."""
        name = moment.timezone or self.timezone
        at = local(moment.at, name)
        clock = f"{at.hour:02}:{at.minute:02}"
        if moment.form is Form.TIME:
            return clock
        day = f"{_WEEKDAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}"
        if moment.form is Form.DAY:
            return day
        return f"{day}, {clock} {harmless(name)}" if zone or moment.timezone else f"{day}, {clock}"

    def _inlines(self, line: Iterable[Inline]) -> str:
        return "".join([escape(one.text) if isinstance(one, Text) else self._inline(one) for one in line])

    def _inline(self, inline: Link | Moment | Place | Hint) -> str:
        match inline:
            case Link(text=text, url=url):
                return _link(text, url)
            case Moment(timezone=zone):
                return escape(self.moment(inline)) if zone else self._date(inline)
            case Place():
                return _place(inline)
            case Hint(text=text):
                return f"`/{escape(text)}`"

    def _plain(self, inline: Inline, *, zone: bool) -> str:
        match inline:
            case Moment():
                return self.moment(inline, zone=zone)
            case Hint(text=text):
                return harmless(f"/{text}")
            case Text() | Link() | Place():
                return harmless(inline.text)

    def _date(self, moment: Moment) -> str:
        """A moment that Slack shows on the reader's own clocks; those before 1970 it does not know."""
        words, seconds = escape(self.moment(moment)), int(moment.at.timestamp())
        return words if seconds < 0 else f"<!date^{seconds}^{_FORMS[moment.form]}|{words}>"


def bold(text: str) -> str:
    """Markup that has no bold words yet, in bold."""
    return f"*{text}*" if text else ""


def italic(text: str) -> str:
    """Likewise in italics, which is as quiet as words amid others can be."""
    return f"_{text}_" if text else ""


def is_words(line: Line) -> bool:
    """Whether the line holds words only, so that it can stand where links and moments do not work."""
    return all(isinstance(inline, Text) for inline in line)


def _without_emoji(markup: str) -> str:
    """Nor does a name of an emoji arise where words meet that each have none."""
    if not _EMOJI.search(markup):
        return markup
    pieces = _CONTROL.split(markup)
    pieces[::2] = [_EMOJI.sub(f":{JOINER}", words) for words in pieces[::2]]
    return "".join(pieces)


def _may_act(text: str) -> bool:
    """Whether a sign that may act is in it, as in few words; to look for one after the other is quickest by far."""
    return (
        "*" in text
        or "_" in text
        or "~" in text
        or "`" in text
        or ":" in text
        or "<" in text
        or ">" in text
        or "&" in text
    )


def _is_strong(inline: Inline) -> bool:
    return isinstance(inline, Text) and inline.style is Style.STRONG


def _strong(text: str, before: str, after: str) -> str:
    """Bold, unless a letter touches it: Slack would show the marks."""
    words = text.lstrip(" ,;").rstrip()
    if not words:
        return text
    left, _, right = text.partition(words)
    if (left or before)[-1:].isalnum() or (right or after)[:1].isalnum():
        return text
    return f"{left}*{words}*{right}"


def _place(place: Place) -> str:
    channel = place.channel
    if channel.platform is Platform.SLACK and _PLACE.fullmatch(channel.external_id):
        return f"<#{channel.external_id}>"
    return escape(place.text)


def _link(text: str, url: str) -> str:
    address = safe_url(url)
    if address is None:
        return escape(text)
    # A bar is none of Slack's marks here: the first one only ends the address.
    return f"<{address}|{escape(text).strip() or escape(urlsplit(address).netloc)}>"
