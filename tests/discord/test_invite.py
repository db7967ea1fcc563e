"""The link that brings the bot into a server asks for what it needs and no more."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.discord.fake import APP, TOKEN
from tests.end_to_end.conftest import Attache

BITS = {
    "view": 10,
    "send": 11,
    "embed": 14,
    "attach": 15,
    "history": 16,
    "make threads": 35,
    "in threads": 38,
}


@pytest.fixture
def attache(tmp_path):
    return Attache(tmp_path)


def test_the_link_of_an_application_asks_for_the_least(attache):
    done = attache("discord-invite", "--application-id", str(APP))
    asked = parse_qs(urlsplit(done.stdout.strip()).query)
    assert (done.returncode, done.stderr) == (0, "")
    assert asked == {
        "client_id": [str(APP)],
        "scope": ["bot applications.commands"],
        "permissions": [str(sum(1 << bit for bit in BITS.values()))],
    }


async def test_the_application_is_the_tokens(attache, fake):
    settings = {"ATTACHE_DISCORD_TOKEN": TOKEN, "ATTACHE_DISCORD_API_URL": fake.api_url}
    done = await attache.aside("discord-invite", **settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"client_id={APP}&" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "settings", "told"),
    [
        ((), {}, "There is no token: set ATTACHE_DISCORD_TOKEN, or give --application-id NUMBER."),
        (("--application-id", "attache"), {}, "That is no application's id"),
        ((), {"ATTACHE_DISCORD_TOKEN": "wrong"}, "Discord refused the token: set ATTACHE_DISCORD_TOKEN"),
        (
            (),
            {"ATTACHE_DISCORD_TOKEN": "x", "ATTACHE_DISCORD_API_URL": "discord"},
            "ATTACHE_DISCORD_API_URL cannot be used",
        ),
    ],
)
async def test_what_is_wrong_is_one_clear_line(attache, fake, arguments, settings, told):
    done = await asyncio.to_thread(
        lambda: attache(
            "discord-invite", *arguments, **({"ATTACHE_DISCORD_API_URL": fake.api_url} | settings)
        )
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
