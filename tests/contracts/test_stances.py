"""What every store promises of stances: who sees them, whom a name finds, and what changes them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from news.arrivals import Arrival
from news.errors import InputError
from news.names import Relation
from news.queries import StanceQuery, StoryQuery
from news.stances import Position, Stance
from news.stories import Assignment
from news.targets import Target
from tests.builders import MORNING, a_draft, a_span, a_statement

TEXT = "Osmara spoke on Monday. The Citadel sees no grounds for talks now, its spokesman said. It rained."
WORDS = "sees no grounds for talks"
TALKS, TRUCE = "negotiations now", "ceasefire before talks"
AGAINST, FOR, IF = Position.OPPOSES, Position.SUPPORTS, Position.CONDITIONAL
DAY = timedelta(days=1)


def a_stance(actor="Citadel", position=AGAINST, target=TALKS, **more):
    return Stance(actor, target, position, (a_span(TEXT, WORDS),), **more)


class Ledger:
    """Articles of outlets, each with stances."""

    def __init__(self, world, workspace):
        self.world, self.workspace = world, workspace
        self.feeds, self.count = {}, 0

    async def tell(self, outlet, day, *stances, workspace=None):
        """An article of that day; days before the first one are negative."""
        workspace, name = workspace or self.workspace, outlet.lower()
        if (outlet, workspace.id) not in self.feeds:
            self.feeds[outlet, workspace.id] = await self.world.follow(
                workspace, f"https://{name}.example/feed/{workspace.id}"
            )
        self.count += 1
        article = await self.world.publish(
            self.feeds[outlet, workspace.id],
            str(self.count),
            at=MORNING + day * DAY,
            text=TEXT,
            outlet=outlet,
            title=f"{outlet} {day}",
            url=f"https://{name}.example/{self.count}",
        )
        return await self.world.read(article, stances=stances)

    async def page(self, actor=None, target=None, workspace=None, **more):
        async with self.world.store.read() as uow:
            query = StanceQuery(actor, target, **more)
            return await uow.stances.standings((workspace or self.workspace).id, query)

    async def told(self, actor=None, target=None, **more):
        return [shown(one) for one in (await self.page(actor, target, **more)).standings]

    async def changed(self, since, until, **more):
        async with self.world.store.read() as uow:
            found = await uow.stances.changes(
                self.workspace.id, MORNING + since * DAY, MORNING + until * DAY, **more
            )
        return [shown(one) for one in found]


def shown(standing):
    """`Citadel, negotiations now: opposes 0 (2/2)`; days are counted from the first morning on."""
    turns = [f"{t.position} {(t.since - MORNING) / DAY:g} ({t.articles}/{t.outlets})" for t in standing.turns]
    other = [f"/ {one.outlet} {one.stance.position}" for one in standing.otherwise]
    return f"{standing.actor}, {standing.target}: " + " ".join(
        (*turns, *other, *("!" for _ in range(standing.contested)))
    )


@pytest.fixture
def ledger(world, workspace):
    return Ledger(world, workspace)


async def test_a_position_with_its_evidence(ledger):
    said = a_stance(voice="Lev Tarokhin", state="Kardovia", confidence=0.9)
    article = await ledger.tell("Herald", 0, said)
    page = await ledger.page("Citadel", "negotiations")
    (standing,) = page.standings
    (turn,) = standing.turns
    evidence = turn.first
    assert (page.total, page.more) == (1, False)
    assert (standing.actor, standing.target, standing.present, standing.before) == (
        "Citadel",
        TALKS,
        turn,
        None,
    )
    assert (turn.position, turn.since, turn.until, turn.latest) == (AGAINST, MORNING, None, evidence)
    assert (turn.articles, turn.outlets) == (1, 1)
    assert evidence.stance == said
    assert (evidence.words, evidence.sentence_words) == (
        WORDS,
        "The Citadel sees no grounds for talks now, its spokesman said.",
    )
    assert (evidence.article_id, evidence.article_key, evidence.version) == (article.id, article.key, 1)
    assert (evidence.headline, evidence.outlet, evidence.url, evidence.when, evidence.dated) == (
        "Herald 0",
        "Herald",
        "https://herald.example/1",
        MORNING,
        True,
    )


async def test_turns_of_several_outlets(ledger):
    for outlet, day, position in (
        ("Herald", 0, AGAINST),
        ("Tribune", 1, AGAINST),
        ("Wire", 8, FOR),
        ("Herald", 20, IF),
        ("Wire", 21, IF),
        ("Tribune", 30, AGAINST),
    ):
        await ledger.tell(outlet, day, a_stance(position=position))
    expected = [f"Citadel, {TALKS}: opposes 0 (2/2) conditional 20 (2/2) / Tribune opposes"]
    assert await ledger.told("Citadel") == expected
    assert await ledger.told("Citadel", since=MORNING + 25 * DAY) == [
        f"Citadel, {TALKS}: conditional 20 (2/2) / Tribune opposes"
    ]
    assert await ledger.told("Citadel", until=MORNING + 20 * DAY) == [
        f"Citadel, {TALKS}: opposes 0 (2/2) / Wire supports"
    ]


async def test_copies_are_one_report(ledger, world):
    await ledger.tell("Herald", 0, a_stance())
    first = await ledger.tell("Wire", 5, a_stance(position=FOR))
    copy = await ledger.tell("Tribune", 5.1, a_stance(position=FOR))
    changed = f"Citadel, {TALKS}: opposes 0 (1/1) supports 5 (2/2)"
    assert await ledger.told("Citadel") == [changed]
    await world.cluster(
        Assignment(first.id, with_article=first.id),
        Assignment(copy.id, with_article=first.id, copy_of=first.id),
    )
    assert await ledger.told("Citadel") == [f"Citadel, {TALKS}: opposes 0 (1/1) / Wire supports"]


async def test_a_workspace_sees_what_it_follows(ledger, world):
    other = await world.workspace("other")
    await ledger.tell("Herald", 0, a_stance())
    await ledger.tell("Tribune", 1, a_stance(position=FOR), workspace=other)
    await ledger.tell("Wire", 2, a_stance(position=FOR), workspace=other)
    assert await ledger.told("Citadel") == [f"Citadel, {TALKS}: opposes 0 (1/1)"]
    assert await ledger.told("Citadel", workspace=other) == [f"Citadel, {TALKS}: supports 1 (2/2)"]
    third = await world.workspace("third")
    assert await ledger.told("Citadel", workspace=third) == []


async def test_a_state_is_found_with_all_who_speak_for_it(ledger):
    await ledger.tell("Herald", 0, a_stance(state="Kardovia"))
    await ledger.tell("Wire", 1, a_stance("Irena Dolskaya", state="Kardovia"))
    await ledger.tell("Tribune", 2, a_stance("Kardovia", FOR, TRUCE, state="Kardovia"))
    await ledger.tell("Wire", 3, a_stance("Talvenia", FOR, state="Talvenia"))
    whole = f"Kardovia, {TALKS}: opposes 0 (2/2)"
    assert await ledger.told("Kardovia") == [f"Kardovia, {TRUCE}: supports 2 (1/1)", whole]
    assert await ledger.told(target=TALKS) == [f"Talvenia, {TALKS}: supports 3 (1/1)", whole]
    assert await ledger.told("Dolskaya") == [f"Irena Dolskaya, {TALKS}: opposes 1 (1/1)"]
    assert await ledger.told("the Citadel") == [f"Citadel, {TALKS}: opposes 0 (1/1)"]


async def test_names_are_those_of_the_workspace(ledger, world, workspace):
    await ledger.tell("Herald", 0, a_stance("Maira Kelvasen"))
    await ledger.tell("Wire", 1, a_stance("Maira Kelvassen"))
    await ledger.tell("Wire", 2, a_stance("M. Kelvasen"))
    await ledger.tell("Tribune", 3, a_stance("Tom Kelvasen", FOR))
    alone = [
        f"Tom Kelvasen, {TALKS}: supports 3 (1/1)",
        f"M. Kelvasen, {TALKS}: opposes 2 (1/1)",
        f"Maira Kelvassen, {TALKS}: opposes 0 (2/2)",
    ]
    assert await ledger.told("Kelvasen") == alone
    assert await ledger.told(target=TALKS) == alone
    async with world.store.write() as uow:
        await uow.actors.tell(workspace.id, "Maira Kelvasen", "M. Kelvasen", Relation.SAME, now=MORNING)
        await uow.commit()
    together = f"Maira Kelvasen, {TALKS}: opposes 0 (3/2)"
    assert await ledger.told("Maira Kelvasen") == [together]
    assert await ledger.told(target=TALKS) == [alone[0], together]
    assert await ledger.told("Nobody") == []


async def test_pages_are_cut_by_the_newest_articles(ledger):
    for day, actor in enumerate(("Ash", "Birch", "Cedar", "Durmast", "Elm")):
        await ledger.tell("Herald", day, a_stance(actor))
    page = await ledger.page(target=TALKS, offset=1, limit=2)
    assert [one.actor for one in page.standings] == ["Durmast", "Cedar"]
    assert (page.total, page.more) == (5, True)
    assert (await ledger.page(target=TALKS, offset=3, limit=2)).more is False


@pytest.mark.parametrize(
    ("actor", "target"), [(None, None), (" ", ""), ("Citadel", "weather"), (None, "weather"), ("", " ")]
)
async def test_nothing_is_found_for_nothing(ledger, actor, target):
    await ledger.tell("Herald", 0, a_stance())
    page = await ledger.page(actor, target)
    assert (page.standings, page.total) == ((), 0)


async def test_a_name_is_shown_as_articles_spell_it_and_as_full_as_it_is_known(ledger):
    await ledger.tell("Herald", 0, a_stance("Bram Hollis"))
    await ledger.tell("Herald", 1, a_stance("Marlow"))
    for asked, shown in (
        ("Bram Holis", "Bram Hollis"),
        ("HOLLIS", "Bram Hollis"),
        ("Edda Marlow", "Edda Marlow"),
    ):
        assert [one.actor for one in (await ledger.page(asked)).standings] == [shown]


async def test_a_target_that_may_be_several_is_told(ledger):
    with pytest.raises(InputError, match="may mean"):
        await ledger.page(target="m")


async def own(world, workspace, name):
    async with world.store.write() as uow:
        added = await uow.targets.add(workspace.id, Target(name, "So."), now=MORNING)
        await uow.commit()
    return added


async def test_ones_own_targets_are_nobody_elses(ledger, world, workspace):
    other = await world.workspace("other")
    await own(world, workspace, "ferry")
    await own(world, other, "ferry")
    await ledger.tell("Herald", 0, a_stance(target="ferry", owner=workspace.id), a_stance())
    async with world.store.write() as uow:
        await uow.feeds.follow(other.id, "https://herald.example/feed/1")
        await uow.commit()
    assert await ledger.told("Citadel") == [
        "Citadel, ferry: opposes 0 (1/1)",
        f"Citadel, {TALKS}: opposes 0 (1/1)",
    ]
    assert await ledger.told("Citadel", workspace=other) == [f"Citadel, {TALKS}: opposes 0 (1/1)"]
    async with world.store.write() as uow:
        await uow.targets.remove(workspace.id, "ferry")
        await uow.targets.remove(workspace.id, TALKS)
        await uow.commit()
    assert await ledger.told("Citadel") == []
    await own(world, workspace, "ferry")
    assert await ledger.told("Citadel") == []


async def test_stories_have_no_stances_on_other_workspaces_targets(ledger, world, workspace):
    other = await world.workspace("other")
    for one in (workspace, other):
        await own(world, one, "ferry")
    article = await ledger.tell(
        "Herald",
        0,
        *(a_stance(target="ferry", owner=one.id) for one in (workspace, other)),
    )
    await world.together(article)
    async with world.store.read() as uow:
        (story,) = await uow.stories.find(workspace.id, StoryQuery())
    assert [stance.owner for stance in story.readings[0].brief.stances] == [workspace.id]


LENGTH = len(TEXT)


async def replace(world, article, targets, *stances, version=1, length=LENGTH):
    async with world.store.write() as uow:
        done = await uow.stances.replace(article.id, version, targets, stances, length=length)
        await uow.commit()
    return done


async def test_positions_found_later_stand_beside_the_others(ledger, world, workspace):
    ferry = await own(world, workspace, "ferry")
    article = await ledger.tell("Herald", 0, a_stance())
    stance = a_stance("Edda Marlow", target="ferry", owner=workspace.id)
    assert await replace(world, article, [ferry], stance, a_stance(position=FOR))
    assert await ledger.told("Marlow") == ["Edda Marlow, ferry: opposes 0 (1/1)"]
    assert await ledger.told("Citadel") == [f"Citadel, {TALKS}: opposes 0 (1/1)"]
    assert await replace(world, article, [ferry], a_stance("Osmara", target="ferry", owner=workspace.id))
    assert await ledger.told(target="ferry") == ["Osmara, ferry: opposes 0 (1/1)"]
    assert await replace(world, article, [ferry])
    assert await ledger.told(target="ferry") == []
    assert await ledger.told("Citadel") == [f"Citadel, {TALKS}: opposes 0 (1/1)"]


async def test_positions_of_another_version_are_refused(ledger, world, workspace):
    ferry = await own(world, workspace, "ferry")
    article = await ledger.tell("Herald", 0, a_stance())
    stance = a_stance(target="ferry", owner=workspace.id)
    for changes in ({"version": 2}, {"length": 5}):
        assert not await replace(world, article, [ferry], stance, **changes)
    async with world.store.write() as uow:
        await uow.targets.remove(workspace.id, "ferry")
        await uow.commit()
    assert await replace(world, article, [ferry], stance)  # the target is gone, and so is what was found
    await own(world, workspace, "ferry")
    assert await ledger.told(target="ferry") == []


async def test_a_brief_has_no_positions_on_targets_that_are_gone(ledger, world, workspace):
    await own(world, workspace, "ferry")
    async with world.store.write() as uow:
        await uow.targets.remove(workspace.id, "ferry")
        await uow.commit()
    await ledger.tell("Herald", 0, a_stance(target="ferry", owner=workspace.id))
    await own(world, workspace, "ferry")
    assert await ledger.told(target="ferry") == []


async def test_an_edit_replaces_positions(ledger, world, workspace):
    article = await ledger.tell("Herald", 0, a_stance())
    async with world.store.write() as uow:
        feed = ledger.feeds["Herald", workspace.id]
        draft = a_draft(f"{TEXT} It stopped.", outlet="Herald", url=article.url)
        await uow.articles.save_all(feed.id, [Arrival("1", draft, "g")], now=MORNING + DAY)
        (edited,) = await uow.articles.unread()
        await uow.commit()
    await world.read(edited, a_statement(edited.text, WORDS), stances=(a_stance(position=FOR),))
    (standing,) = (await ledger.page("Citadel")).standings
    assert shown(standing) == f"Citadel, {TALKS}: supports 0 (1/1)"
    assert standing.present.first.version == 2


async def test_changes_of_a_time(ledger):
    both = await ledger.tell("Herald", 0, a_stance(), a_stance("Osmara", FOR))
    one = await ledger.tell("Tribune", 1, a_stance())
    await ledger.tell("Wire", 10, a_stance(position=IF))
    first = f"Citadel, {TALKS}: opposes 0 (2/2)"
    changed = f"Citadel, {TALKS}: opposes 0 (2/2) conditional 10 (2/2)"
    assert await ledger.changed(0, 5) == []
    assert await ledger.changed(0, 5, first=[both.id]) == [first, f"Osmara, {TALKS}: supports 0 (1/1)"]
    assert await ledger.changed(0, 5, first=[one.id]) == [first]
    assert await ledger.changed(2, 11) == []
    await ledger.tell("Herald", 12, a_stance(position=IF))
    assert await ledger.changed(11, 13) == [changed]  # known by what arrived then, dated by the first report
    assert await ledger.changed(13, 20) == []
    await ledger.tell("Tribune", 14, a_stance(position=IF))
    assert await ledger.changed(13, 20) == []


async def test_a_turn_is_told_also_of_whom_nothing_was_known_before(ledger):
    for outlet in ("Herald", "Tribune"):
        await ledger.tell(outlet, 0, a_stance(), a_stance("Osmara"))
    for outlet in ("Herald", "Tribune"):
        await ledger.tell(outlet, 10, a_stance(position=FOR))
    await ledger.tell("Wire", 10, a_stance("Osmara", FOR))  # too little for a turn
    assert await ledger.changed(0, 11) == [f"Citadel, {TALKS}: opposes 0 (2/2) supports 10 (2/2)"]


async def test_what_is_brought_late_changes_nothing_now(ledger, world, workspace):
    await ledger.tell("Herald", 20, a_stance())
    await ledger.tell("Tribune", 20, a_stance())
    feed = ledger.feeds["Herald", workspace.id]
    late = await world.publish(
        feed, "late", at=MORNING + 25 * DAY, text=TEXT, outlet="Herald", published=MORNING
    )
    await world.read(late, stances=(a_stance(position=FOR),))
    assert await ledger.changed(24, 30) == []


async def test_contradictions_are_told_once(ledger):
    for day, position in ((0, AGAINST), (10, AGAINST), (11, FOR)):
        for outlet in ("Herald", "Tribune"):
            await ledger.tell(outlet, day, a_stance(position=position))
    await ledger.tell("Wire", 11, a_stance())
    assert (await ledger.changed(10.5, 12))[0].endswith("!")
    await ledger.tell("Wire", 12, a_stance())
    assert await ledger.changed(11.5, 13) == []


async def test_the_latest_of_an_actor(ledger, workspace, world):
    await ledger.tell("Herald", 0, a_stance())
    await ledger.tell("Herald", 1, a_stance(target=TRUCE))
    async with world.store.read() as uow:
        found = await uow.stances.latest(workspace.id, "Citadel", 1)
    assert [shown(one) for one in found] == [f"Citadel, {TRUCE}: opposes 1 (1/1)"]
