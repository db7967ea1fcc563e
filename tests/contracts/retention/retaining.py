"""What the tests of retention have in common."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from news.channels import Channel, DeliveryState, Platform
from news.digests import Digest, DigestStory, Window
from news.queries import StatementQuery
from news.retention import Keep
from news.stances import Position, Stance
from storage.soundness import SqlSoundness
from storage.tables import Row
from tests.builders import MORNING, a_span, a_statement
from tests.contracts.conftest import World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = MORNING + 400 * DAY
KEPT, DROPPED = Keep(30 * DAY), Keep(30 * DAY, statements=False)
HERE = Channel(Platform.TERMINAL, "local")
TEXT = (
    "It rained in Calmere on Monday. The port will close, said Edda Marlow. Gulls cried.\n"
    "“Not for an hour,” she told the Herald. Then she left. Nobody followed.\n"
)


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
