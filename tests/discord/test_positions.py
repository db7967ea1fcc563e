"""`/stance` and `/targets` on Discord with the real desk and a real store behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk import FrontDesk
from bot.settings import Settings
from bot.understanding import make_understanding
from news.channels import Channel, Platform
from news.stances import Position, Stance
from storage.engine import open_store
from tests.backends import current_file
from tests.builders import MORNING, a_brief, a_draft, a_span
from tests.fakes import MemoryReader, SetClock

TEXT = "Actor {} is against talks."


@pytest.fixture
async def desk(tmp_path):
    """Seven actors are against talks."""
    url = await current_file(tmp_path / "test.db")
    understanding = make_understanding(Settings(_env_file=None, summary_model=None, summary_server=None))
    async with open_store(url) as store:
        desk = FrontDesk(store, MemoryReader(), understanding, SetClock(MORNING + timedelta(days=1)))
        guild = await desk.workspace(Platform.DISCORD, "42")
        async with store.write() as uow:
            for number in range(7):
                text = TEXT.format(number)
                at = MORNING + timedelta(minutes=number)
                article = await uow.articles.import_(
                    guild.id, str(number), a_draft(text, published=at), now=at
                )
                evidence = (a_span(text, "is against talks"),)
                stance = Stance(f"Actor {number}", "negotiations now", Position.OPPOSES, evidence)
                await uow.briefs.save(a_brief(article, stances=(stance,)))
            await uow.commit()
        # The first picture takes its time: the library that draws it is loaded with it.
        await desk.answer(guild, Channel(Platform.DISCORD, "9"), "stance", {"target": "negotiations"})
        yield desk
    understanding.close()


@pytest.mark.usefixtures("messenger")
async def test_positions_come_with_a_picture_and_so_does_their_next_page(fake):
    shown = await (await fake.ask("stance", {"target": "negotiations", "private": True})).answer()
    assert shown.private
    assert shown.embeds[0]["title"] == "On negotiations now · 1–6 of 7 positions, newest first"
    assert shown.embeds[0]["description"].startswith("**▼ Actor 6** opposes negotiations now, since <t:")
    assert shown.payload["files"]["positions.png"].startswith(b"\x89PNG")
    (picture,) = shown.payload["attachments"]
    assert "Actor 6" in picture["description"]
    turned = await (await fake.press(shown, "Older")).answer()
    assert turned.embeds[0]["title"] == "On negotiations now · 7 of 7 positions, newest first"
    assert turned.payload["files"]["positions.png"] != shown.payload["files"]["positions.png"]


@pytest.mark.usefixtures("messenger")
async def test_what_is_mistyped_is_answered_privately_with_what_may_be_meant(fake):
    shown = await (await fake.ask("stance", {"target": "negotiatoins now"})).answer()
    assert shown.private
    assert "did you mean negotiations now?" in shown.payload["content"]


@pytest.mark.usefixtures("messenger")
async def test_targets_are_added_offered_listed_and_taken_along(fake):
    options = {"name": "night shifts", "for": "pay them; pay all", "against": "cut them"}
    added = await (await fake.ask("targets add", options)).answer()
    assert added.embeds[0]["title"] == "Positions are kept on night shifts from now on"
    assert await fake.type("stance", "target", "nig") == [("night shifts", "night shifts")]
    listed = await (await fake.ask("targets list")).answer()
    assert "for: pay them; pay all" in listed.embeds[0]["description"]
    exported = await (await fake.ask("targets export")).answer()
    assert b"- name: night shifts" in exported.payload["files"]["targets.yaml"]
    removed = await (await fake.ask("targets remove", {"name": "night shifts"})).answer()
    assert "is removed" in removed.embeds[0]["title"]
    imported = await (await fake.ask("targets import", {"file": b"- name: harbour ferries\n"})).answer()
    assert imported.embeds[0]["title"] == "1 target added"
    refused = await (await fake.ask("targets import", {"file": b"- &a x\n- *a\n"})).answer()
    assert (refused.private, "has an anchor" in refused.payload["content"]) == (True, True)
