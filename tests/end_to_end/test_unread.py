"""`attache articles`: what could not be read is listed with its reason, and read again."""

from __future__ import annotations

import json

import pytest

from bot.jobs.reading import DIED, give_up
from news.channels import Platform
from storage.engine import open_store
from tests.builders import a_draft
from tests.fakes import NOON, SetClock


@pytest.fixture
async def given_up(attache):
    """The command, on a store with two articles that were given up."""
    async with open_store(attache.url) as store:
        async with store.write() as uow:
            workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
            made = [
                await uow.articles.import_(
                    workspace.id, key, a_draft(title=f"Dam {key}", outlet="Echo"), now=NOON
                )
                for key in ("a", "b")
            ]
            await uow.commit()
        for article in made:
            await give_up(store, SetClock(), article, DIED)
    return attache


async def test_each_is_listed_with_its_reason(given_up):
    told = (await given_up.aside("articles", "unread")).stdout
    assert "2 articles could not be read" in told
    assert all(words in told for words in ("Dam a", "Dam b", "Echo", DIED))
    rows = [
        json.loads(line)
        for line in (await given_up.aside("articles", "unread", "--json")).stdout.splitlines()
    ]
    assert {row["id"]: row["reason"] for row in rows} == {"a": DIED, "b": DIED}
    assert set(rows[0]) == {"id", "title", "outlet", "time", "reason"}


async def test_the_doctor_tells_how_to_mend_it(given_up):
    told = (await given_up.aside("doctor")).stdout
    assert "2 articles could not be read: `attache articles unread` says why" in told


async def test_those_that_are_named_are_read_again_and_others_are_not(given_up):
    done = await given_up.aside("articles", "retry", "a", "nothing")
    assert done.returncode == 1
    assert "nothing is no article that could not be read" in done.stderr
    assert done.stdout == "1 read\n"
    assert [
        json.loads(line)["id"]
        for line in (await given_up.aside("articles", "unread", "--json")).stdout.splitlines()
    ] == ["b"]
    assert (await given_up.aside("articles", "retry")).stdout == "1 read\n"
    assert (await given_up.aside("articles", "unread")).stdout == "Every article could be read\n"
