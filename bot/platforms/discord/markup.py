"""Lines of a message as Discord markup, in which nothing that strangers wrote takes effect.

Everything that is not made here is escaped with backslashes rather than changed, so that a reader sees, and
copies, the very words of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from urllib.parse import urlsplit

from bot.messages.harmless import harmless
from bot.messages.message import Form, Hint, Inline, Line, Link, Moment, Place, Style, Text
from bot.platforms.addresses import safe_url
from news.channels import Channel, Platform

_SPECIAL = {ord(c): f"\\{c}" for c in r"\*_~`|<>[]@#"}
_ACTS = re.compile(r"[\\*_~`|<>\[\]@#:]")
# It may begin `://`, an emoji or a time: it stays bare only before white space.
_COLON = re.compile(r":(?=\S|$)")
_LIST = re.compile(r"\s*\d*(?=[-+.)]\s)")
_ROUND = str.maketrans("[]", "()")
_TIMES = {Form.TIME: "t", Form.DAY: "D", Form.FULL: "f"}


def escape(text: str) -> str:
    """`text` as Discord shows it letter by letter: no markup, mention, link, emoji or command takes effect."""
    words = harmless(text)
    if _ACTS.search(words):  # as in few words
        words = _COLON.sub(r"\\:", words.translate(_SPECIAL))
    if found := _LIST.match(words):
        return f"{found[0]}\\{words[found.end() :]}"
    return words


def render_line(line: Line) -> str:
    """The line in markup; empty when nothing in it shows."""
    if not any(map(_is_strong, line)):
        return render_words(line)
    text = "".join(
        _strong(_inlines(run)) if strong else _inlines(run) for strong, run in groupby(line, key=_is_strong)
    )
    return text.strip()


def render_words(line: Line) -> str:
    """The line for a place that is bold already."""
    return _inlines(line).strip()


def is_words(line: Line) -> bool:
    """Whether the line holds words only, so that it can stand where links and times do not work."""
    return all(isinstance(inline, Text) for inline in line)


def _inlines(line: Iterable[Inline]) -> str:
    return "".join([escape(one.text) if isinstance(one, Text) else _inline(one) for one in line])


def _inline(inline: Link | Moment | Place | Hint) -> str:
    match inline:
        case Link(text=text, url=url):
            return _link(text, url)
        case Moment(at=at, form=form):
            return f"<t:{int(at.timestamp())}:{_TIMES[form]}>"
        case Place(channel=Channel(platform=Platform.DISCORD, external_id=number)) if number.isdecimal():
            return f"<#{number}>"
        case Place(text=text):
            return escape(text)
        case Hint(filled_in=filled_in):
            return escape(filled_in)


def _link(text: str, url: str) -> str:
    """The words as a link. Brackets stand around it or become round: in it they could end it early."""
    address = safe_url(url)
    if address is None:
        return escape(text)
    around = re.fullmatch(r"\[([^\[\]]+)\]", text)
    inner = around[1] if around else text.translate(_ROUND)
    words = escape(inner).strip() or escape(urlsplit(address).netloc)
    return f"\\[[{words}]({address})\\]" if around else f"[{words}]({address})"


def _is_strong(inline: Inline) -> bool:
    return isinstance(inline, Text) and inline.style is Style.STRONG


def _strong(text: str) -> str:
    words = text.strip()
    if not words:
        return text
    before, _, after = text.partition(words)
    return f"{before}**{words}**{after}"
