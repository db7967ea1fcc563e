"""Retention: what goes and what stays, whole at every moment, on both databases."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.answers.stories import Audience, compose_digest
from bot.jobs.retention import LONGEST, MOST, Pace, count_old, retain
from news.arrivals import Arrival
from news.channels import Channel, DeliveryState, Platform
from news.digests import Digest, DigestStory, Window
from news.feeds import Entry
from news.links import entry_identity
from news.notices import NoticeKind
from news.queries import StatementQuery, StoryQuery
from news.retention import Keep, Retained, shorten
from news.stances import Position, Stance
from storage.soundness import SqlSoundness
from storage.tables import NoticeRow, Row
from tests.builders import MORNING, a_draft, a_span, a_statement
from tests.contracts.conftest import World
from tests.fakes import SetClock

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = MORNING + 400 * DAY
KEPT, DROPPED = Keep(30 * DAY), Keep(30 * DAY, statements=False)
HERE = Channel(Platform.TERMINAL, "local")
TEXT = (
    "It rained in Calmere on Monday. The port will close, said Edda Marlow. Gulls cried.\n"
    "“Not for an hour,” she told the Herald. Then she left. Nobody followed.\n"
)


@pytest.fixture
def clock():
    return SetClock(NOW)


async def rows(store) -> dict[str, int]:
    """How many rows each table has, those that have any; what can be made anew aside."""
    async with store.read() as uow:
        session = uow.articles._session
        counts = {
            table.name: await session.scalar(select(func.count()).select_from(table))
            for table in Row.metadata.sorted_tables
            if not table.info.get("derived")
        }
    return {name: count for name, count in counts.items() if count}


async def faults(url) -> list[str]:
    walk, spans = await SqlSoundness(url).rows(whole=True), await SqlSoundness(url).spans(whole=True)
    return [fault.what for fault in (*walk.faults, *spans.faults)]


async def shown(store, workspace, **query) -> list[tuple[object, ...]]:
    """What people are shown of each statement: all but where it stands in its text."""
    async with store.read() as uow:
        page = await uow.briefs.statements(workspace.id, StatementQuery(**{"limit": 100} | query))
    return [
        (
            replace(telling.quote, content=(), cue_spans=(), source_spans=()),
            telling.sentence_words,
            telling.begins,
        )
        for occasion in page.occasions
        for telling in occasion.tellings
    ]


def says(text, words, *, cue=None, source=None, venue=None, **more):
    parts = {name: (a_span(text, part),) for name, part in (("cue", cue), ("source", source), ("venue", venue)) if part}  # fmt: skip
    return a_statement(text, words, **parts, **more)


async def publish_old(world: World, feed, key="old", *, at=MORNING, **more):
    """An old article, read and in a story of its own, that says two things and takes one stand."""
    draft = {"text": TEXT, "url": f"https://herald.example/{key}"} | more
    article = await world.publish(feed, key, at=at, **draft)
    close = says(TEXT, "The port will close", cue="said", source="Edda Marlow", speaker="Edda Marlow")
    hour = says(TEXT, "“Not for an hour,”", cue="told", venue="the Herald", speaker="Edda Marlow")
    against = Stance("Edda Marlow", "the port", Position.OPPOSES, (a_span(TEXT, "Nobody followed"),), 0.5)
    await world.read(article, close, hour, stances=(against,))
    await world.together(article)
    return article


async def post(store, workspace, subscription, slot, *, state=DeliveryState.SENT, tells=()):
    """A digest of that day that was posted, or not."""
    stories = tuple(DigestStory(i, "Port", 1, 1, (), (), ()) for i in tells)
    digest = Digest(f"{slot:%d %b}", Window(slot - DAY, slot), "UTC", stories, 1, 1)
    async with store.write() as uow:
        digest_id = await uow.deliveries.save_digest(workspace.id, digest, now=slot)
        delivery = await uow.deliveries.plan(subscription.id, slot, digest_id, now=slot)
        if state is not DeliveryState.PENDING:
            await uow.deliveries.mark(delivery, state, now=slot)
        await uow.commit()
    return digest_id


async def subscribe(store, workspace, channel=HERE, **more):
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id, channel, **{"cron": "0 9 * * *", "timezone": "UTC", "next_due": NOW} | more
        )
        await uow.commit()
    return made


async def story_of(store, article):
    async with store.read() as uow:
        members = await uow.clusters.members(article.when, article.when + HOUR)
    return next(member.story_id for member in members if member.article_id == article.id)


async def test_without_statements_an_old_article_goes_with_all_that_is_made_of_it(
    world, store, store_url, workspace, feed, clock
):
    await publish_old(world, feed, "new", at=NOW - DAY)
    alone, said = await rows(store), await shown(store, workspace, actor="Marlow")
    await publish_old(world, feed)
    await world.publish(feed, "old", at=MORNING, text=TEXT + "More.", url="https://herald.example/old")
    await world.publish(feed, "silent", at=MORNING)
    assert await retain(store, clock, DROPPED) == Retained(dropped=2, statements=2)
    assert await rows(store) == alone | {"entries": alone["entries"] + 2}
    assert await shown(store, workspace, actor="Marlow") == said
    assert await faults(store_url) == []


async def test_with_statements_people_are_shown_the_same_as_before(
    world, store, store_url, workspace, feed, clock
):
    article = await publish_old(world, feed)
    asked = [{"actor": "Marlow"}, {"about": "hour"}, {"actor": "Marlow", "about": "bridge"}, {"outlet": "Herald", "actor": "edda"}]  # fmt: skip
    before = [await shown(store, workspace, **query) for query in asked]
    assert [len(found) for found in before] == [2, 1, 2, 2]
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    assert [await shown(store, workspace, **query) for query in asked] == before
    async with store.read() as uow:
        (left,) = await uow.articles.versions(article.id)
        (story,) = await uow.stories.find(workspace.id, StoryQuery())
    text = "The port will close, said Edda Marlow.\n\n“Not for an hour,” she told the Herald.\n\nNobody followed."
    assert left == a_draft(text, url="https://herald.example/old")
    brief = story.readings[0].brief
    assert (brief.summary, brief.flags, brief.figures, brief.length) == ((), (), (), len(text))
    assert [span.of(text) for stance in brief.stances for span in stance.evidence] == ["Nobody followed"]
    assert "signatures" not in await rows(store)
    assert await faults(store_url) == []
    assert await retain(store, clock, KEPT) == Retained()


async def test_old_articles_that_nobody_speaks_in_go_and_new_ones_stay_as_they_are(
    world, store, workspace, feed, clock
):
    silent = await world.read(await world.publish(feed, "silent", at=MORNING))
    fresh = await publish_old(world, feed, "fresh", at=NOW - 30 * DAY)
    await world.together(silent)
    before = await rows(store)
    assert await retain(store, clock, KEPT) == Retained(dropped=1)
    after = await rows(store)
    assert {name: before[name] - after.get(name, 0) for name in before if before[name] != after.get(name)} == {
        "stories": 1, "articles": 1, "article_versions": 1, "briefs": 1, "signatures": 1,
    }  # fmt: skip
    async with store.read() as uow:
        assert [draft.text for draft in await uow.articles.versions(fresh.id)] == [TEXT]


async def test_what_an_edit_took_out_is_shown_as_before(world, store, store_url, workspace, feed, clock):
    url = "https://herald.example/old"
    await publish_old(world, feed)
    other = "It rained in Calmere. The port stays open, said Edda Marlow. Gulls cried."
    third = "It rained. The port stays open, said Edda Marlow. Gulls cried. Nobody came."
    for at, text in ((MORNING + HOUR, other), (MORNING + 2 * HOUR, third)):
        edited = await world.publish(feed, "old", at=at, published=MORNING, text=text, url=url)
        await world.read(edited, says(text, "The port stays open", cue="said", speaker="Edda Marlow"))
    before = await shown(store, workspace, actor="Marlow")
    assert [telling[0].gone is None for telling in before] == [True, False, False]
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    assert await shown(store, workspace, actor="Marlow") == before
    async with store.read() as uow:
        texts = [draft.text for draft in await uow.articles.versions(edited.id)]
    assert texts == [
        "The port will close, said Edda Marlow.\n\n“Not for an hour,” she told the Herald.",
        "The port stays open, said Edda Marlow.",
    ]
    assert await faults(store_url) == []


async def test_what_is_not_read_or_in_no_story_yet_waits_while_statements_are_kept(
    world, store, workspace, feed, clock
):
    unread = await world.publish(feed, "unread", at=MORNING)
    read = await world.read(await world.publish(feed, "read", at=MORNING), a_statement())
    assert await retain(store, clock, KEPT) == Retained()
    await world.read(unread, a_statement())
    await world.together(unread, read)
    assert await retain(store, clock, KEPT) == Retained(reduced=2)


async def test_an_article_that_cannot_be_shortened_stays_whole_and_keeps_no_other(
    world, store, workspace, feed, clock, monkeypatch
):
    first, odd, last = [await publish_old(world, feed, key, at=MORNING) for key in ("first", "odd", "last")]

    def breaking(version):
        if version.article_id == odd.id:
            raise IndexError("string index out of range")
        return shorten(version)

    monkeypatch.setattr("bot.jobs.retention.shorten", breaking)
    before = await shown(store, workspace, actor="Marlow")
    assert await retain(store, clock, KEPT) == Retained(reduced=2)
    assert await shown(store, workspace, actor="Marlow") == before
    async with store.read() as uow:
        texts = [(await uow.articles.versions(one.id))[0].text for one in (first, odd, last)]
    assert [text == TEXT for text in texts] == [False, True, False]
    assert await retain(store, clock, KEPT) == Retained()  # though it is tried again


async def test_dropping_statements_later_takes_what_was_reduced(world, store, workspace, feed, clock):
    await publish_old(world, feed)
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    assert await count_old(store, clock, DROPPED) == Retained(dropped=1, statements=2)
    assert await retain(store, clock, DROPPED) == Retained(dropped=1, statements=2)
    assert await rows(store) == {"workspaces": 1, "feeds": 1, "follows": 1, "entries": 1}


async def test_a_reduced_article_changes_no_more(world, store, workspace, feed, clock):
    article = await publish_old(world, feed)
    other = await world.follow(workspace, "https://mirror.example/feed")
    await retain(store, clock, KEPT)
    before = await shown(store, workspace, actor="Marlow")
    url = "https://herald.example/old"
    for where, key in ((feed, "old"), (other, "theirs")):
        again = await world.publish(where, key, at=NOW, text="Other words.", url=url)
        assert (again.id, again.version) == (article.id, 1)
    await world.read(article, a_statement(text="Other words.", words="Other"))
    async with store.read() as uow:
        assert await uow.articles.unread() == ()
        assert await uow.clusters.unclustered() == ()
        assert await uow.articles.waiting_since(workspace.id, MORNING - DAY) is None
    assert await shown(store, workspace, actor="Marlow") == before
    assert "signatures" not in await rows(store)


async def test_a_reduced_article_stands_in_no_digest_and_in_the_list_of_stories(
    world, store, workspace, feed, clock
):
    await publish_old(world, feed)
    await retain(store, clock, KEPT)
    async with store.read() as uow:
        digest = await compose_digest(
            uow,
            workspace.id,
            StoryQuery(),
            Window(MORNING - DAY, NOW),
            title="Digest",
            timezone="UTC",
            audience=Audience(channel=HERE),
        )
    assert (digest.stories, digest.left_out) == ((), 0)
    assert await world.stories(workspace) == [["Bridge to close"]]


async def entries_known(store, feed, *entries):
    async with store.read() as uow:
        return await uow.articles.known_entries(feed.id, entries)


@pytest.mark.parametrize("keep", [KEPT, DROPPED], ids=["reduced", "dropped"])
async def test_an_entry_of_an_old_article_is_known_as_past(world, store, workspace, feed, clock, keep):
    """By its address only where that can be compared with the article's: on another host it may be another's."""
    url = "https://herald.example/2023/12/port-to-close-in-spring"
    await publish_old(world, feed, address=entry_identity(url), url=url)
    await retain(store, clock, keep)
    known = await entries_known(store, feed, Entry(key="old", url=url))
    assert known["old"].past
    under_another = await entries_known(store, feed, Entry(key="another", url=url))
    assert [known.past for known in under_another.values()] == ([True] if keep.statements else [])


async def test_a_feed_does_not_bring_back_what_was_dropped(world, store, workspace, feed, clock):
    await publish_old(world, feed)
    await retain(store, clock, DROPPED)
    before = await rows(store)
    async with store.write() as uow:
        arrivals = [
            Arrival("old", a_draft(published=MORNING), "edited", arrived=MORNING),
            Arrival("new", a_draft(published=NOW, title="New"), "f", arrived=NOW),
        ]
        (saved,) = await uow.articles.save_all(feed.id, arrivals, now=NOW)
        await uow.commit()
    assert saved.title == "New"
    assert (await entries_known(store, feed, Entry(key="old")))["old"].fingerprint == "edited"
    after = await rows(store)
    assert (after["entries"], after["articles"]) == (before["entries"] + 1, 1)


async def test_an_import_comes_back_by_an_import(world, store, workspace, clock):
    first = await world.bring(workspace, "notes/a.txt")
    await retain(store, clock, DROPPED)
    assert "entries" not in await rows(store)
    again = await world.bring(workspace, "notes/a.txt")
    assert (again.key, again.version) == ("notes/a.txt", 1)
    assert again.id != first.id


SENT, FAILED, UNKNOWN, SENDING, PENDING = (
    DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.SENDING, DeliveryState.PENDING,
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "stay"),
    [
        ([SENT, SENT, SENT], [], [2]),
        ([SENT, SENT, SENT], [SENT], [3]),
        ([SENT, UNKNOWN, FAILED], [], [0, 1, 2]),
        ([SENT, SENT, FAILED], [FAILED], [1, 3]),
        ([SENT, UNKNOWN, FAILED], [SENT], [3]),
        ([SENT, SENT, UNKNOWN], [UNKNOWN], [1, 3]),
        ([PENDING, SENDING, SENT, FAILED], [SENT], [0, 1, 4]),
        ([FAILED, FAILED], [], [1]),
        ([], [SENT, SENT], [0, 1]),
    ],
    ids=lambda states: " ".join(map(str, states)) or "none",
)
async def test_old_digests_go_but_those_that_the_next_one_is_compared_with(
    store, store_url, workspace, clock, old, new, stay
):
    subscription = await subscribe(store, workspace)
    ids = [
        await post(store, workspace, subscription, MORNING + number * DAY, state=state)
        for number, state in enumerate(old)
    ]
    ids += [
        await post(store, workspace, subscription, NOW - DAY + number * HOUR, state=state)
        for number, state in enumerate(new)
    ]
    gone = Retained(digests=len(ids) - len(stay))
    assert await count_old(store, clock, KEPT) == gone
    assert await retain(store, clock, KEPT) == gone
    async with store.read() as uow:
        for number, digest_id in enumerate(ids):
            if number in stay:
                await uow.deliveries.digest(digest_id)
    counts = await rows(store)
    assert (counts.get("digests", 0), counts.get("deliveries", 0)) == (len(stay), len(stay))
    assert await retain(store, clock, KEPT) == Retained()


async def test_each_subscription_keeps_its_own_last_digest(store, workspace, clock):
    morning, evening = await subscribe(store, workspace), await subscribe(store, workspace, cron="0 18 * * *")
    for number in range(40):
        await post(store, workspace, morning, MORNING + number * DAY)
        if number < 3:
            await post(store, workspace, evening, MORNING + number * DAY + HOUR)
    assert await retain(store, clock, KEPT) == Retained(digests=41)
    async with store.read() as uow:
        last = await uow.deliveries.last_digest(workspace.id, HERE)
    assert last.title == f"{MORNING + 39 * DAY:%d %b}"


async def test_a_story_goes_with_the_last_that_knows_of_it(world, store, store_url, workspace, feed, clock):
    """Be that an article or a digest."""
    subscription = await subscribe(store, workspace)
    told, _ = await publish_old(world, feed, "told"), await publish_old(world, feed, "untold")
    await post(store, workspace, subscription, MORNING + HOUR, tells=[await story_of(store, told)])
    await retain(store, clock, DROPPED)
    assert (await rows(store))["stories"] == 1
    await post(store, workspace, subscription, NOW - HOUR)
    assert await retain(store, clock, DROPPED) == Retained(digests=1)
    assert {"stories", "told"} & (await rows(store)).keys() == set()
    assert await faults(store_url) == []


async def test_old_notices_go_but_those_that_keep_a_trouble_from_being_told_again(
    world, store, workspace, clock
):
    feeds = [
        await world.follow(workspace, f"https://{name}.example/feed") for name in ("well", "ill", "open")
    ]
    async with store.write() as uow:
        session = uow.notices._session
        for feed, kind, since, state, touched in [
            (0, NoticeKind.FAILING, MORNING, SENT, MORNING),
            (0, NoticeKind.BACK, MORNING, SENT, MORNING),
            (0, NoticeKind.FAILING, MORNING + 5 * DAY, FAILED, MORNING + 6 * DAY),
            (0, NoticeKind.BACK, MORNING + 5 * DAY, SENT, MORNING + 6 * DAY),
            (1, NoticeKind.FAILING, MORNING, SENT, MORNING),
            (1, NoticeKind.ENDED, MORNING, SENT, MORNING),
            (2, NoticeKind.FAILING, MORNING, PENDING, MORNING),
            (2, NoticeKind.FAILING, MORNING + DAY, UNKNOWN, NOW - DAY),
            (2, NoticeKind.FAILING, MORNING + 2 * DAY, SENT, NOW - DAY),
        ]:
            session.add(
                NoticeRow(
                    workspace_id=workspace.id, feed_id=feeds[feed].id, kind=kind, since=since, reason="",
                    platform="terminal", channel="local", made=since, state=state, touched=touched, attempts=1,
                )
            )  # fmt: skip
        await uow.feeds.save(replace(feeds[1], failing_since=MORNING, ended=True))
        await uow.commit()
    assert await count_old(store, clock, KEPT) == Retained(notices=3)
    assert await retain(store, clock, KEPT) == Retained(notices=3)
    assert (await rows(store))["notices"] == 6
    assert await retain(store, clock, KEPT) == Retained()


async def remove(store, workspace, subscription):
    async with store.write() as uow:
        await uow.subscriptions.remove(workspace.id, subscription.id)
        await uow.commit()


async def test_a_schedule_that_was_taken_away_goes_with_its_last_digest(
    world, store, store_url, workspace, feed, clock
):
    told = await story_of(store, await publish_old(world, feed))
    bare = await rows(store)
    subscription = await subscribe(store, workspace)
    for number, state in enumerate([SENT, SENT, UNKNOWN, FAILED]):
        await post(store, workspace, subscription, MORNING + number * DAY, state=state, tells=[told])
    last = await post(store, workspace, subscription, NOW - HOUR)
    await remove(store, workspace, subscription)
    assert await count_old(store, clock, KEPT) == Retained(reduced=1, digests=4)
    assert await retain(store, clock, KEPT) == Retained(reduced=1, digests=4)
    async with store.read() as uow:
        await uow.deliveries.digest(last)
    assert (await rows(store))["subscriptions"] == 1
    clock.forward(days=31)
    assert await retain(store, clock, KEPT) == Retained(digests=1)
    assert (await rows(store)).keys() == bare.keys() - {"signatures"}
    assert await faults(store_url) == []


async def test_what_is_being_posted_for_a_schedule_that_was_taken_away_is_still_accounted_for(
    store, workspace, clock
):
    gone, there = await subscribe(store, workspace), await subscribe(store, workspace, cron="0 18 * * *")
    for subscription in (gone, there):
        await post(store, workspace, subscription, MORNING, state=SENDING)
    await remove(store, workspace, gone)
    assert await retain(store, clock, KEPT) == Retained()
    async with store.read() as uow:
        (one, other) = await uow.deliveries.open([Platform.TERMINAL])
    assert (one.subscription_id, other.subscription_id) == (gone.id, there.id)


async def test_a_schedule_that_was_taken_away_before_it_posted_anything_goes(store, workspace, clock):
    await remove(store, workspace, await subscribe(store, workspace))
    there = await subscribe(store, workspace)
    assert await retain(store, clock, KEPT) == Retained()
    async with store.read() as uow:
        assert await uow.subscriptions.of(workspace.id) == (there,)
    assert (await rows(store))["subscriptions"] == 1


async def test_old_notices_of_schedules_go_but_those_of_a_trouble_that_lasts(store, workspace, clock):
    stopped, mended, removed = [
        await subscribe(store, workspace, cron=f"0 {hour} * * *") for hour in (9, 10, 11)
    ]
    async with store.write() as uow:
        session = uow.notices._session
        for subscription, since, state, touched in [
            (stopped, MORNING, SENT, MORNING),
            (stopped, MORNING + DAY, SENT, MORNING + DAY),
            (mended, MORNING, FAILED, MORNING),
            (mended, MORNING + DAY, SENT, NOW - DAY),
            (removed, MORNING, SENT, MORNING),
        ]:
            session.add(
                NoticeRow(
                    workspace_id=workspace.id, subscription_id=subscription.id, kind=NoticeKind.PAUSED, since=since,
                    reason="", platform="terminal", channel="local", made=since, state=state, touched=touched,
                    attempts=1,
                )
            )  # fmt: skip
        for subscription, since in ((stopped, MORNING + DAY), (removed, MORNING)):
            await uow.subscriptions.stop(subscription.id, "There is no channel 9.", now=since)
        await uow.commit()
    await remove(store, workspace, removed)
    assert await count_old(store, clock, KEPT) == Retained(notices=3)
    assert await retain(store, clock, KEPT) == Retained(notices=3)
    async with store.write() as uow:
        left = list(await uow.notices._session.scalars(select(NoticeRow.since).order_by(NoticeRow.id)))
        assert await uow.notices.plan(NOW) == 0  # the trouble that lasts is not told again
    assert left == [MORNING + DAY, MORNING + DAY]
    assert (await rows(store))["subscriptions"] == 2


class Stopped(Exception):
    pass


class StoppingStore:
    """A store in which the n-th transaction that writes is broken off at its end."""

    def __init__(self, store, after):
        self._store, self._left = store, after
        self.read = store.read

    @asynccontextmanager
    async def write(self):
        async with self._store.write() as uow:
            if self._left == 0:
                uow.commit = self._stop
            self._left -= 1
            yield uow

    async def _stop(self):
        raise Stopped


@pytest.mark.parametrize("keep", [KEPT, DROPPED], ids=["reduced", "dropped"])
async def test_it_may_be_stopped_at_any_moment(world, store, store_url, workspace, feed, clock, keep):
    """At each step what is left is whole, and in the end all is done as in one go."""
    subscription = await subscribe(store, workspace)
    for number in range(12):
        article = await publish_old(world, feed, str(number), at=MORNING + number * HOUR)
        story = await story_of(store, article)
        await post(store, workspace, subscription, MORNING + number * DAY, tells=[story])
    said = await shown(store, workspace, actor="Marlow")
    total = await count_old(store, clock, keep)
    assert (total.digests, total.dropped + total.reduced) == (11, 12)
    stops = 0
    for after in (0, 0, 1, 1, 0, 1, 2, 9):
        try:
            await retain(StoppingStore(store, after), clock, keep)
        except Stopped:
            stops += 1
        assert await faults(store_url) == []
        left = await count_old(store, clock, keep)
        if keep.statements:
            assert await shown(store, workspace, actor="Marlow") == said
    assert stops >= 5
    assert left == Retained()
    assert (await rows(store)).get("articles", 0) == (12 if keep.statements else 0)


async def test_an_article_that_changes_meanwhile_is_left_for_the_next_time(
    world, store, store_url, workspace, feed, clock
):
    article = await publish_old(world, feed)
    async with store.read() as uow:
        read = await uow.retention.versions([article.id])
    await world.read(article, says(TEXT, "The port will close"))
    async with store.write() as uow:
        assert await uow.retention.reduce(read, now=NOW) == Retained()
        assert await uow.retention.drop([article.id], spoken=False) == Retained()
        await uow.commit()
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    assert await faults(store_url) == []


async def test_an_edit_that_is_not_read_yet_is_not_dropped_with_what_it_changed(
    world, store, workspace, feed
):
    article = await world.publish(feed, "quiet", text="Nothing was said.", title="Quiet")
    await world.read(article)
    await world.together(article)
    async with store.read() as uow:
        (old,) = await uow.retention.old(KEPT, NOW)
    await world.publish(feed, "quiet", text="“Now something is,” said Edda Marlow.", title="Quiet")
    async with store.write() as uow:
        assert await uow.retention.drop([old.article_id], spoken=False) == Retained()
        await uow.commit()


async def test_what_points_outside_its_text_is_no_obstacle(world, store, workspace, feed, clock):
    article = await world.publish(feed, at=MORNING, text=TEXT)
    await world.read(article, says(TEXT, "The port will close"))
    await world.together(article)
    async with store.write() as uow:
        session = uow.articles._session
        statements = Row.metadata.tables["statements"]
        await session.execute(statements.update().values(spans={"content": [[0, 5]], "cue": [[900, 905]]}))
        await uow.commit()
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    async with store.read() as uow:
        assert [draft.text for draft in await uow.articles.versions(article.id)] == [TEXT]


@pytest.mark.parametrize("keep", [KEPT, DROPPED], ids=["reduced", "dropped"])
async def test_counting_changes_nothing_and_tells_what_would_go(world, store, workspace, feed, clock, keep):
    for number in range(7):
        await publish_old(world, feed, str(number), at=MORNING + number * HOUR)
    silent = await world.read(await world.publish(feed, "silent", at=MORNING))
    await world.together(silent)
    before = await rows(store)
    told = await count_old(store, clock, keep)
    assert await rows(store) == before
    assert await retain(store, clock, keep) == told


@pytest.mark.parametrize(
    ("took", "sizes"),
    [
        (0.0, [6, 9, 13, 19, 28, 42, 63, 94, 141, MOST, MOST]),
        (LONGEST * 0.6, [4, 4]),
        (LONGEST * 0.9, [2, 1, 1]),
    ],
    ids=["quick", "as wanted", "slow"],
)
async def test_steps_grow_and_shrink_to_the_time_that_they_may_take(monkeypatch, took, sizes):
    pace, found, slept = Pace(), [], []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr("bot.jobs.retention.asyncio.sleep", sleep)
    moments = iter([moment for _ in sizes for moment in (0.0, took)])
    monkeypatch.setattr("bot.jobs.retention.monotonic", lambda: next(moments))
    for _ in sizes:
        async with pace.measured():
            pass
        await pace.rest()
        found.append(pace.size)
    assert found == sizes
    assert slept == [took] * len(sizes)
