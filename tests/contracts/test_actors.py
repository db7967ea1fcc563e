"""What a workspace is told of names: kept, taken back without loss, and heeded by every look-up."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from news.errors import AlreadyThere, InputError, NotFound
from news.names import MOST_NAMES, Relation
from news.profiles import Counted
from tests.builders import MORNING, a_speaker, a_statement

HOUR = timedelta(hours=1)


class Teller:
    """Tells a workspace of names, each time an hour later."""

    def __init__(self, store, workspace):
        self.store, self.workspace, self.now = store, workspace, MORNING

    async def __call__(self, line):
        """`Anna Bell = Nan`, `Anna Bell ≠ Bell`, `Anna Bell - Nan` (split, if it is a name) or `undo`."""
        self.now += HOUR
        async with self.store.write() as uow:
            done = await self._tell(uow.actors, line)
            await uow.commit()
        return done

    async def _tell(self, actors, line):
        if line == "undo":
            return await actors.undo(self.workspace.id, now=self.now)
        for joint, relation in ((" = ", Relation.SAME), (" ≠ ", Relation.APART)):
            if joint in line:
                return await actors.tell(self.workspace.id, *line.split(joint), relation, now=self.now)
        return await actors.take_away(self.workspace.id, *line.split(" - "), now=self.now)

    async def standing(self):
        async with self.store.read() as uow:
            changes = await uow.actors.changes(self.workspace.id)
        return [f"{c.actor} {'=' if c.relation is Relation.SAME else '≠'} {c.name}" for c in changes]


@pytest.fixture
def tell(store, workspace):
    return Teller(store, workspace)


async def say(world, feed, words, speaker, hour=0, **draft):
    at = MORNING + hour * HOUR
    article = await world.publish(feed, words, at=at, text=words, **{"title": words, **draft})
    return await world.read(article, a_statement(words, words, speaker=speaker))


async def test_a_change_comes_back_as_it_was_told(store, workspace, tell):
    made = await tell("Anna Bell = Nan \0Corry")
    assert (made.actor, made.name, made.relation) == ("Anna Bell", "Nan \ufffdCorry", Relation.SAME)
    assert made.made == MORNING + HOUR
    async with store.read() as uow:
        assert await uow.actors.changes(workspace.id) == (made,)


@pytest.mark.parametrize(
    ("lines", "standing"),
    [
        (["Anna = Nan", "Anna ≠ Bo"], ["Anna = Nan", "Anna ≠ Bo"]),
        # a later change of the same pair takes the place of the earlier
        (["Anna = Nan", "Nan = Anna"], ["Nan = Anna"]),
        (["Anna ≠ Nan", "Anna = Nan"], ["Anna = Nan"]),
        (["Anna ≠ Nan", "nán = ANNA"], ["nán = ANNA"]),
        # undoing goes back step by step, and what was replaced stands again
        (["Anna = Nan", "undo"], []),
        (["Anna = Nan", "Anna = Bo", "undo"], ["Anna = Nan"]),
        (["Anna = Nan", "Anna ≠ Nan", "undo"], ["Anna = Nan"]),
        (["Anna = Nan", "Nan = Anna", "Anna ≠ Nan", "undo", "undo"], ["Anna = Nan"]),
        (["Anna = Nan", "Nan = Anna", "undo", "undo"], []),
        # a split takes away what joins the names, and undoing brings it back
        (["Anna = Nan", "Anna - Nan"], []),
        (["Anna = Nan", "Nan - Anna"], []),
        (["Anna = Nan", "Anna - Bo"], ["Anna = Nan"]),
        (["Anna = Nan", "Nan = Nanny", "Anna - Nanny"], ["Anna = Nan"]),
        (["Anna = Nan", "Anna - Nan", "undo"], ["Anna = Nan"]),
        (["Anna = Nan", "Bo = Nan", "Anna = Bo", "Anna - Nan", "undo"], ["Anna = Nan", "Bo = Nan", "Anna = Bo"]),
        (["Anna = Nan", "Anna - Nan", "Cy = Di", "undo", "undo"], ["Anna = Nan"]),
        (["Anna = Nan", "Anna - Nan", "Anna = Nan", "undo"], []),
        (["Anna = Nan", "Anna - Nan", "Anna = Nan", "undo", "undo", "undo"], []),
    ],
)  # fmt: skip
async def test_changes_replace_each_other_and_are_undone_without_loss(tell, lines, standing):
    for line in lines:
        await tell(line)
    assert await tell.standing() == standing


async def test_undoing_says_what_it_did(tell):
    first = await tell("Anna = Nan")
    second = await tell("Anna ≠ Nan")
    undone = await tell("undo")
    assert (undone.taken_back, undone.restored) == ((second,), (first,))
    assert await tell("Anna - Nan") == (first,)
    undone = await tell("undo")
    assert (undone.taken_back, undone.restored) == ((), (first,))
    await tell("undo")
    with pytest.raises(NotFound, match="nothing to undo"):
        await tell("undo")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("Anna = Nan", AlreadyThere),
        ("the anna = NAN", AlreadyThere),
        ("Zelensky = Zelenskyy", InputError),
        ("Zelensky ≠ Zelenskiy’s", InputError),
        ("Anna =  ", InputError),
        ("?! = Anna", InputError),
        ("Anna ≠ %", InputError),
        (f"Anna = {'x' * 10_000}", InputError),
        (f"{'x ' * 60} ≠ Anna", InputError),
    ],
)
async def test_what_cannot_be_meant_is_refused_and_changes_nothing(tell, line, error):
    await tell("Anna = Nan")
    with pytest.raises(error):
        await tell(line)
    assert await tell.standing() == ["Anna = Nan"]


async def test_a_name_of_a_hundred_strange_letters_is_kept(tell):
    name = "ﷺ" * 100  # each becomes eighteen letters when it is compared
    await tell(f"Anna = {name}")
    assert await tell.standing() == [f"Anna = {name}"]
    with pytest.raises(AlreadyThere):
        await tell(f"Anna = {name}")


async def test_an_actor_has_only_so_many_names(tell):
    for number in range(1, MOST_NAMES):
        await tell(f"Anna = Nan {number:02}")
    with pytest.raises(InputError, match="at most"):
        await tell("Nan 01 = one more")
    await tell("Bo = Cy")
    with pytest.raises(InputError, match="at most"):
        await tell("Bo = Anna")
    await tell("Anna ≠ Bo")


async def test_an_actor_with_all_the_names_and_all_the_words_there_can_be_is_looked_up(
    world, workspace, feed, tell
):
    words = [f"{a}{b}" for a in "abcdefghijklmnopqrstuvxz" for b in "oiu"]
    for number in range(1, MOST_NAMES):
        await tell(f"Anna Bell = {' '.join(words[number % 9 : number % 9 + 30])} z{number:02}")
    for number in range(MOST_NAMES):
        await tell(f"Anna Bell ≠ Anna Bell {' '.join(words[number % 9 : number % 9 + 26])} y{number:02}")
    with pytest.raises(InputError, match="set apart"):
        await tell("Anna Bell ≠ Tom Bell")
    article = await say(world, feed, "hers", "Anna Bell", title="Anna Bell speaks")
    await world.together(article)
    assert await world.said(workspace, actor="Anna Bell") == ["hers"]
    assert await world.said(workspace, actor="Anna") == ["hers"]
    assert await world.stories(workspace, actor="Anna Bell") == [["Anna Bell speaks"]]


async def test_of_those_who_tell_the_same_at_once_one_is_heard(store, workspace):
    tellers = [Teller(store, workspace) for _ in range(6)]
    told = await asyncio.gather(*(t("Anna = Nan") for t in tellers), return_exceptions=True)
    assert sum(isinstance(one, AlreadyThere) for one in told) == 5
    assert await tellers[0].standing() == ["Anna = Nan"]


async def test_a_workspace_is_told_for_itself(world, store, workspace, feed, tell):
    other = await world.workspace("other")
    await world.follow(other, feed.url)
    await say(world, feed, "hers", "Nan Corry")
    await tell("Anna Bell = Nan Corry")
    assert await world.said(workspace, actor="Anna Bell") == ["hers"]
    assert await world.said(other, actor="Anna Bell") == []
    assert await Teller(store, other).standing() == []
    with pytest.raises(NotFound):
        await Teller(store, other)("undo")


SPEAKERS = {
    "full": a_speaker("Anna Bell", "Harbour League"),
    "married": a_speaker("Anna Corry"),
    "nick": a_speaker("Nan"),
    "short": a_speaker("Bell"),
    "tom": a_speaker("Tom Bell"),
    "league": a_speaker("Pat Lee", "Harbour League"),
    "union": a_speaker("Sam Reed", "Dockers’ Union"),
    "official": a_speaker("a senior Bell official", anonymous=True),
}
BELLS = {"full", "short", "tom", "official"}


@pytest.mark.parametrize(
    ("told", "asked", "found"),
    [
        ([], "Bell", BELLS),
        ([], "Anna Bell", {"full"}),  # Bell alone may be Tom
        (["Anna Bell = Nan"], "Anna Bell", {"full", "nick"}),
        (["Anna Bell = Nan"], "Nan", {"full", "nick"}),
        (["Nan = Anna Bell"], "anna bell", {"full", "nick"}),
        (["Anna Bell = Nan"], "Bell", BELLS | {"nick"}),  # a part of the name, as before, and hers
        (["Anna Bell = Nan", "undo"], "Anna Bell", {"full"}),
        (["Anna Bell = Nan", "Nan = Anna Corry"], "Anna Corry", {"full", "nick", "married"}),
        # a short form that was told is hers; other Bells are not
        (["Anna Bell = Bell"], "Anna Bell", {"full", "short"}),
        (["Anna Bell = Bell"], "Bell", {"full", "short"}),
        # a body under two names, with those who speak for it
        (["Harbour League = Dockers’ Union"], "Harbour League", {"full", "league", "union"}),
        (["Harbour League = Dockers’ Union"], "Union", {"full", "league", "union"}),
        # set apart
        (["Bell ≠ Tom Bell"], "Bell", BELLS - {"tom"}),
        (["Bell ≠ Tom Bell"], "Tom Bell", {"tom"}),
        (["Anna Bell ≠ Bell"], "Bell", BELLS),
        (["Harbour League ≠ Anna Bell"], "Harbour League", {"league"}),
        (["Harbour League ≠ Anna Bell"], "Anna Bell", {"full"}),
        (["Anna Bell = Nan", "Nan ≠ Anna Bell"], "Anna Bell", {"full"}),
        (["Anna Bell = Nan", "Nan = Anna Corry", "Anna Bell ≠ Anna Corry"], "Anna Bell", {"full", "nick"}),
    ],
)  # fmt: skip
async def test_statements_are_found_by_all_names_of_their_actor(
    world, workspace, feed, tell, told, asked, found
):
    for words, speaker in SPEAKERS.items():
        await say(world, feed, words, speaker)
    for line in told:
        await tell(line)
    assert set(await world.said(workspace, actor=asked)) == found


@pytest.mark.parametrize(
    ("others", "asked", "found"),
    [
        ([], "Anna Bell", True),
        (["Anna Bell"], "Anna Bell", True),
        (["A. Bell", "Anna Maria Bell"], "Anna Bell", True),
        (["Tom Bell"], "Anna Bell", False),
        (["Tom Bell", "Anna Bell"], "Tom Bell", False),
        (["Bell Tomson"], "Anna Bell", True),
        (["Tom Bell"], "Bell", True),
        (["Tom Bell"], "Minister Bell", True),
        (["T" + "o" * 5_000 + "m Bell"], "Anna Bell", False),
    ],
)
async def test_a_surname_alone_is_the_asked_ones_unless_another_one_speaks(
    world, workspace, feed, others, asked, found
):
    await say(world, feed, "who?", "Bell")
    for number, other in enumerate(others):
        await say(world, feed, f"other {number}", other)
    assert ("who?" in await world.said(workspace, actor=asked)) is found


async def test_who_speaks_elsewhere_or_keeps_the_name_back_is_no_other(world, workspace, feed):
    other = await world.workspace("other")
    theirs = await world.follow(other, "https://other.example/feed")
    await say(world, feed, "who?", "Bell")
    await say(world, theirs, "elsewhere", "Tom Bell")
    await say(world, feed, "nameless", a_speaker("friend of Bell", anonymous=True))
    assert await world.said(workspace, actor="Anna Bell") == ["who?"]
    await world.follow(workspace, theirs.url)
    assert await world.said(workspace, actor="Anna Bell") == []


async def test_a_surname_of_ten_thousand_letters_is_kept_and_found(world, workspace, feed):
    await say(world, feed, "long", "Anna " + "b" * 10_000)
    assert await world.said(workspace, actor="Anna") == ["long"]


async def test_stories_are_found_by_all_names_of_an_actor(world, workspace, feed, tell):
    for words, speaker in (("Talks begin", "Nan"), ("Tom Bell resigns", None), ("Corry wins", None)):
        await world.together(await say(world, feed, words, speaker))
    assert await world.stories(workspace, actor="Anna Bell") == []
    await tell("Anna Bell = Nan")
    await tell("Anna Bell = Corry")
    found = await world.stories(workspace, actor="Anna Bell")
    assert sorted(found) == [["Corry wins"], ["Talks begin"]]
    assert sorted(await world.stories(workspace, actor="Bell")) == sorted([*found, ["Tom Bell resigns"]])
    await tell("Bell ≠ Tom Bell")
    assert await world.stories(workspace, actor="Bell") == []


async def profile(store, workspace, asked):
    async with store.read() as uow:
        return await uow.actors.profile(workspace.id, asked)


async def test_a_profile_counts_names_and_tells_for_whom_and_from_when(world, store, workspace, feed, tell):
    await say(world, feed, "a", a_speaker("Anna Bell", "the Council"), hour=1)
    await say(world, feed, "b", a_speaker("Anna Bell", "Harbour League"), hour=3)
    await say(world, feed, "c", a_speaker("Nan", "Council"), hour=5)
    await say(world, feed, "d", a_speaker("Pat Lee", "Anna Bell"), hour=4)
    await say(world, feed, "e", "Tom Reed", hour=9)
    await tell("Anna Bell = Nan")
    found = await profile(store, workspace, "Nan")
    assert (found.asked, found.names.main, found.names.names) == ("Nan", "Anna Bell", ("Anna Bell", "Nan"))
    assert found.written == (Counted("Anna Bell", 2), Counted("Nan", 1))
    assert found.speaks_for == ("Council", "Harbour League")
    assert found.spoken_for_by == (Counted("Pat Lee", 1),)
    assert (found.total, found.first, found.last) == (4, MORNING + HOUR, MORNING + 5 * HOUR)


async def test_a_profile_of_articles_without_a_date_has_none(world, store, workspace, feed):
    await say(world, feed, "a", "Anna Bell", published=None)
    found = await profile(store, workspace, "Bell")
    assert (found.total, found.first, found.last) == (1, None, None)


@pytest.mark.parametrize("asked", ["Nobody", "%", "", "\0", "x" * 10_000, "w " * 5_000])
async def test_a_profile_of_nobody_is_empty(world, store, workspace, feed, asked):
    await say(world, feed, "a", "Anna Bell")
    found = await profile(store, workspace, asked)
    assert (found.total, found.written, found.speaks_for, found.first) == (0, (), (), None)


@pytest.mark.parametrize(
    ("name", "borne"), [("Bell", True), ("Council", True), ("Reed", False), ("", False), ("?", False)]
)
async def test_a_name_is_borne_by_who_speaks_under_it_or_for_it(world, store, workspace, feed, name, borne):
    await say(world, feed, "a", a_speaker("Anna Bell", "the Council"))
    other = await world.workspace("other")
    async with store.read() as uow:
        assert await uow.actors.is_borne(workspace.id, name) is borne
        assert not await uow.actors.is_borne(other.id, name)
