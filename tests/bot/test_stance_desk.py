"""The desk's answers about positions: how their pictures are drawn."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest

from bot.answers.stances import Stances
from bot.stance_desk import told_with_picture
from news.channels import Platform, Workspace, WorkspaceId
from news.ledger import StandingPage
from news.queries import StanceQuery
from tests.pictures.samples import NOW, many_standings


async def test_pictures_that_are_asked_for_at_one_time_are_drawn_in_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each takes its memory, and with Python's one turn none of them comes earlier."""
    threads = []

    def draw(*_: object, **__: object) -> bytes:
        threads.append(threading.get_ident())
        return b"a picture"

    monkeypatch.setattr("bot.pictures.positions.draw_positions", draw)
    standings = many_standings(3, 2, seed=77)
    found = Stances(StandingPage(StanceQuery(), standings, len(standings)))
    workspace = Workspace(WorkspaceId(1), Platform.DISCORD, "1", "UTC")
    moments = [NOW + timedelta(hours=n) for n in range(5)]
    await asyncio.gather(*(told_with_picture(found, workspace, moment) for moment in moments))
    assert len(threads) == 5
    assert len(set(threads)) == 1
    assert threading.get_ident() not in threads
