"""How what people ask on Slack is answered: by the desk, and with an account of what is being answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace

import aiohttp
import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.grammar import LOOK_UPS, Parsed
from bot.messages.message import Message
from bot.platforms.allowance import Allowance, TooOften
from bot.platforms.sentences import CLOSING
from bot.platforms.slack import pictures
from bot.platforms.slack.envelopes import Handled, id_of
from bot.platforms.slack.failures import CUT_OFF, NOT_ALLOWED, SLACK_FAILURES, TOO_LONG, told_of
from bot.platforms.slack.login import Workspaces
from bot.platforms.slack.names import Names
from bot.platforms.slack.pacing import Pacer
from bot.platforms.slack.rendering import File, Post, files, render
from bot.platforms.slack.replies import Reply
from bot.platforms.slack.retrying import Requests
from bot.platforms.slack.uploads import share
from bot.platforms.slack.whereabouts import check_place
from bot.ports import Desk
from news.channels import Channel, Platform
from news.errors import InputError

log = structlog.get_logger(__name__)

MANAGING = frozenset({"feeds", "schedule", "actors", "targets"})
_LOOKING = frozenset({"list", "show", "preview", "export"})
"""What these do without a change."""
AT_ONCE = 4
"""Look-ups that the desk has at one time. They take Python's time, of which there is one: with more of them under way the event
loop comes late to acknowledge what others ask, and none is answered earlier."""
PROMPT = 4.0
"""Seconds after which whoever asked is told that the answer takes a while."""
LONGEST = 1500.0
"""Seconds that the desk may take: Slack takes an answer for half an hour."""
PATIENCE_FOR_NEWS = "One moment: the answer comes here."
_FAREWELL = 1.0
"""Seconds that it may take to tell those who are left without an answer."""
_BY = "by:"
"""How the id of the block with the buttons begins; who asked for the message follows."""


@dataclass(slots=True, eq=False)
class Asked:
    """What somebody asked, and where."""

    what: str
    """For the log."""
    team: str
    channel: str
    """Empty where it was asked outside of any, as on the Home tab."""
    user: str
    client: AsyncWebClient
    """Of the bot in the workspace."""
    reply: Reply | None = None
    """None where it was asked on a view."""
    telling: Callable[[str], Awaitable[None]] | None = None
    """How whoever asked is told something there."""
    changing: bool = False
    """Whether the desk has it, and something may be changed by it."""

    async def tell(self, sentence: str) -> None:
        """Tells whoever asked, and nobody else."""
        tell = self.reply.tell if self.reply is not None else self.telling
        if tell is not None:
            await tell(sentence)


@dataclass(slots=True)
class Office:
    """Answers what is asked for as long as it is open."""

    desk: Desk
    names: Names
    session: aiohttp.ClientSession
    handled: Handled
    pacer: Pacer
    managers: Collection[str] = ()
    """Who may manage feeds, schedules, names and targets, by user id; everybody where it is empty."""
    team: str | None = None
    """The only workspace that we are in: partners in shared channels, and an organisation, ask with ids of their own."""
    workspaces: Workspaces | None = None
    """The several that we are in."""
    allowance: Allowance = field(default_factory=Allowance)
    """How much one person may ask."""
    closing: bool = False
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    """Of look-ups."""
    _answering: dict[asyncio.Task[object], Asked] = field(default_factory=dict)
    _refusing: set[asyncio.Task[object]] = field(default_factory=set)

    def asked(self, what: str, context: AsyncBoltContext) -> Asked:
        """Who asked, and where."""
        url = context.response_url
        return Asked(
            what,
            team=self.team or context.team_id or context.enterprise_id or "",
            channel=context.channel_id or "",
            user=context.user_id or "",
            client=context.client,
            reply=Reply(url, self.session, self.pacer.told) if url else None,
        )

    def take(self, asked: Asked) -> bool:
        """Whether what runs in this task may be answered; closing waits for the answer, or for the refusal."""
        task = asyncio.current_task()
        if task is None:
            return False
        if self.closing:
            self._refusing.add(task)
            task.add_done_callback(self._refusing.discard)
            return False
        self._answering[task] = asked
        task.add_done_callback(lambda done: self._answering.pop(done, None))
        return True

    async def work(self, asked: Asked, body: dict[str, object], doing: Callable[[], Awaitable[None]]) -> None:
        """Does what was acknowledged, once; a failure is told to whoever asked."""
        try:
            if await self.is_first(body):
                await doing()
        except TooOften as error:
            if not error.told:
                log.warning("somebody asks too often on slack", command=asked.what)
                await asked.tell(str(error))
        except Exception as error:  # noqa: BLE001  # it is told, and logged where it is no sentence for a reader
            await asked.tell(told_of(error, asked.what))

    async def is_first(self, body: dict[str, object]) -> bool:
        """Whether this did not come before."""
        id = id_of(body)  # noqa: A001
        if not id or await self.handled.first(id):
            return True
        log.info("slack sent something again", id=id)
        return False

    def admit(self, asked: Asked, command: str, action: str = "") -> None:
        """Raises TooOften where whoever asked asks more than anybody may."""
        self.allowance.admit(_person(asked), f"{command} {action}".strip())

    def may_type(self, asked: Asked) -> bool:
        """Whether something is offered for what is being typed."""
        return self.allowance.may_type(_person(asked))

    def check(self, asked: Asked, command: str) -> None:
        """Raises InputError where whoever asked may not do that."""
        if command in MANAGING and self.managers and asked.user not in self.managers:
            raise InputError(NOT_ALLOWED)

    async def ask(self, asked: Asked, parsed: Parsed) -> Message:
        """The desk's answer, as long as there is anyone to hear it. Raises AttacheError."""
        place = Channel(Platform.SLACK, asked.channel or asked.user)
        try:
            async with asyncio.timeout(LONGEST) as limit:
                if parsed.command == "schedule":
                    await check_place(self.requests(asked), parsed.options, asked.channel, asked.user)
                asked.changing = _may_change(parsed)
                # Changes have no turns: they may wait for others' servers.
                async with self._turns if parsed.command in LOOK_UPS else nullcontext():
                    workspace = await self.desk.workspace(Platform.SLACK, asked.team)
                    message = await self.desk.answer(workspace, place, parsed.command, parsed.options)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise InputError(TOO_LONG) from error
        return self.names.in_message(message)

    async def answer(
        self, asked: Asked, parsed: Parsed, *, public: bool = False, replacing: bool = False
    ) -> None:
        """Asks the desk, and shows what it says. Raises AttacheError and NotShown."""
        assert asked.reply is not None
        asking = asyncio.create_task(self.ask(asked, parsed))
        try:
            quick, _ = await asyncio.wait({asking}, timeout=PROMPT)
            if not quick and not replacing:
                await asked.reply.tell(PATIENCE_FOR_NEWS)
            message = await asking
        finally:
            asking.cancel()
            await asyncio.gather(
                asking, return_exceptions=True
            )  # nothing of it goes on behind a closed store
        await self._show(asked, message, public=public, replacing=replacing)

    async def _show(self, asked: Asked, message: Message, *, public: bool, replacing: bool) -> None:
        assert asked.reply is not None
        [post] = render(message)
        found = files(message)
        post = marked(post, asked.user)
        if not public:
            post = pictures.in_words(post, found)
        await asked.reply.show(post, public=public, replace=replacing)
        if public:
            await self._add_pictures(asked, found)
            return
        for file in found:
            if not file.description and not await pictures.hand_over(self.requests(asked), asked.user, file):
                await asked.tell(f"Slack did not take {file.name}: ask again in a minute.")

    async def _add_pictures(self, asked: Asked, found: Sequence[File]) -> None:
        """Under a public answer; where we may not post one, what it shows in words."""
        assert asked.reply is not None
        if not found or await share(self.requests(asked), asked.channel, found):
            return
        if told := [file for file in found if file.description]:
            await asked.reply.show(pictures.words_alone(told), public=True)

    def requests(self, asked: Asked) -> Requests:
        """What asks Slack for something in that workspace, in its turn."""
        return Requests.begin(asked.client, self.pacer, workspace=None if self.team else asked.team)

    async def refuse(self) -> None:
        """Lets those who came too late be told so, if that can be said at once."""
        if self._refusing:
            await asyncio.wait(self._refusing, timeout=_FAREWELL)

    async def finish(self, patience: float) -> None:
        """Takes no more, and waits so many seconds for what is being answered; who waits in vain is told so."""
        self.closing = True
        if not self._answering:
            return
        _, late = await asyncio.wait(self._answering, timeout=patience)
        unanswered = [self._answering[task] for task in late]
        for task in late:
            task.cancel()
        if late:
            log.warning("slack commands left unanswered", count=len(late))
            await asyncio.wait(late)
            await asyncio.wait([asyncio.create_task(_excuse(each)) for each in unanswered])


async def _excuse(asked: Asked) -> None:
    """Says that the answer does not come, if that can be said at once."""
    with suppress(TimeoutError, *SLACK_FAILURES):
        async with asyncio.timeout(_FAREWELL):
            await asked.tell(farewell(asked))


def _person(asked: Asked) -> str:
    """Ids of people are those of a workspace."""
    return f"{asked.team} {asked.user}"


def farewell(asked: Asked) -> str:
    """What is told to whoever gets no answer any more."""
    return CUT_OFF if asked.changing else CLOSING


def _may_change(parsed: Parsed) -> bool:
    return parsed.command in MANAGING and parsed.options.get("action", "list") not in _LOOKING


def marked(post: Post, user: str) -> Post:
    """The post with a mark at its buttons that says for whom it is: only they turn its pages for all to see."""
    blocks = tuple(
        {**block, "block_id": _BY + user} if block["type"] == "actions" else block for block in post.blocks
    )
    return replace(post, blocks=blocks)


def is_by(block_id: object, user: str) -> bool:
    """Whether a button of that block is on a message that this person asked for."""
    return bool(user) and block_id == _BY + user
