"""Slack's settings: each is what it should be, and they are set together where they belong together."""

from __future__ import annotations

import pytest

from bot.settings import load_settings
from news.errors import InputError

KEY = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
SOCKET = {"BOT_TOKEN": "xoxb-1-secret", "APP_TOKEN": "xapp-1-secret"}
HTTP = {"BOT_TOKEN": "xoxb-1-secret", "SIGNING_SECRET": "a signing secret", "HTTP": "0.0.0.0:3000"}
SEVERAL = {"CLIENT_ID": "1.2", "CLIENT_SECRET": "a client secret", "TOKEN_KEY": KEY, "HTTP": "[::1]:3000"}


@pytest.fixture
def load(monkeypatch):
    def load(**values):
        for name, value in values.items():
            monkeypatch.setenv(f"ATTACHE_SLACK_{name}", value)
        return load_settings(None)

    return load


@pytest.mark.parametrize(
    "values",
    [
        {},
        SOCKET,
        HTTP,
        SEVERAL | {"SIGNING_SECRET": "a signing secret"},
        SEVERAL | {"APP_TOKEN": "xapp-1-secret"},
        SEVERAL | {"APP_TOKEN": "xapp-1-secret", "TOKEN_KEY": f"{KEY}, {KEY}"},
        SOCKET | {"API_URL": "http://127.0.0.1:9000/api/"},
    ],
    ids=[
        "none",
        "socket",
        "http",
        "several over http",
        "several by socket",
        "several keys",
        "another address",
    ],
)
def test_what_belongs_together_is_taken(load, values):
    found = load(**values)
    for name, value in values.items():
        kept = getattr(found, f"slack_{name.lower()}")
        assert (kept if isinstance(kept, str) else kept.get_secret_value()) == value
    shown = repr(found).replace("client_secret", "").replace("signing_secret", "").replace("secrets_dir", "")
    assert "secret" not in shown
    assert KEY not in repr(found)


def without(values, name):
    return {each: value for each, value in values.items() if each != name}


@pytest.mark.parametrize(
    ("values", "named", "told"),
    [
        (without(SOCKET, "APP_TOKEN"), "APP_TOKEN", "set it for Socket Mode, or ATTACHE_SLACK_SIGNING_SECRET"),
        (without(SOCKET, "BOT_TOKEN"), "APP_TOKEN", "set ATTACHE_SLACK_BOT_TOKEN, too"),
        (SOCKET | {"APP_TOKEN": "xoxb-1"}, "APP_TOKEN", "it begins with xapp-"),
        (SOCKET | {"BOT_TOKEN": "xoxp-1"}, "BOT_TOKEN", "it begins with xoxb-"),
        (SOCKET | {"BOT_TOKEN": "xoxb-1 2"}, "BOT_TOKEN", "it begins with xoxb-"),
        (SOCKET | without(HTTP, "HTTP"), "APP_TOKEN", "ATTACHE_SLACK_SIGNING_SECRET is set, too"),
        (SOCKET | {"HTTP": "0.0.0.0:3000"}, "HTTP", "set ATTACHE_SLACK_SIGNING_SECRET, too"),
        (without(HTTP, "HTTP"), "HTTP", "say where to listen, such as 0.0.0.0:3000, as requests are signed"),
        (without(HTTP, "SIGNING_SECRET"), "APP_TOKEN", "set it for Socket Mode"),
        (without(HTTP, "BOT_TOKEN"), "HTTP", "set ATTACHE_SLACK_BOT_TOKEN, too"),
        ({"HTTP": "0.0.0.0:3000"}, "HTTP", "set ATTACHE_SLACK_SIGNING_SECRET, too"),
        (HTTP | {"HTTP": "3000"}, "HTTP", "give a host and a port"),
        (HTTP | {"HTTP": "localhost:0"}, "HTTP", "give a host and a port"),
        (HTTP | {"HTTP": "localhost:65536"}, "HTTP", "give a host and a port"),
        (HTTP | {"HTTP": "http://localhost:3000"}, "HTTP", "give a host and a port"),
        (SEVERAL, "APP_TOKEN", "set it for Socket Mode"),
        (without(SEVERAL, "CLIENT_ID"), "CLIENT_SECRET", "set it together with ATTACHE_SLACK_CLIENT_ID"),
        (without(SEVERAL, "CLIENT_SECRET"), "CLIENT_SECRET", "set it together with ATTACHE_SLACK_CLIENT_ID"),
        (without(SEVERAL, "TOKEN_KEY"), "TOKEN_KEY", "kept encrypted: set it to a key"),
        (SEVERAL | {"TOKEN_KEY": "short"}, "TOKEN_KEY", "a key is 32 random bytes"),
        (SEVERAL | {"TOKEN_KEY": f"{KEY},"}, "TOKEN_KEY", "a key is 32 random bytes"),
        (SEVERAL | {"APP_TOKEN": "xapp-1", "HTTP": ""}, "HTTP", "as workspaces install the app over HTTP"),
        (SEVERAL | SOCKET, "BOT_TOKEN", "ATTACHE_SLACK_CLIENT_ID is set, too"),
        ({"API_URL": "slack"}, "API_URL", "give a base address"),
        ({"COMMANDS": "digest"}, "COMMANDS", "such as digest=news,actor=who"),
        ({"COMMANDS": "digest="}, "COMMANDS", "such as digest=news,actor=who"),
        ({"COMMANDS": "digest=a,digest=b"}, "COMMANDS", "give each command once"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_in_one_line_that_holds_no_secret(load, values, named, told):
    with pytest.raises(InputError) as error:
        load(**values)
    line = str(error.value)
    assert line.startswith(f"ATTACHE_SLACK_{named} cannot be used: ")
    assert told in line
    assert "\n" not in line
    secrets = [v for name, v in values.items() if name not in {"HTTP", "API_URL", "COMMANDS", "CLIENT_ID"}]
    assert [secret for secret in secrets if secret in line] == []


def test_commands_have_other_names(load):
    assert load(COMMANDS=" digest = news, actor=/who ").slack_commands == {"digest": "news", "actor": "who"}
    assert load(COMMANDS="").slack_commands == {}


def test_those_who_manage_are_named_by_their_ids(load):
    assert load().slack_managers == frozenset()
    assert load(MANAGERS=" U012AB3CD, W045EF6GH ,").slack_managers == {"U012AB3CD", "W045EF6GH"}
    for wrong in ("@anna", "U1;U2", "C012AB3CD"):
        with pytest.raises(InputError, match=r"ATTACHE_SLACK_MANAGERS.* members' ids"):
            load(MANAGERS=wrong)
