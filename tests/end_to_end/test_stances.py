"""Positions and targets from the command line: for people, for programs, and drawn."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from news.channels import Platform
from news.stances import Position, Stance
from storage.engine import open_store
from tests.builders import MORNING, a_brief, a_draft, a_span, a_speaker, a_statement

READ = (
    ("a", 0, "Herald", Position.OPPOSES, "Ilka Tarn rejected talks on Monday.", "rejected talks"),
    ("b", 1, "Kurier", Position.OPPOSES, "“I reject talks,” Ilka Tarn said.", "“I reject talks,”"),
    ("c", 50, "Herald", Position.SUPPORTS, "Ilka Tarn would talk today.", "would talk today"),
    ("d", 51, "Kurier", Position.SUPPORTS, "“We should talk,” said Ilka Tarn.", "“We should talk,”"),
)
MANY = 15


def store_positions(attache):
    """As reading would: Tarn's, who changed her mind, and those of many others."""

    async def go():
        async with open_store(attache.url) as store, store.write() as uow:
            workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
            rows = [(*row, "Ilka Tarn") for row in READ]
            rows += [
                (f"m{n}", 52, "Herald", Position.OPPOSES, f"Actor {n:02} is against talks.", "is against talks", f"Actor {n:02}")
                for n in range(MANY)
            ]  # fmt: skip
            for key, hours, outlet, position, text, evidence, actor in rows:
                at = MORNING + timedelta(hours=hours)
                url = f"https://{outlet.lower()}.example/{key}"
                draft = a_draft(text, title=f"Headline {key}", published=at, outlet=outlet, url=url)
                article = await uow.articles.import_(workspace.id, key, draft, now=at)
                said = a_statement(text, evidence, speaker=a_speaker(actor))
                stance = Stance(actor, "negotiations now", position, (a_span(text, evidence),), 0.9)
                await uow.briefs.save(replace(a_brief(article, said), stances=(stance,)))
            await uow.commit()

    asyncio.run(go())


@pytest.fixture
def told(attache):
    store_positions(attache)
    return attache


def well(done):
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_position_is_shown_with_its_words_its_source_and_what_was_before(told):
    shown = " ".join(well(told("stance", "Tarn")).split())
    for words in (
        "Tarn · 1 position",
        "▲ Ilka Tarn supports negotiations “We should talk,” now, since Fri 6 Dec 2024",
        "in 2 articles, 2 outlets · Kurier · Fri 6 Dec 2024, 12:00 Headline d https://kurier.example/d",
        "first: would talk today · Herald",
        "changed, opposed until Wed 4 Dec 2024: “I reject talks,” · Kurier",
    ):
        assert words in shown


def test_a_program_gets_every_part_with_its_article(told):
    answer = json.loads(well(told("stance", "Ilka", "Tarn", "target", "negotiations", "--json")))
    (position,) = answer.pop("positions")
    assert answer == {
        "query": {"actor": "Ilka Tarn", "target": "negotiations now", "since": None, "until": None},
        "total": 1,
        "offset": 0,
        "reading": [],
    }
    assert {name: position[name] for name in ("actor", "target", "position", "since", "contested", "otherwise")} == {
        "actor": "Ilka Tarn",
        "target": "negotiations now",
        "position": "supports",
        "since": "2024-12-06T11:00:00+00:00",
        "contested": False,
        "otherwise": [],
    }  # fmt: skip
    before, present = position["turns"]
    assert (before["position"], before["until"]) == ("opposes", present["since"])
    assert present["latest"] == {
        "position": "supports",
        "words": "“We should talk,”",
        "named": "Ilka Tarn",
        "voice": None,
        "confidence": 0.9,
        "article": "d",
        "title": "Headline d",
        "outlet": "Kurier",
        "time": "2024-12-06T12:00:00+00:00",
        "url": "https://kurier.example/d",
        "version": 1,
        "evidence": [[0, 17]],
        "sentence": {"text": "“We should talk,” said Ilka Tarn.", "span": [0, 33]},
    }


def test_pages_go_on_where_the_last_one_ended(told):
    seen = []
    for page in (1, 2, 3):
        answer = json.loads(
            well(told("stance", "--target", "negotiations now", "--page", str(page), "--json"))
        )
        assert (answer["total"], answer["offset"]) == (MANY + 1, (page - 1) * 6)
        seen += [position["actor"] for position in answer["positions"]]
    assert sorted(seen) == sorted(["Ilka Tarn", *(f"Actor {n:02}" for n in range(MANY))])
    shown = well(told("shell", typed="stance target negotiations now\nmore\nmore\n"))
    assert "1–6 of 16 positions" in shown
    assert "7–12 of 16 positions" in shown
    assert "13–16 of 16 positions" in shown
    assert 'Newer  stance target "negotiations now" page 2' in shown


def test_positions_are_drawn_into_a_file(told):
    shown = well(told("stance", "Tarn", "--picture", "tarn.png"))
    light = (told.folder / "tarn.png").read_bytes()
    assert light.startswith(b"\x89PNG")
    assert "[4] " in shown
    assert "positions.png" not in shown
    answer = json.loads(well(told("stance", "Tarn", "--picture", "dark.png", "--dark", "--json")))
    assert answer["total"] == 1
    assert (told.folder / "dark.png").read_bytes() != light


def test_where_nothing_is_found_it_says_what_to_try(told):
    shown = " ".join(well(told("stance", "Ilka", "Tern")).split())
    assert "Nobody called Ilka Tern is known here. Did you mean Ilka Tarn?" in shown
    assert json.loads(well(told("stance", "Ilka", "Tern", "--json")))["positions"] == []
    assert json.loads(well(told("stance", "Tarn", "--json", "--workspace", "other")))["total"] == 0


def test_an_actor_is_shown_with_positions(told):
    assert "▲ Ilka Tarn supports negotiations now" in " ".join(well(told("actor", "Tarn")).split())
    answer = json.loads(well(told("actor", "Tarn", "--json")))
    assert [each["position"] for each in answer["positions"]] == ["supports"]


LIST = """\
- name: tolls
  description: Tolls on the bridge over the Sill.
  for: [charge a toll]
- name: harbour ferries
"""


def test_targets_are_added_listed_shown_and_removed(attache):
    added = well(
        attache(
            "targets", "add", "night shifts", "--for", "pay them; pay all", "--for", "x y", "--against", "cut"
        )
    )
    assert added.startswith("Positions are kept on night shifts from now on\n")
    shown = well(attache("targets", "show", "night", "shifts"))
    assert "For: pay them; pay all; x y\nAgainst: cut\n" in shown
    listed = [json.loads(line) for line in well(attache("targets", "list", "--json")).splitlines()]
    assert (len(listed), listed[0]["name"], listed[0]["own"]) == (16, "night shifts", True)
    assert json.loads(well(attache("targets", "show", "night", "--json"))) == listed[0]
    assert well(attache("targets", "list")).startswith("1 target of your own, 15 built in\n")
    well(attache("targets", "remove", "night shifts"))
    assert attache("targets", "show", "night shifts").returncode == 1


def test_a_list_of_targets_comes_in_and_goes_out(attache):
    (attache.folder / "mine.yaml").write_text(LIST, encoding="utf-8")
    assert well(attache("targets", "import", "mine.yaml")).startswith("2 targets added\n")
    assert well(attache("targets", "import", "mine.yaml")) == "0 targets added; 2 are there already\n"
    well(attache("targets", "export", "out.yaml"))
    assert (attache.folder / "out.yaml").read_text(encoding="utf-8") == (
        "- name: tolls\n  description: Tolls on the bridge over the Sill.\n  for:\n  - charge a toll\n- name: harbour ferries\n"
    )
    well(attache("targets", "export", "none.yaml", "--workspace", "other"))
    assert (attache.folder / "none.yaml").read_text(encoding="utf-8") == "[]\n"


def test_the_shell_knows_the_same_commands(attache):
    typed = 'targets add tolls for "charge a toll" "a toll on the bridge"\ntargets show tolls\nstance target tolls\nhelp targets\n'
    shown = well(attache("shell", typed=typed))
    assert "For: charge a toll; a toll on the bridge" in shown
    assert "No such position stands in the articles that are read here." in shown
    assert "For example: targets add" in shown
