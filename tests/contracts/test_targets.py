"""What every store promises of targets: which ones count for whom, and for which article."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news.errors import AlreadyThere, InputError, NotFound
from news.target_names import MOST_TARGETS
from news.targets import BUILT_IN, Target
from tests.builders import MORNING

STRIKE = Target("harbour strike", "Ending the strike.", ("end the strike",), ("walk on",))
GIVEN = tuple(target.name for target in BUILT_IN)


async def add(world, workspace, target=STRIKE, **changes):
    async with world.store.write() as uow:
        added = await uow.targets.add(workspace.id, replace(target, **changes), now=MORNING)
        await uow.commit()
    return added


async def remove(world, workspace, name):
    async with world.store.write() as uow:
        removed = await uow.targets.remove(workspace.id, name)
        await uow.commit()
    return removed


async def names(world, workspace):
    async with world.store.read() as uow:
        return tuple(target.name for target in await uow.targets.of(workspace.id))


async def find(world, workspace, words):
    async with world.store.read() as uow:
        found = await uow.targets.find(workspace.id, words)
    return found and found.name


async def test_a_workspace_has_those_that_are_built_in_and_its_own(world, workspace):
    other = await world.workspace("other")
    added = await add(world, workspace, name="  Harbour \n strike")
    await add(world, workspace, name="Ferry")
    assert added == replace(STRIKE, name="Harbour strike", owner=workspace.id)
    assert await names(world, workspace) == (*GIVEN, "Harbour strike", "Ferry")
    assert await names(world, other) == GIVEN
    async with world.store.read() as uow:
        assert (await uow.targets.of(workspace.id))[-2] == added


async def test_none_is_added_twice(world, workspace):
    await add(world, workspace)
    for name in ("harbour strike", "HARBOUR  Strike"):
        with pytest.raises(AlreadyThere, match="remove it to change it"):
            await add(world, workspace, name=name)
    with pytest.raises(AlreadyThere):
        await add(world, workspace, Target(GIVEN[0]))


async def test_ones_own_stands_in_the_place_of_one_that_is_built_in(world, workspace):
    await add(world, workspace, name=GIVEN[0].upper())
    assert await names(world, workspace) == (*GIVEN[1:], GIVEN[0].upper())
    removed = await remove(world, workspace, GIVEN[0])
    assert removed.owner == workspace.id
    assert await names(world, workspace) == GIVEN


async def test_one_that_is_built_in_is_taken_away_and_brought_back_by_its_name(world, workspace):
    other = await world.workspace("other")
    assert await remove(world, workspace, GIVEN[1].title()) == BUILT_IN[1]
    assert await names(world, workspace) == (GIVEN[0], *GIVEN[2:])
    assert await names(world, other) == GIVEN
    with pytest.raises(NotFound):
        await remove(world, workspace, GIVEN[1])
    assert await add(world, workspace, Target(GIVEN[1].upper())) == BUILT_IN[1]
    assert await names(world, workspace) == GIVEN
    with pytest.raises(AlreadyThere):
        await add(world, workspace, Target(GIVEN[1]))


async def test_an_unknown_one_is_answered_with_the_nearest(world, workspace):
    await add(world, workspace)
    with pytest.raises(NotFound, match="“harbor strike”: did you mean harbour strike"):
        await remove(world, workspace, "harbor strike")
    with pytest.raises(NotFound, match="list the targets"):
        await remove(world, workspace, "x" * 10_000)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": " … "}, "needs a letter"),
        ({"name": "x" * 81}, "at most 80"),
        ({"description": "x" * 401}, "at most 400"),
        ({"supporting": ("x" * 201,)}, "at most 200"),
        ({"supporting": tuple(f"no {n}" for n in range(41))}, "at most 40"),
    ],
)
async def test_what_is_too_long_is_refused(world, workspace, changes, told):
    with pytest.raises(InputError, match=told):
        await add(world, workspace, **changes)
    assert await names(world, workspace) == GIVEN


async def test_a_workspace_has_a_hundred_at_most(world, workspace):
    async with world.store.write() as uow:
        for number in range(MOST_TARGETS):
            await uow.targets.add(workspace.id, replace(STRIKE, name=f"strike {number}"), now=MORNING)
        with pytest.raises(InputError, match="at most 100"):
            await uow.targets.add(workspace.id, STRIKE, now=MORNING)


async def test_words_find_a_target(world, workspace):
    await add(world, workspace, name="alliance dues")
    assert await find(world, workspace, "ALLIANCE dues") == "alliance dues"
    assert await find(world, workspace, "dues") == "alliance dues"
    assert await find(world, workspace, "negot now") == "negotiations now"
    assert await find(world, workspace, "walk on") == "alliance dues"
    assert await find(world, workspace, "nothing of it") is None
    assert await find(world, workspace, " ") is None
    with pytest.raises(InputError, match="“alliance” may mean alliance membership or alliance dues"):
        await find(world, workspace, "alliance")
    with pytest.raises(InputError, match="“talks” may mean ceasefire before talks, negotiations now"):
        await find(world, workspace, "talks")  # less than half of a name, and others are worded by it


async def test_names_are_suggested(world, workspace):
    await add(world, workspace, name="alliance dues")
    async with world.store.read() as uow:
        assert await uow.targets.suggest(workspace.id, "") == (*GIVEN, "alliance dues")
        assert await uow.targets.suggest(workspace.id, "al") == ("alliance membership", "alliance dues")
        assert await uow.targets.suggest(workspace.id, "du") == ("alliance dues",)
        assert await uow.targets.suggest(workspace.id, "x") == ()
        assert await uow.targets.suggest(workspace.id, "", most=2) == GIVEN[:2]


async def read_for(world, *articles):
    async with world.store.read() as uow:
        found = await uow.targets.for_articles([article.id for article in articles])
    return [tuple((t.name, t.owner) for t in found[article.id]) for article in articles]


async def test_an_article_is_read_for_what_counts_where_it_is_seen(world, workspace, feed):
    other = await world.workspace("other")
    theirs = await world.follow(other, "https://tribune.example/feed")
    both = await world.follow(workspace, "https://wire.example/feed")
    async with world.store.write() as uow:
        await uow.feeds.follow(other.id, "https://wire.example/feed")
        await uow.commit()
    articles = [await world.publish(one, str(n)) for n, one in enumerate((feed, theirs, both, both), start=1)]
    given = tuple((name, None) for name in GIVEN)
    assert await read_for(world, *articles) == [given] * 4
    await add(world, workspace)
    await add(world, other, name="ferry")
    await remove(world, workspace, GIVEN[0])
    await remove(world, workspace, GIVEN[2])
    await remove(world, other, GIVEN[2])
    own, ferry = ("harbour strike", workspace.id), ("ferry", other.id)
    assert await read_for(world, *articles[:3]) == [
        (given[1], *given[3:], own),
        (*given[:2], *given[3:], ferry),
        (*given[:2], *given[3:], own, ferry),
    ]
    async with world.store.read() as uow:
        assert await uow.targets.for_articles([]) == {}


async def test_progress_is_the_workspaces_own(world, workspace):
    other = await world.workspace("other")
    await add(world, workspace)
    await add(world, other, name="ferry")
    await remove(world, other, GIVEN[0])
    async with world.store.read() as uow:
        assert await uow.targets.progress(workspace.id) == (("harbour strike", 0, None),)
        assert await uow.targets.progress(other.id) == (("ferry", 0, None),)


async def test_what_waits_takes_turns(world, workspace):
    others = [await world.workspace(name) for name in ("second", "third")]
    async with world.store.read() as uow:
        assert await uow.rereading.next() is None
    for one in (workspace, *others):
        await add(world, one)
    await add(world, others[0], name="ferry")
    order, after = [], None
    for _ in range(4):
        async with world.store.read() as uow:
            waiting = await uow.rereading.next(after=after)
        after = waiting.workspace_id
        order.append((after, tuple(target.name for target in waiting.targets)))
    strike = ("harbour strike",)
    assert order == [
        (workspace.id, strike),
        (others[0].id, (*strike, "ferry")),
        (others[1].id, strike),
        (workspace.id, strike),
    ]


async def test_one_that_was_added_later_meets_the_others_on_the_way(world, workspace, feed):
    articles = [
        await world.read(await world.publish(feed, str(n), at=MORNING - timedelta(days=n))) for n in range(6)
    ]
    hidden = await world.publish(
        await world.follow(await world.workspace("other"), "https://o.example/f"), "x"
    )
    await world.read(hidden)

    async def step(limit=2):
        async with world.store.write() as uow:
            waiting = await uow.rereading.next()
            if waiting is None:
                return None
            await uow.rereading.begin(waiting, await uow.rereading.count_articles(waiting.workspace_id))
            read = await uow.rereading.articles(waiting, limit)
            place = read[-1].place if read else waiting.meets
            await uow.rereading.advance(waiting, place, len(read))
            await uow.commit()
        return [t.name for t in waiting.targets], [articles.index(one.article) for one in read]

    await add(world, workspace)
    assert await step() == (["harbour strike"], [0, 1])
    await add(world, workspace, name="ferry")
    assert await step(3) == (["ferry"], [0, 1])
    assert await step(3) == (["harbour strike", "ferry"], [2, 3, 4])
    async with world.store.read() as uow:
        assert await uow.targets.progress(workspace.id) == (("harbour strike", 5, 6), ("ferry", 5, 6))
    assert await step(3) == (["harbour strike", "ferry"], [5])
    assert await step(3) == (["harbour strike", "ferry"], [])
    assert await step() is None
