"""No token, no password and no typed word in a log line, whoever wrote the line."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap

import pytest

from bot.masking import Mask, recall, typed
from bot.settings import Settings, secrets_of

DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".GaBcDe." + "abcdefghijklmnopqrstuvwxyz0123456789AB"
SECRETS = (
    "xoxb-" + "123456789012-abcdefghijkl",
    "xapp-" + "1-A0123-456-abcdef0123456789",
    "xoxe." + "xoxp-1-Mi0yLTUwMDAwMDAw",
    "xoxe-" + "1-My0xLTUwMDAwMDAwMDAwMDAw",
    DISCORD,
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("line", ["{}", "token={}, refused", "{{'Authorization': 'Bot {}'}}", '"{}".'])
def test_what_looks_like_a_token_is_masked_wherever_it_stands(secret, line):
    told = Mask()(line.format(secret))
    assert secret not in told
    assert secret[-12:] not in told
    assert "***" in told


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgresql://attache:s3cr3t@db.example/news", "postgresql://attache:***@db.example/news"),
        ("cannot reach redis://:s3cr3t@cache:6379/0 now", "cannot reach redis://:***@cache:6379/0 now"),
        (
            "https://feeds.example/rss?user=7&api_key=abc123&page=2",
            "https://feeds.example/rss?user=7&api_key=***&page=2",
        ),
        (
            "wss://wss.slack.example/link/?ticket=ab-12&app_id=3",
            "wss://wss.slack.example/link/?ticket=***&app_id=3",
        ),
        ("https://hooks.slack.com/commands/T1/2/xyz said 404", "https://hooks.slack.com/*** said 404"),
        (
            "PATCH https://discord.com/api/v10/webhooks/42/aW50ZXJhY3Rpb246MTIzNDU2/messages/@original",
            "PATCH https://discord.com/api/v10/webhooks/42/***/messages/@original",
        ),
        ("Authorization: Bearer abcdefghijklmnop1234", "Authorization: Bearer ***"),
    ],
)
def test_what_an_address_or_a_header_gives_away_is_masked(text, masked):
    assert Mask()(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "https://herald.example/news/2024/12/05/bridge?page=2&lang=en",
        "feed failed: https://a.example:8080/feed answered 503",
        "attache-0123456789abcdef0123456789abcdef",  # the key of a post
        "news.example.internationalisation-and-everything-about-it",
        'File "bot/platforms/slack/listeners/acknowledged.py", line 61, in _ended',
        "xox is no token, and a Bot is one of ours",
    ],
)
def test_what_is_no_secret_is_told(text):
    assert Mask(["another-secret"])(text) == text


def test_the_values_of_secret_settings_are_masked_whatever_they_look_like(monkeypatch):
    values = {
        "ATTACHE_DATABASE_URL": "postgresql://attache:pass%2Fw0rd@db/news",
        "ATTACHE_SUMMARY_SERVER": "http://localhost:8000/v1",
        "ATTACHE_SUMMARY_SERVER_MODEL": "orvane-7b",
        "ATTACHE_SUMMARY_SERVER_KEY": "plainkey",
        "ATTACHE_DISCORD_TOKEN": "no-token-by-its-looks",
        "ATTACHE_SENTRY_DSN": "https://publickey@sentry.example/1",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    mask = Mask(secrets_of(Settings(_env_file=None)))
    told = mask("plainkey, no-token-by-its-looks, pass%2Fw0rd, pass/w0rd, https://publickey@sentry.example/1")
    assert told == "***, ***, ***, ***, ***"
    assert mask("orvane-7b at localhost") == "orvane-7b at localhost"


def test_a_secret_that_begins_as_another_is_masked_whole():
    assert Mask(["abcdef", "abcdefghi"])("abcdefghi abcdef") == "*** ***"


TRACE = textwrap.dedent("""\
    Traceback (most recent call last):
      File "bot/answers/statements.py", line 12, in negotiations
        raise ValueError(f"no such words: {words!r}")
    ValueError: no such words: 'Negotiations of Anna Bell'
      input_value='Anna Bell'""")
MASKED = textwrap.dedent("""\
    Traceback (most recent call last):
      File "bot/answers/statements.py", line 12, in negotiations
        raise ValueError(f"no such words: {words!r}")
    ValueError: no such words: '*** of ***'
      input_value='***'""")
OPTIONS = {"actor": "Anna Bell", "about": "negotiations", "page": "2"}


def test_what_is_typed_stands_in_no_error_but_the_program_stays_readable():
    with typed(OPTIONS):
        assert Mask().error(TRACE) == MASKED
        assert Mask()("about Anna Bell") == "about Anna Bell"  # what is no error is told as it is
    assert Mask().error(TRACE) == TRACE


async def test_an_error_takes_along_what_was_typed_to_whoever_logs_it():
    async def answer():
        with typed(OPTIONS, workspace=7):
            raise ValueError("broken")

    async def platform():
        try:
            await asyncio.create_task(answer())
        except ValueError as error:
            raise RuntimeError("wrapped") from error

    with pytest.raises(RuntimeError) as caught:
        await platform()
    assert Mask().error(TRACE) == TRACE
    assert recall(caught.value) == {"workspace": 7}
    assert Mask().error(TRACE) == MASKED
    assert recall(KeyError()) == recall(None) == {}


@pytest.mark.parametrize("prefix", ["", "  | "])
def test_errors_that_are_told_together_are_masked_likewise(prefix):
    def lines(text):
        return "\n".join(prefix + line for line in text.splitlines())

    with typed(OPTIONS):
        assert Mask().error(lines(TRACE)) == lines(MASKED)


SCRIPT = """
import logging, sys, structlog
from bot.logs import set_up_logs
from bot.masking import typed
form, token = sys.argv[1:]
set_up_logs("info", form, ["a-plain-secret"])
log = structlog.get_logger("attache")
typing = typed({"about": "Jabberwocky"})
typing.__enter__()
structlog.contextvars.bind_contextvars(workspace=7)
log.info("seen", url=f"https://x.example/?token={token}", many=[token, {"key": "a-plain-secret"}], bad="a\\x1b[31m")
try:
    try:
        raise ConnectionError(f"a-plain-secret {token}")
    except ConnectionError as cause:
        raise ValueError("not found: Jabberwocky") from cause
except ValueError:
    log.exception("broke", feed=3)
    logging.getLogger("aiohttp.client").exception("library broke with %s", token)
logging.getLogger("asyncio").warning("Jabberwocky: %s", "a-plain-secret")
raise RuntimeError(token)
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_process_logs_no_secret_and_no_typed_word(form):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, form, DISCORD], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    for secret in (DISCORD, DISCORD[-20:], "a-plain-secret", "\x1b[31m"):
        assert secret not in done.stderr
    assert "not found: ***" in done.stderr
    assert "library broke with ***" in done.stderr
    assert "RuntimeError: ***" in done.stderr  # what nobody caught
    told = [line for line in done.stderr.splitlines() if "Jabberwocky" in line]
    assert all("raise ValueError" in line for line in told)  # our own line of program
    if form == "json":
        lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        assert [(line["event"], line["workspace"]) for line in lines] == [
            ("seen", 7),
            ("broke", 7),
            ("library broke with ***", 7),
            ("***: ***", 7),
        ]
        assert lines[1]["feed"] == 3
        assert lines[2]["logger"] == "aiohttp.client"
