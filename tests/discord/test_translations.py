"""Translated names and descriptions are such as Discord takes, and belong to commands that there are."""

from __future__ import annotations

import re

import pytest

from bot.platforms.discord.translations import DESCRIPTIONS, NAMES

NAME = re.compile(r"^[-_'\w]{1,32}$")
"""As Discord has it, but that it also takes signs of Devanagari and Thai."""
LOCALES = {"de", "fr", "es-ES", "es-419", "uk"}


def all_of(commands: list[dict]) -> list[dict]:
    """Commands and all that is in them."""
    return [each for one in commands for each in (one, *all_of(one.get("options") or []))]


def size(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.usefixtures("messenger")
async def test_look_ups_are_registered_in_every_language(fake):
    look_ups = [
        one for one in fake.commands if one["name"] in {"digest", "whosaid", "stance", "actor", "help"}
    ]
    for each in look_ups:
        assert set(each["name_localizations"]) == LOCALES
        assert set(each["description_localizations"]) == LOCALES
    assert next(one for one in look_ups if one["name"] == "whosaid")["name_localizations"]["de"] == "wersagte"


@pytest.mark.usefixtures("messenger")
async def test_what_manages_a_server_stays_english(fake):
    groups = all_of([one for one in fake.commands if one["name"] in {"feeds", "actors", "targets"}])
    assert not any(each.get("name_localizations") for each in groups)


@pytest.mark.usefixtures("messenger")
async def test_names_and_descriptions_are_such_as_discord_takes(fake):
    for each in all_of(fake.commands):
        for name in (each["name"], *(each.get("name_localizations") or {}).values()):
            assert NAME.match(name)
            assert name == name.lower()
            assert size(name) <= 32
        for told in (each.get("description"), *(each.get("description_localizations") or {}).values()):
            assert told is None or 0 < size(told) <= 100


@pytest.mark.usefixtures("messenger")
async def test_no_two_commands_and_no_two_options_of_one_share_a_name(fake):
    sets = [fake.commands, *(one["options"] for one in all_of(fake.commands) if one.get("options"))]
    for siblings in sets:
        for locale in LOCALES:
            named = [(each.get("name_localizations") or {}).get(locale, each["name"]) for each in siblings]
            assert len(named) == len(set(named))


@pytest.mark.usefixtures("messenger")
async def test_nothing_is_translated_that_is_not_there(fake):
    there = all_of(fake.commands)
    names = {each["name"] for each in there}
    told = {each.get("description") for each in there}
    assert {name for table in NAMES.values() for name in table} <= names
    assert {words for table in DESCRIPTIONS.values() for words in table} <= told


@pytest.mark.usefixtures("messenger")
async def test_a_command_is_not_too_long_for_discord(fake):
    for command in fake.commands:
        of_command = all_of([command])
        texts = [
            text
            for each in of_command
            for text in (
                each["name"],
                each.get("description") or "",
                *(each.get("name_localizations") or {}).values(),
                *(each.get("description_localizations") or {}).values(),
                *(str(choice["value"]) + choice["name"] for choice in each.get("choices") or []),
            )
        ]
        assert sum(map(size, texts)) <= 8000
