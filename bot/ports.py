"""What the application needs of the rooms around it. They fit by shape; `bot.wiring` puts them in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime, timedelta

    from bot.messages.message import Message
    from news.articles import Article
    from news.briefs import Brief
    from news.channels import (
        Channel,
        DeliveryState,
        Platform,
        Subscription,
        Workspace,
    )
    from news.feeds import Feed, FeedUpdate, Fetched, Follow, Listed, Page
    from news.reading import Read, ReadingJob, Unread
    from news.stances import Stance
    from news.statements import Statement
    from news.stories import Assignment, Learnt, Member, Signature
    from news.targets import Target


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        ...


class FeedReader(Protocol):
    """Feeds and pages from strangers."""

    async def fetch(self, feed: Feed) -> FeedUpdate:
        """What the feed holds now. Raises FeedError: FetchError, AddressRefused, ParseError."""
        ...

    async def page(self, url: str) -> Page:
        """The article on a page. Raises FeedError, or UnreadableInput (`no_text`) when there is none."""
        ...

    async def parse(self, body: bytes, source: str) -> Fetched:
        """What a feed's bytes hold; `source` names them in errors. Raises ParseError."""
        ...

    async def extract(self, html: bytes | str, url: str | None = None) -> Page:
        """The article in a page's HTML. Raises UnreadableInput (`no_text`) when there is none."""
        ...

    async def read_list(self, body: bytes, source: str) -> tuple[Listed, ...]:
        """The feeds that a list of feeds (OPML) names; `source` names it in errors. Raises ParseError."""
        ...

    def write_list(self, follows: Sequence[Follow], title: str) -> bytes:
        """The feeds as such a list."""
        ...


class Summarizer(Protocol):
    """Understanding of one article; synchronous, CPU-bound and pure."""

    def brief(self, article: Article, targets: Sequence[Target]) -> Brief:
        """What the article says, and where actors stand on the targets. Never raises for a text that is a string."""
        ...

    def positions(
        self, article: Article, statements: Sequence[Statement], targets: Sequence[Target]
    ) -> tuple[Stance, ...]:
        """The stances alone, of an article whose statements are known."""
        ...

    def fault(self, target: Target, others: Sequence[Target]) -> str | None:
        """Why no positions can be told apart for the target beside the others, in a sentence; None where they can."""
        ...

    def sign(self, article: Article) -> Signature:
        """What the article is compared with others by."""
        ...


class Clusterer(Protocol):
    """Puts articles of one event together, and remembers them; synchronous, CPU-bound, for one thread at a time."""

    def learn(self, members: Iterable[Member]) -> None:
        """Takes in what the store says of articles that are in a story."""
        ...

    def forget(self, before: datetime) -> None:
        """Lets go of older articles; they move no more."""
        ...

    def assign(self, new: Sequence[Member]) -> tuple[Assignment, ...]:
        """What the store has to do: one assignment for each new member, and for each that moves with them."""
        ...


class Messenger(Protocol):
    """Sends messages to one platform's channels."""

    @property
    def platform(self) -> Platform: ...

    async def send(self, channel: Channel, message: Message, *, key: str) -> str:
        """Posts, and returns the platform's id of the post. `key` lets the platform recognise a repetition.
        Raises DeliveryError, or DeliveryUnknown when the answer was lost."""
        ...

    async def find(self, channel: Channel, *, key: str, after: datetime) -> str | None:
        """The id of a post with this key; None when it was surely not posted.
        Raises DeliveryUnknown where the platform cannot tell."""
        ...

    async def complete(self, channel: Channel, message: Message, *, key: str, receipt: str) -> None:
        """Posts what is lacking of a message in several parts, of which the first one is there. Raises as `send`."""
        ...


class Kind(StrEnum):
    """What can be suggested while it is typed."""

    ACTOR = "actor"
    OUTLET = "outlet"
    FEED = "feed"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that may be meant: how it is shown, and what is typed for it."""

    name: str
    value: str


class Desk(Protocol):
    """Where every surface brings its commands."""

    async def workspace(self, platform: Platform, external_id: str) -> Workspace:
        """The workspace that a guild, a team or a name in the terminal stands for."""
        ...

    async def known(self, platform: Platform, external_id: str) -> Workspace | None:
        """Likewise; None, and nothing is made, where it is not there yet."""
        ...

    async def suggest(self, workspace: Workspace, kind: Kind, typed: str) -> tuple[Suggestion, ...]:
        """What may be meant by something that is being typed, the likeliest first; at most 25."""
        ...

    async def answer(
        self, workspace: Workspace, channel: Channel, command: str, options: Mapping[str, str]
    ) -> Message:
        """The answer to a command, its options as typed. Raises AttacheError for what the reader can mend."""
        ...

    async def schedules(self, platform: Platform, external_id: str) -> tuple[Subscription, ...]:
        """What that workspace has posted by itself, if it is there: a schedule's number is its place, from 1 on."""
        ...

    async def import_feeds(self, workspace: Workspace, channel: Channel, body: bytes, source: str) -> Message:
        """Follows what a list of feeds names; `source` names it in errors. Raises AttacheError likewise."""
        ...

    async def import_targets(
        self, workspace: Workspace, channel: Channel, body: bytes, source: str
    ) -> Message:
        """Adds the targets of a list; `source` names it in errors. Raises AttacheError likewise."""
        ...


class Away(Exception):
    """Nobody is there who answers: who asked has to look it up."""


class LookUps(Protocol):
    """Answers apart from this process."""

    async def answer(
        self,
        now: datetime,
        workspace: Workspace,
        channel: Channel,
        command: str,
        options: Mapping[str, str],
    ) -> Message:
        """As `Desk.answer`, of a command that only looks something up, at that time. Raises Away, too."""
        ...


class Understanding(Protocol):
    """Runs the CPU-bound parts off the event loop."""

    async def understand(
        self, articles: Sequence[Article], targets: Sequence[Sequence[Target]]
    ) -> Sequence[tuple[Brief, Signature]]:
        """The brief and the signature of each; `targets` are those of each."""
        ...

    async def positions(
        self, article: Article, statements: Sequence[Statement], targets: Sequence[Target]
    ) -> tuple[Stance, ...]:
        """As `Summarizer.positions`."""
        ...

    async def fault(self, target: Target, others: Sequence[Target]) -> str | None:
        """As `Summarizer.fault`."""
        ...

    def stories(self) -> AbstractAsyncContextManager[StoryIndex]:
        """The stories of a few days, for one at a time."""
        ...


class ReadingJobs(Protocol):
    """Articles handed out to the processes that read; a job is a hint, what is unread the store says.

    Raises StoreError and its kinds.
    """

    async def offer(self, articles: Sequence[Unread]) -> int:
        """Makes a job of each that has none; how many. The newest are read first."""
        ...

    async def work(self, read: Read, *, at_once: int) -> None:
        """Has jobs done by `read`, so many side by side, until it is cancelled."""
        ...

    async def left_behind(self) -> Sequence[ReadingJob]:
        """Jobs whose worker has died, or has not been heard of for long."""
        ...

    async def forgotten(self) -> Sequence[ReadingJob]:
        """Jobs that this process has done, and could not tell the store of."""
        ...

    async def put_back(self, job: ReadingJob, after: timedelta) -> None:
        """Has it done anew after so long, and alone, since its worker died; nothing where somebody else did that."""
        ...

    async def drop(self, job: ReadingJob) -> None:
        """Gives it up; nothing where it is gone already."""
        ...


class StoryIndex(Protocol):
    """A `Clusterer` off the event loop, and what it has been told."""

    @property
    def learnt(self) -> Learnt | None:
        """Set by `learn`; None before, and once it was reset."""
        ...

    async def reset(self) -> None:
        """Forgets everything."""
        ...

    async def learn(self, members: Sequence[Member], learnt: Learnt) -> None:
        """As `Clusterer.learn`; `learnt` is what is known from then on."""
        ...

    async def forget(self, before: datetime) -> None:
        """As `Clusterer.forget`."""
        ...

    async def assign(self, new: Sequence[Member]) -> tuple[Assignment, ...]:
        """As `Clusterer.assign`."""
        ...


class Meter(Protocol):
    """Is told what this process has done, for whoever counts it. Takes no time worth speaking of, and never raises."""

    def fetched(self, outcome: str, seconds: float) -> None:
        """A feed was asked: `fetched`, `unchanged`, `ended`, or what kind of failure it was."""
        ...

    def stored(self, articles: int) -> None:
        """So many articles came new or edited."""
        ...

    def read(self, brief: Brief | None, seconds: float) -> None:
        """An article was read; None where it could not be. It may be told from any thread."""
        ...

    def settled(self, platform: Platform, kind: str, state: DeliveryState, late: timedelta) -> None:
        """A post of that kind (`digest`, `notice`) got to that state, so long after it was due."""
        ...

    def asked(self, platform: Platform, operation: str, outcome: str, seconds: float) -> None:
        """A platform was asked to `send`, `find` or `complete` a post."""
        ...

    def limited(self, platform: Platform) -> None:
        """A platform refused a request as one too many."""
        ...

    def heard_on(self, platform: Platform, sockets: int) -> None:
        """Commands of the platform are heard on so many connections now."""
        ...

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """A command was `answered`, `refused` with a sentence that says what to mend, or `failed`."""
        ...

    def beat(self, work: str, outcome: str, seconds: float) -> None:
        """A round of work was `done`, or `failed`."""
        ...


class Uncounted:
    """A `Meter` where nobody counts."""

    def fetched(self, outcome: str, seconds: float) -> None: ...
    def stored(self, articles: int) -> None: ...
    def read(self, brief: Brief | None, seconds: float) -> None: ...
    def settled(self, platform: Platform, kind: str, state: DeliveryState, late: timedelta) -> None: ...
    def asked(self, platform: Platform, operation: str, outcome: str, seconds: float) -> None: ...
    def limited(self, platform: Platform) -> None: ...
    def heard_on(self, platform: Platform, sockets: int) -> None: ...
    def answered(self, command: str, outcome: str, seconds: float) -> None: ...
    def beat(self, work: str, outcome: str, seconds: float) -> None: ...


UNCOUNTED = Uncounted()
