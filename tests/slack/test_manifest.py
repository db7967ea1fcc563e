"""The manifest makes the whole app in one paste: all that the bot needs, and no more."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from bot.messages.commands import COMMANDS
from bot.platforms.slack.manifest import EVENTS, NAME, SCOPES, command_names, manifest
from news.errors import InputError
from tests.discord.test_golden import written
from tests.end_to_end.conftest import Attache
from tests.slack.web_api import _NEEDS

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "slack"
AT = "https://attache.example.org"
ENDPOINT = f"{AT}/slack/events"
OURS = ["digest", "whosaid", "stance", "actor", "feeds", "schedule", "actors", "targets", "attache"]
LONGEST = {"name": 35, "description": 140, "display_name": 80, "command": 32, "usage_hint": 1000, "url": 3000}
"""In Slack's own schema of manifests; a command's description has a limit of its own."""


@pytest.fixture
def attache(tmp_path):
    return Attache(tmp_path)


def commands_of(made):
    return {each["command"]: each for each in made["features"]["slash_commands"]}


def strings(value, name=""):
    if isinstance(value, dict):
        for key, part in value.items():
            yield from strings(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part, name)
    elif isinstance(value, str):
        yield name, value


@pytest.mark.parametrize("http", [None, AT])
def test_the_manifest_is_as_reviewed(http):
    name = "manifest" if http is None else "manifest_http"
    assert written(manifest(http=http)) == (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("http", [None, AT])
def test_it_keeps_slacks_limits(http):
    made = manifest(name="Ä" * 35, http=http, renamed={"digest": "d" * 31})
    for command in made["features"]["slash_commands"]:
        assert 1 <= len(command.pop("description")) <= 2000
        assert re.fullmatch(r"/[a-z0-9][a-z0-9_-]*", command["command"])
    found = list(strings(made))
    assert [(name, text) for name, text in found if not 1 <= len(text) <= LONGEST.get(name, 2500)] == []
    assert re.fullmatch(r"[a-z0-9._-]+", made["features"]["bot_user"]["display_name"])


def test_every_command_is_there_with_how_it_is_used():
    found = commands_of(manifest())
    assert set(found) == {f"/{name}" for name in OURS}
    for name in OURS[:-1]:
        assert f"{name} {found[f'/{name}']['usage_hint']}" == COMMANDS[name].usage
        assert found[f"/{name}"]["description"] == COMMANDS[name].meaning
    assert {*COMMANDS} - {*OURS} == {"help"}
    assert found["/attache"]["usage_hint"].startswith("help [command]")


def test_channels_that_are_named_come_with_their_ids():
    assert all(command["should_escape"] for command in commands_of(manifest()).values())


def test_by_socket_mode_nothing_needs_an_address():
    made = manifest()
    assert made["settings"]["socket_mode_enabled"] is True
    assert [text for _, text in strings(made) if "://" in text] == []


@pytest.mark.parametrize("http", [AT, f"{AT}/", ENDPOINT])
def test_over_http_everything_comes_to_one_address(http):
    made = manifest(http=http)
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == ENDPOINT
    pressed = made["settings"]["interactivity"]
    assert (pressed["request_url"], pressed["message_menu_options_url"]) == (ENDPOINT, ENDPOINT)
    assert {command["url"] for command in commands_of(made).values()} == {ENDPOINT}
    assert made["oauth_config"]["redirect_urls"] == [f"{AT}/slack/oauth_redirect"]


def test_several_workspaces_come_back_to_the_address_at_which_they_install_the_app():
    made = manifest(install=f"{AT}/slack/install")
    assert made["oauth_config"].pop("redirect_urls") == [f"{AT}/slack/oauth_redirect"]
    assert made == manifest()
    both = manifest(http=AT, install="https://install.example.org")
    assert both["oauth_config"]["redirect_urls"] == ["https://install.example.org/slack/oauth_redirect"]
    assert both["settings"] == manifest(http=AT)["settings"]


def test_no_scope_is_missing_and_nothing_is_done_in_anybodys_name():
    scopes = manifest()["oauth_config"]["scopes"]
    assert scopes == {"bot": list(SCOPES)}
    history = {f"{kind}:history" for kind in ("channels", "groups", "im", "mpim")}
    known = {"commands", *history, *_NEEDS.values(), "channels:read", "groups:read", "mpim:read"}
    assert set(SCOPES) == known - {"users:read"}
    assert manifest()["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)


def test_the_guide_says_what_each_scope_is_for():
    guide = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z:]+)` \|", guide, re.MULTILINE) == list(SCOPES)


def test_commands_can_have_other_names():
    renamed = {"digest": "news", "attache": "press"}
    assert command_names(renamed) == {name: renamed.get(name, name) for name in OURS}
    found = commands_of(manifest(renamed=renamed))
    assert found.keys() & {"/digest", "/attache", "/news", "/press"} == {"/news", "/press"}
    assert found["/news"]["description"] == COMMANDS["digest"].meaning


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": ""}, "from 1 to 35 characters"),
        ({"name": "x" * 36}, "from 1 to 35 characters"),
        ({"http": "http://attache.example.org"}, "begins with https://"),
        ({"http": "attache.example.org"}, "begins with https://"),
        ({"http": "https://u:p@attache.example.org"}, "begins with https://"),
        ({"http": f"{AT}?a=1"}, "has no query"),
        ({"http": "https://[::1"}, "begins with https://"),
        ({"renamed": {"help": "assist"}}, "'help' is no command that can be renamed"),
        ({"renamed": {"digests": "news"}}, "'digests' is no command that can be renamed"),
        ({"renamed": {"digest": "News"}}, "small letters"),
        ({"renamed": {"digest": "the news"}}, "small letters"),
        ({"renamed": {"digest": "d" * 32}}, "at most 31"),
        ({"renamed": {"digest": "actor"}}, "Two commands would be called /actor"),
    ],
)
def test_what_slack_would_not_take_is_told(given, told):
    with pytest.raises(InputError, match=re.escape(told)):
        manifest(**given)


def test_a_name_becomes_one_to_write_behind_an_at():
    names = {
        name: manifest(name=name)["features"]["bot_user"]["display_name"]
        for name in (NAME, "My News!", "Новости")
    }
    assert names == {NAME: "attache", "My News!": "my-news", "Новости": "attache"}


def test_the_command_prints_yaml_that_can_be_pasted(attache):
    done = attache("slack-manifest")
    assert (done.returncode, done.stderr) == (0, "")
    assert yaml.safe_load(done.stdout) == manifest()
    assert done.stdout.startswith("display_information:\n  name: Attaché\n")


def test_the_command_prints_json_too(attache):
    done = attache("slack-manifest", "--json", "--http", AT, "--name", "Presse")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == manifest(http=AT, name="Presse")
    done = attache("slack-manifest", "--json", "--install", AT)
    assert json.loads(done.stdout) == manifest(install=AT)


def test_names_of_commands_are_the_settings_and_what_is_given(attache):
    done = attache("slack-manifest", "--command", "digest=/news", ATTACHE_SLACK_COMMANDS="actor=who,digest=x")
    assert done.returncode == 0
    assert yaml.safe_load(done.stdout) == manifest(renamed={"digest": "news", "actor": "who"})
    assert (
        done.stderr == "attache: set ATTACHE_SLACK_COMMANDS=actor=who,digest=news where `attache run` runs\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--command", "digest"), "write --command digest=news"),
        (("--command", "digest=actor"), "Two commands would be called /actor"),
        (("--http", "here"), "--http takes the public address"),
        (("--install", "here"), "--install takes the public address"),
        (("--name", "x" * 36), "give another --name"),
    ],
)
def test_what_is_wrong_is_one_clear_line(attache, arguments, told):
    done = attache("slack-manifest", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


if __name__ == "__main__":
    for its_name, address in (("manifest", None), ("manifest_http", AT)):
        (GOLDEN / f"{its_name}.json").write_text(written(manifest(http=address)), encoding="utf-8")
