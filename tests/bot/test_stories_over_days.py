"""One story over several days, through the real jobs, the real pipeline and a real store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.answers.stories import digest_on_demand
from bot.desk import FrontDesk
from bot.jobs import brief as job
from bot.jobs.brief import catch_up
from bot.jobs.collect import collect
from bot.messages.message import Form, Heading, Moment, Note, Paragraph, Remark, Saying
from bot.settings import Settings
from bot.understanding import make_understanding
from news.channels import Channel, Platform
from news.errors import DeliveryError, StoreError
from news.feeds import Entry, Fetched, Page, Validators
from news.queries import StoryQuery
from storage.clusters import SqlClusters
from tests.bot.samples import told as words
from tests.fakes import MemoryMessenger
from tests.posting import plan_due, send_open

HERE = Channel(Platform.TERMINAL, "local")
DAY = timedelta(days=1)
HERALD, LEDGER = "https://herald.example/feed", "https://ledger.example/feed"

BURST = "At least 17 people were killed when the Ansel dam burst above Dunmarrow on Thursday, the rescue service said."
BURST_TOO = "The Ansel dam above Dunmarrow burst before dawn on Thursday and killed at least 17 people in the lower town."
TRIAL = "Prosecutors in Dunmarrow charged two engineers of the Ansel water company over the broken sluice gate of the dam."
CUP = "Rovers beat United by two goals in the final in Quellport and lifted the harbour cup for the first time since the stadium opened."
MORE_DEAD = BURST.replace("17", "21")


@dataclass
class Wire:
    """Two outlets whose feeds are read, and a channel that is told at noon."""

    store: object
    clock: object
    reader: object
    understanding: object
    workspace: object
    messenger: MemoryMessenger = field(default_factory=MemoryMessenger)
    entries: dict[str, list[Entry]] = field(default_factory=lambda: {HERALD: [], LEDGER: []})

    def publish(self, feed: str, key: str, title: str, *sentences: str, hours: float = 0.5) -> None:
        """An article, or its newest version, that came out so many hours ago."""
        url = feed.replace("feed", key)
        kept = [entry for entry in self.entries[feed] if entry.key != key]
        before = [entry for entry in self.entries[feed] if entry.key == key]
        published = before[0].published if before else self.clock.now() - timedelta(hours=hours)
        self.entries[feed] = [
            *kept,
            Entry(key=key, title=title, url=url, summary=" ".join(sentences), published=published),
        ]
        self.reader.pages[url] = Page(url=url, text="\n\n".join(sentences), title=title, language="en")
        name = "The Herald" if feed == HERALD else "The Ledger"
        body = f"{name}{self.clock.now()}{len(self.reader.pages)}{title}"
        self.reader.feeds[feed] = Fetched(name, tuple(self.entries[feed]), Validators(), body, feed)

    async def read(self) -> None:
        await collect(self.store, self.reader, self.clock)
        await catch_up(self.store, self.understanding, self.clock)
        self.clock.forward(minutes=1)  # what arrives while a digest is composed belongs to the next one

    async def noon(self) -> None:
        """Everything that the heartbeat does."""
        await self.read()
        await plan_due(self.store, self.clock, [Platform.TERMINAL])
        await send_open(self.store, self.clock, {Platform.TERMINAL: self.messenger})

    async def posted(self):
        async with self.store.read() as uow:
            return await uow.deliveries.last_digest(self.workspace.id, HERE)

    async def asked(self, **query):
        return await digest_on_demand(self.store, self.clock, self.workspace, HERE, StoryQuery(**query))

    async def stories(self) -> list[list[str]]:
        async with self.store.read() as uow:
            found = await uow.stories.find(self.workspace.id, StoryQuery())
        return sorted(sorted(r.article.title for r in story.readings) for story in found)


@pytest.fixture
async def wire(store, clock, reader, understanding, workspace):
    async with store.write() as uow:
        for url in (HERALD, LEDGER):
            await uow.feeds.follow(workspace.id, url)
        await uow.subscriptions.add(
            workspace.id,
            HERE,
            cron="0 14 * * *",
            timezone="Europe/Kyiv",
            next_due=clock.now(),
            title="Noon digest",
        )
        await uow.commit()
    made = Wire(store, clock, reader, understanding, workspace)
    made.publish(HERALD, "1", "Dam bursts above Dunmarrow", BURST, hours=2)
    made.publish(LEDGER, "2", "Dunmarrow flooded as Ansel dam bursts", BURST_TOO, hours=1)
    return made


def sentences(digest):
    return [[passage.text for passage in story.summary] for story in digest.stories]


def shown(message, kind):
    lines = {
        Heading: lambda b: words(b.line),
        Paragraph: lambda b: words(b.line),
        Note: lambda b: words(b.line),
        Remark: lambda b: words(b.line),
    }
    return [lines[kind](block) for block in message.blocks if isinstance(block, kind)]


async def test_on_the_second_day_only_what_is_new_is_told_and_on_the_third_nothing(wire):
    await wire.noon()
    first = await wire.posted()
    assert (len(first.stories), first.stories[0].articles, first.stories[0].since) == (1, 2, None)
    name = first.stories[0].name

    wire.clock.forward(days=1)
    wire.publish(LEDGER, "3", "Engineers charged over Ansel dam burst above Dunmarrow", TRIAL, BURST_TOO)
    await wire.noon()
    second = await wire.posted()
    assert sentences(second) == [[TRIAL]]
    assert (second.stories[0].name, second.stories[0].since) == (name, first.window.until)
    assert [source.article_key for source in second.stories[0].sources] != []
    _, message, _ = wire.messenger.sent[-1]
    assert shown(message, Heading) == [name]
    assert shown(message, Paragraph)[0].startswith(f"new since yesterday · {TRIAL}")

    wire.clock.forward(days=1)
    wire.publish(HERALD, "4", "What we know of the Ansel dam burst above Dunmarrow", BURST, TRIAL)
    await wire.noon()
    third = await wire.posted()
    assert (third.stories, third.unchanged, third.left_out) == ((), 1, 0)
    _, message, _ = wire.messenger.sent[-1]
    assert shown(message, Paragraph)[0].startswith("Nothing new since ")
    assert "1 story told before has new articles that add nothing" in shown(message, Note)
    assert len(wire.messenger.sent) == 3


async def test_another_figure_in_the_same_words_is_news(wire):
    await wire.noon()
    wire.clock.forward(days=1)
    wire.publish(HERALD, "1", "Dam bursts above Dunmarrow", MORE_DEAD)  # an edit
    await wire.noon()
    digest = await wire.posted()
    assert sentences(digest) == [[MORE_DEAD]]
    assert digest.stories[0].sources[0].version == 2


async def test_an_edit_that_adds_nothing_is_not_told(wire):
    quotations = [
        f"“The water rose to the {floor} floor of our house,” said Tobiah Renn, the mayor."
        for floor in ("first", "second", "third", "fourth", "fifth", "sixth")
    ]
    wire.publish(HERALD, "1", "Dam bursts above Dunmarrow", BURST, *quotations)
    await wire.noon()
    first = await wire.posted()
    assert len(first.stories[0].said) < len(quotations)
    wire.clock.forward(days=1)
    wire.publish(
        HERALD,
        "1",
        "Dam bursts above Dunmarrow",
        BURST,
        *(q.replace("the mayor", "its mayor") for q in quotations),
    )
    await wire.noon()
    digest = await wire.posted()
    assert (digest.stories, digest.unchanged) == ((), 1)


async def test_what_an_edit_took_out_is_said_once_and_marked_where_it_is_looked_up(wire):
    """From the feed to the post: a quotation vanishes from an article that the channel was told of."""
    kept = "“The water rose to the first floor of our house,” said Renata Vaize, a baker."
    taken = "“We will open the sluice again in May,” said Tobiah Renn, the mayor of Dunmarrow."
    wire.publish(HERALD, "1", "Dam bursts above Dunmarrow", BURST, kept, taken)
    await wire.noon()
    first = await wire.posted()
    quoted = "“We will open the sluice again in May,”"
    assert quoted in [said.quote.words for said in first.stories[0].said]

    wire.clock.forward(hours=23)
    edited = wire.clock.now()
    wire.publish(HERALD, "1", "Dam bursts above Dunmarrow", BURST, kept)
    await wire.read()
    desk = FrontDesk(wire.store, wire.reader, wire.understanding, wire.clock)
    answer = await desk.answer(wire.workspace, HERE, "whosaid", {"actor": "Renn"})
    (saying,) = [block for block in answer.blocks if isinstance(block, Saying)]
    assert words(saying.words) == quoted
    assert words(saying.notes).startswith("! no longer in the article, taken out by <full> · direct")
    assert saying.notes[1] == Moment(edited, Form.FULL)
    profile = await desk.answer(wire.workspace, HERE, "actor", {"actor": "Renn"})
    assert words(profile.title) == "Renn · no statements"

    wire.clock.forward(hours=1)
    await wire.noon()
    _, message, _ = wire.messenger.sent[-1]
    assert shown(message, Remark) == [
        f"– no longer in [1], edited <time>: {quoted} Tobiah Renn, for Dunmarrow"
    ]
    second = await wire.posted()
    assert ([s.sources[0].version for s in second.stories], sentences(second)) == ([2], [[]])
    assert [one.when for one in second.stories[0].withdrawn] == [edited]

    wire.clock.forward(days=1)
    wire.publish(HERALD, "1", "Dam bursts above Dunmarrow", BURST, kept, TRIAL)
    await wire.noon()
    third = await wire.posted()
    (story,) = third.stories
    assert ([said.quote.speaker.name for said in story.said], story.withdrawn) == (
        ["Prosecutors in Dunmarrow"],
        (),
    )


async def test_a_failed_post_tells_nothing(wire):
    wire.messenger.failures = [(DeliveryError("no permission", permanent=True), False)]
    await wire.noon()
    assert wire.messenger.sent == []
    wire.clock.forward(days=1)
    await wire.noon()
    digest = await wire.posted()
    assert (digest.stories[0].articles, digest.stories[0].since) == (2, None)


async def test_a_digest_that_waits_to_be_posted_is_not_known_in_the_channel(wire):
    wire.messenger.failures = [(DeliveryError("busy"), False)]
    await wire.noon()
    assert wire.messenger.sent == []
    asked = await wire.asked()
    assert (len(asked.stories), asked.stories[0].since) == (1, None)


async def test_asking_tells_what_is_new_since_the_post_and_as_often_as_one_asks(wire):
    await wire.noon()
    assert (await wire.asked()).stories == ()
    wire.clock.forward(hours=3)
    wire.publish(LEDGER, "3", "Engineers charged over Ansel dam burst above Dunmarrow", TRIAL, BURST_TOO)
    await wire.read()
    once, twice = await wire.asked(), await wire.asked()
    assert sentences(once) == [[TRIAL]]
    assert once == twice
    whole = await wire.asked(since=wire.clock.now() - 3 * DAY)
    assert (whole.stories[0].articles, whole.stories[0].since) == (3, None)
    assert len(whole.stories[0].sources) == 3


async def test_a_digest_right_after_the_first_feed_was_added_shows_stories(
    store, clock, reader, understanding, workspace
):
    made = Wire(store, clock, reader, understanding, workspace)
    made.publish(HERALD, "1", "Dam bursts above Dunmarrow", BURST, hours=2)
    desk = FrontDesk(store, reader, understanding, clock)
    await desk.answer(workspace, HERE, "feeds", {"action": "add", "url": HERALD})
    answers = [await desk.answer(workspace, HERE, "digest", {}) for _ in range(2)]
    assert answers[0] == answers[1]
    assert shown(answers[0], Heading) == ["Dam bursts above Dunmarrow"]


async def test_a_late_article_joins_the_told_story_which_keeps_its_name_and_its_articles(wire):
    await wire.noon()
    name = (await wire.posted()).stories[0].name
    wire.clock.forward(days=1)
    wire.publish(HERALD, "5", "Rovers lift the harbour cup", CUP)
    wire.publish(LEDGER, "3", "Ansel dam burst kills many in Dunmarrow", BURST_TOO, TRIAL, hours=26)
    await wire.noon()
    assert [len(story) for story in await wire.stories()] == [3, 1] or [
        len(story) for story in await wire.stories()
    ] == [1, 3]
    async with wire.store.read() as uow:
        stories = await uow.stories.find(wire.workspace.id, StoryQuery())
    assert {story.called for story in stories if len(story.readings) == 3} == {name}


async def test_what_another_process_did_is_learnt_before_anything_is_placed(wire):
    """Two processes on one store, each with an index of its own, read by turns."""
    other = make_understanding(Settings(_env_file=None, summary_model=None, summary_server=None))
    mine = wire.understanding
    await wire.read()
    texts = [
        ("3", "Engineers charged over Ansel dam burst above Dunmarrow", TRIAL, BURST_TOO),
        ("4", "What we know of the Ansel dam burst", BURST, TRIAL),
        ("5", "Rovers lift the harbour cup", CUP),
        ("6", "Harbour cup for Rovers in Quellport", CUP),
    ]
    for number, (key, title, *body) in enumerate(texts):
        wire.clock.forward(hours=2)
        wire.understanding = other if number % 2 == 0 else mine
        wire.publish(LEDGER if number % 2 else HERALD, key, title, *body)
        await wire.read()
    assert [len(story) for story in sorted(await wire.stories(), key=len)] == [2, 4]
    assert sum(map(len, await wire.stories())) == 6


async def test_a_save_that_failed_is_made_good_by_the_next_round(wire, monkeypatch):
    await wire.read()
    wire.clock.forward(hours=2)
    wire.publish(LEDGER, "3", "Engineers charged over Ansel dam burst above Dunmarrow", TRIAL, BURST_TOO)
    wire.publish(HERALD, "5", "Rovers lift the harbour cup", CUP)
    saved = SqlClusters.save

    async def refuse(self, assignments, *, now):
        await saved(self, assignments, now=now)
        raise StoreError("the disk is full")

    monkeypatch.setattr(SqlClusters, "save", refuse)
    with pytest.raises(StoreError):
        await wire.read()
    monkeypatch.setattr(SqlClusters, "save", saved)
    assert await job.cluster(wire.store, wire.understanding, wire.clock) == 2
    assert [len(story) for story in sorted(await wire.stories(), key=len)] == [1, 3]
    assert await job.cluster(wire.store, wire.understanding, wire.clock) == 0
