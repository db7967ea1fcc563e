"""The index finds what the rows themselves say is an actor's: of made-up news full of names that are alike."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from news.errors import AttacheError
from news.names import Relation, seek
from storage.rows import visible
from storage.search import speaks
from storage.sqlite_driver import look
from storage.tables import StatementRow
from tests.builders import MORNING, a_speaker, a_statement

GIVEN = ["Anna", "Tom", "A.", "Minister", "Maria"]
FAMILY = ["Bell", "Reed", "Kim", "Bell Reed", "al-Bell"]
BODIES = ["Kremlin", "Bell Ministry", "Ministry", "Reed Group", "Bell"]
STATEMENTS, ASKED = 25, 15
LIMITS = {"few": (100, 1_000, 500), "many": (2, 4, 500), "very many": (2, 4, 3), "all too many": (0, 1, 2)}


def a_name(chance):
    share = chance.random()
    if share < 0.3:
        return chance.choice(FAMILY if share < 0.2 else BODIES)
    return " ".join((*chance.sample(GIVEN, chance.choice([1, 1, 2])), chance.choice(FAMILY)))


async def fill(world, workspace, chance):
    """News in a feed that the workspace follows and in one that it does not; and what it was told of names."""
    feeds = [
        await world.follow(workspace),
        await world.follow(await world.workspace("another"), "https://wire.example/feed"),
    ]
    for number in range(STATEMENTS):
        words = f"thing {number}"
        speaker = a_speaker(
            a_name(chance),
            a_name(chance) if chance.random() < 0.4 else None,
            anonymous=chance.random() < 0.15,
            state=chance.choice(BODIES) if chance.random() < 0.2 else None,
        )
        at = MORNING + timedelta(minutes=number)
        article = await world.publish(
            chance.choice([feeds[0], *feeds]), f"{number}", text=words, title="x", at=at
        )
        await world.read(article, a_statement(words, words, speaker=speaker))
    for hour in range(chance.choice([0, 0, 2, 5])):
        async with world.store.write() as uow:
            relation, now = chance.choice(list(Relation)), MORNING + timedelta(hours=hour)
            try:
                await uow.actors.tell(workspace.id, a_name(chance), a_name(chance), relation, now=now)
            except AttacheError:
                continue  # what two random names cannot be told of
            await uow.commit()


async def meant_by_rows(store, workspace, name):
    """What the conditions on rows find, with the surnames of all who speak."""
    async with store.read() as uow:
        changes = await uow.actors.changes(workspace.id)
        seen = visible(workspace.id, StatementRow.article_id)

        def ask(connection):
            sought = seek(changes, name)
            speakers = connection.execute(
                select(StatementRow.speaker_key, StatementRow.anonymous).where(seen)
            )
            full = [key.strip() for key, anonymous in speakers if not anonymous and len(key.split()) > 1]
            sought = sought.among(key for key in full if key.split()[-1] in sought.surnames)
            return connection.scalars(select(StatementRow.content_words).where(speaks(sought), seen)).all()

        return sorted(words.strip() for words in await look(uow.briefs._session, ask))


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("seed", range(2))
async def test_the_index_finds_what_the_rows_say(world, store, workspace, monkeypatch, seed, limits):
    for limit, value in zip(("FEW_ALIKE", "MOST_ALIKE", "MOST_FOUND"), LIMITS[limits], strict=True):
        monkeypatch.setattr(f"storage.namesakes.{limit}", value)
    chance = random.Random(f"{seed} {limits}")
    await fill(world, workspace, chance)
    for name in (a_name(chance) for _ in range(ASKED)):
        assert sorted(await world.said(workspace, actor=name)) == await meant_by_rows(
            store, workspace, name
        ), name
