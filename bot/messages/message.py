"""A message before any platform has rendered it.

All text in here is raw: words of strangers stay as they are, and each platform's rendering makes them
harmless. Nothing here is markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from news.channels import Channel, Platform


class Style(StrEnum):
    """How words should stand out, where the platform can show it."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    VERBATIM = "verbatim"
    """An article's own words in a statement."""


class Form(StrEnum):
    """How much of a moment is shown."""

    TIME = "time"
    DAY = "day"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Text:
    """Some words."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: in the reader's own zone where the platform can, else in the message's."""

    at: datetime
    form: Form = Form.TIME
    timezone: str | None = None
    """Where it matters which clocks are meant: their zone instead of the message's, and named."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel: by the name that its platform shows for it, where that is the one we speak on."""

    channel: Channel

    @property
    def text(self) -> str:
        """What it is called everywhere else, and where it can be typed."""
        if self.channel.platform is Platform.TERMINAL:
            return "the terminal"
        return f"{self.channel.platform}:{self.channel.external_id}"


@dataclass(frozen=True, slots=True)
class Hint:
    """A command that may be given next."""

    text: str
    """As a line that is typed."""
    fields: str = ""
    """As it is where commands are filled in field by field."""

    @property
    def filled_in(self) -> str:
        """Likewise, where it has no fields."""
        return self.fields or f"/{self.text}"


Inline = Text | Link | Moment | Place | Hint
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a part; `aside` is what stands at the far end of the line."""

    line: Line
    rank: int | None = None
    aside: Line = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    line: Line
    further: tuple[Line, ...] = ()
    """Sentences that follow it, each of which can be left out where room is short."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Someone's words: who, the words, and notes behind them (marks, `reported`, the source)."""

    who: Line
    words: Line
    notes: Line = ()
    context: Line = ()
    """The sentence that the words stand in, where they cannot be understood alone."""
    sources: tuple[Line, ...] = ()
    """The articles that carry the words, where one line cannot hold them."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The articles behind a part, each known by its mark, such as `[1]`; or a list of something else."""

    items: tuple[Line, ...]
    more: int = 0
    """Articles beyond these, which are only counted."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to mind about a part: where its sources differ, what one of them does not bear out."""

    line: Line


@dataclass(frozen=True, slots=True)
class Note:
    """A quiet remark: health of feeds, what was left out, a hint."""

    line: Line


Block = Heading | Paragraph | Saying | Remark | Sources | Note


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the reader can do next: a label, and the command line that does it."""

    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes with the message."""

    name: str
    content: bytes
    description: str = ""
    """Of a picture, the same in words, for those who cannot see it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One answer or post."""

    title: Line
    blocks: tuple[Block, ...] = ()
    timezone: str = "UTC"
    choices: tuple[Choice, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    threaded: bool = False
    """Whether each headed part is a message of its own, in a thread, where the platform has threads."""


NOTICES_OFF = Hint("feeds notices off", "/feeds notices where: off")


def advice(*parts: str | Hint) -> Note:
    """A note that names commands."""
    return Note(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def plain(text: str) -> Line:
    """A line of plain words."""
    return (Text(text),)
