"""Two workspaces on one store, of which the second is full of words that must never be seen in the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.jobs.notices import plan_notices
from news.actors import fold
from news.channels import Channel, Narrowing, Platform, Workspace
from news.feeds import Entry, Fetched, Validators
from news.names import Relation
from news.polling import after_failure
from news.stances import Position, Stance
from news.stories import Assignment
from news.targets import Target
from storage.unit_of_work import SqlStore
from tests.builders import MORNING, a_span, a_speaker, a_statement
from tests.contracts.conftest import World
from tests.fakes import MemoryMessenger, MemoryReader, SetClock
from tests.posting import plan_due, send_open

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MORNING + 6 * HOUR
BOTH = "Dana Miller"
"""Who speaks in what either of them reads."""
ADDED = "https://alpha-two.example/feed"
MARK = "Alphaville"
"""A word of what the first workspace reads, which shows that it is answered at all."""

WORDS = {
    "feed": "Quillmark",
    "outlet": "Vexleygate",
    "folder": "Brindlewick",
    "article": "Plumbrook",
    "text": "Dravenholm",
    "statement": "Skellworth",
    "actor": "Tarnwhistle",
    "affiliation": "Morvaine",
    "alias": "Ostrelline",
    "target": "Glimmerfen",
    "meaning": "Harrowdane",
    "wording": "Pellbrack",
    "schedule": "Zephyrcroft",
    "topic": "Nimbleweir",
    "trouble": "Corvantine",
    "import": "Ravelstoke",
    "importer": "Thessalonby",
}
"""What is planted, each a word that stands nowhere else, by what it is."""
NAMES = {
    "feed": f"{WORDS['feed']} Courier",
    "address": f"https://{WORDS['feed'].lower()}.example/feed",
    "outlet": f"{WORDS['outlet']} Ledger",
    "folder": WORDS["folder"],
    "article": WORDS["article"],
    "text": WORDS["text"],
    "statement": WORDS["statement"],
    "actor": f"{WORDS['actor']} Ambers",
    "misspelt": "Tarnwhistel Ambers",
    "affiliation": f"{WORDS['affiliation']} council",
    "alias": f"{WORDS['alias']} Ambers",
    "target": f"{WORDS['target']} tolls",
    "near_target": "Glimmerfenn toll",
    "schedule": WORDS["schedule"],
    "topic": WORDS["topic"],
    "import": WORDS["import"],
    "importer": f"Ivo {WORDS['importer']}",
    "both": BOTH,
}
"""What can be asked for, as lines of asks name it."""


@dataclass(frozen=True)
class Side:
    """One of the two: its workspace, and the channel in which it asks and has posted."""

    workspace: Workspace
    channel: Channel


def words_in(text: str, *, asked: str = "") -> list[str]:
    """The planted words in what was shown; who asked for one by name is told of it what he knows himself."""
    shown, known = fold(text), fold(asked)
    return [word for word in WORDS.values() if fold(word) in shown and fold(word) not in known]


def filled_in(line: str) -> str:
    """The line with what it asks for; names of several words stand in quotation marks."""
    quoted = {name: f'"{value}"' if " " in value else value for name, value in NAMES.items()}
    return line.format_map(quoted)


async def plant(
    store: SqlStore, clock: SetClock, platform: Platform, ours: tuple[str, str], theirs: tuple[str, str]
) -> tuple[Side, Side]:
    """Fills the store; each side is a workspace's id on the platform and a channel's there."""
    world = World(store)
    sides = [await _side(store, platform, *each) for each in (ours, theirs)]
    here, there = sides
    await _ours(world, here)
    await _theirs(world, there, clock)
    await _shared(world, here, there)
    await _schedule(store, clock, here, "Alpha morning", cron="0 6 * * *", due=clock.now() + DAY)
    await _schedule(store, clock, there, NAMES["schedule"], cron="0 9 * * *", due=clock.now())
    await plan_due(store, clock, (platform,))
    await send_open(store, clock, {platform: MemoryMessenger(platform)})
    await _schedule(
        store, clock, there, f"{NAMES['schedule']} evening", cron="0 18 * * *", due=clock.now() + DAY
    )
    await _install_notices(store, there)
    await _fail(world, there, clock)
    return here, there


async def _side(store: SqlStore, platform: Platform, external_id: str, channel: str) -> Side:
    async with store.write() as uow:
        workspace = await uow.workspaces.obtain(platform, external_id)
        await uow.commit()
    return Side(workspace, Channel(platform, channel))


async def _ours(world: World, side: Side) -> None:
    feed = await world.follow(side.workspace, "https://alpha.example/feed", outlet=f"{MARK} Post")
    for number in range(7):
        text = f'{MARK} spoke on Tuesday. "The bridge number {number} will open," said {BOTH} of the council.'
        article = await world.publish(
            feed,
            str(number),
            at=clock_at(number),
            text=text,
            title=f"{MARK} bridge {number}",
            outlet=f"{MARK} Post",
            url=f"https://alpha.example/{number}",
        )
        said = a_statement(text, f'"The bridge number {number} will open,"')
        stance = Stance(BOTH, "negotiations now", Position.SUPPORTS, (a_span(text, "will open"),))
        await world.read(article, said, stances=(stance,))
        await world.cluster(Assignment(article.id, with_article=article.id))
    async with world.store.write() as uow:
        await uow.actors.tell(side.workspace.id, BOTH, "Mayor Miller", Relation.SAME, now=NOW)
        await uow.targets.add(side.workspace.id, Target(f"{MARK} ferries", "", ("fund",), ("cut",)), now=NOW)
        await uow.commit()


def clock_at(number: int):
    """When the article of that number was published."""
    return MORNING + number * timedelta(minutes=10)


async def _theirs(world: World, side: Side, clock: SetClock) -> None:
    w, workspace = WORDS, side.workspace
    feed = await world.follow(workspace, NAMES["address"], outlet=NAMES["outlet"], folder=NAMES["folder"])
    async with world.store.write() as uow:
        target = Target(NAMES["target"], w["meaning"], (w["wording"],), (f"{w['wording']} not",))
        await uow.targets.add(workspace.id, target, now=clock.now())
        await uow.actors.tell(workspace.id, NAMES["actor"], NAMES["alias"], Relation.SAME, now=clock.now())
        await uow.feeds.save(replace(feed, title=NAMES["feed"]))
        await uow.commit()
    for number in range(7):
        speaker = (NAMES["actor"], BOTH, NAMES["alias"])[number % 3]
        text = (
            f'{w["text"]} met on Tuesday. "The {w["statement"]} bridge {number} will close," '
            f"said {speaker} of the {NAMES['affiliation']}."
        )
        article = await world.publish(
            feed,
            f"{w['text']}-{number}",
            at=clock_at(number),
            text=text,
            title=f"{w['article']} bridge {number}",
            outlet=NAMES["outlet"],
            url=f"https://{w['feed'].lower()}.example/{number}",
        )
        said = a_statement(
            text,
            f'"The {w["statement"]} bridge {number} will close,"',
            speaker=a_speaker(speaker, NAMES["affiliation"]),
        )
        where = (a_span(text, f"{w['statement']} bridge {number} will close"),)
        stances = (
            Stance(speaker, NAMES["target"], Position.OPPOSES, where, owner=workspace.id),
            Stance(speaker, "negotiations now", Position.OPPOSES, where),
        )
        await world.read(article, said, stances=stances)
        await world.cluster(Assignment(article.id, with_article=article.id))
    text = f'{w["import"]} is a memo. "The {w["import"]} mill will open," said {NAMES["importer"]}.'
    memo = await world.bring(
        workspace,
        f"{w['import']}-1",
        now=NOW - HOUR,
        text=text,
        title=f"{w['import']} memo",
        outlet=f"{w['import']} Desk",
        url="https://alpha.example/to-come",
    )
    await world.read(
        memo, a_statement(text, f'"The {w["import"]} mill will open,"', speaker=NAMES["importer"])
    )
    await world.cluster(Assignment(memo.id, with_article=memo.id))


async def _shared(world: World, here: Side, there: Side) -> None:
    """What touches both: a feed that both follow, a story of either's articles, and copies of one another."""
    feed = await world.follow(here.workspace, "https://agency.example/feed", outlet="Agency")
    async with world.store.write() as uow:
        await uow.feeds.follow(there.workspace.id, feed.url, outlet=NAMES["outlet"], folder=NAMES["folder"])
        await uow.commit()
    text = f'The agency met. "The agency bridge will wait," said {BOTH} of the council.'
    common = await world.publish(
        feed, "a", at=clock_at(8), text=text, title=f"{MARK} agency bridge", outlet="Agency",
        url="https://agency.example/a",
    )  # fmt: skip
    where = (a_span(text, "will wait"),)
    stances = (Stance(BOTH, NAMES["target"], Position.CONDITIONAL, where, owner=there.workspace.id),)
    await world.read(common, a_statement(text, '"The agency bridge will wait,"'), stances=stances)
    async with world.store.read() as uow:
        theirs = (await uow.feeds.followed(there.workspace.id))[0]
        ours = (await uow.feeds.followed(here.workspace.id))[0]
    pair = []
    for feed_, outlet, word in ((theirs, NAMES["outlet"], WORDS["statement"]), (ours, f"{MARK} Post", MARK)):
        text = f'A copy was made. "The {word} copy will stay," said {BOTH} of the council.'
        article = await world.publish(
            feed_,
            f"copy-{word}",
            at=clock_at(9),
            text=text,
            title=f"{WORDS['article'] if feed_ is theirs else MARK} copied",
            outlet=outlet,
            url=f"{feed_.url}/copy",
        )
        pair.append(await world.read(article, a_statement(text, f'"The {word} copy will stay,"')))
    await world.cluster(
        Assignment(pair[0].id, with_article=pair[0].id),
        Assignment(pair[1].id, with_article=pair[0].id, copy_of=pair[0].id),
        Assignment(common.id, with_article=pair[0].id),
    )


async def _schedule(store: SqlStore, clock: SetClock, side: Side, title: str, *, cron: str, due) -> None:
    narrowing = Narrowing(about=NAMES["topic"]) if "evening" in title else Narrowing()
    async with store.write() as uow:
        await uow.subscriptions.add(
            side.workspace.id, side.channel, cron=cron, timezone="UTC", next_due=due, title=title,
            narrowing=narrowing, made_by="U0THEIRS001",
        )  # fmt: skip
        await uow.commit()


async def _install_notices(store: SqlStore, side: Side) -> None:
    async with store.write() as uow:
        await uow.workspaces.send_notices(side.workspace.id, side.channel)
        await uow.commit()


async def _fail(world: World, side: Side, clock: SetClock) -> None:
    """The feed that they alone follow has failed for a day, and that waits to be told."""
    for at in (clock.now() - DAY - HOUR, clock.now()):
        async with world.store.write() as uow:
            feed = (await uow.feeds.followed(side.workspace.id))[0]
            await uow.feeds.save(after_failure(feed, f"It answers 500 {WORDS['trouble']}.", at))
            await uow.commit()
    assert await plan_notices(world.store, clock) == 1


def reader_of_ours() -> MemoryReader:
    """What the first workspace can add: a feed with an entry at the address under which the other one imported a memo."""
    entry = Entry(
        "1",
        title=f"{MARK} opens",
        url="https://alpha.example/to-come",
        content=f'{MARK} opens its library. "All are welcome," said {BOTH} of the council.',
        published=NOW - HOUR,
    )
    return MemoryReader({ADDED: Fetched(f"{MARK} Two", (entry,), Validators(), "1", ADDED)})


def shown_of(values: Iterable[object]) -> str:
    """All words of what was sent, one text; bytes as the text that they are."""
    return "\n".join(_text(value) for value in values)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return "\n".join(f"{_text(key)} {_text(each)}" for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return "\n".join(map(_text, value))
    return str(value)
