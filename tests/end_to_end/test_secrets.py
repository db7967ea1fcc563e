"""No secret of the settings is in what any process says or writes: answers, errors, logs, exports, backups, the store."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import signal
import sys
import zipfile
import zlib
from contextlib import asynccontextmanager
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from tests.discord import fake as discords
from tests.slack import fake as slacks
from tests.slack.towns import Browser, again, browsing, settle
from tests.summarizer.models.server import answering, served

KEY = base64.urlsafe_b64encode(b"a key that nobody may ever see..").decode()
SECRETS = {
    "database_url": "pw-Brackwater-of-the-database",
    "database_password": "pw-Ironmere/of the:database",
    "sentry_dsn": "Jarnwick-key-of-sentry",
    "discord_token": "Ashgrove.of.discord-token",
    "slack_client_secret": "Cindermoor-client-secret",
    "slack_token_key": KEY,
    "slack_bot_token": "xoxb-Dunmarrow-bot-token",
    "slack_signing_secret": "Eldermire-signing-secret",
    "slack_app_token": "xapp-Fennwick-app-token",
    "summary_server_key": "sk-Gorsefield-server-key",
}
"""Of each secret setting, a word of its own; of the database's address its password, of Sentry's its key."""
INSTALLED = slacks.Installation("xoxb-Hollowbeck-of-a-workspace", "T0FIRST0001", "U0BOT000001")
"""What Slack gives us while we run."""
AWAY = f"postgresql://attache:{SECRETS['database_url']}@127.0.0.1:9/attache"
DEBUG = {"ATTACHE_LOG_LEVEL": "debug", "ATTACHE_HEARTBEAT_SECONDS": "0.2"}


def test_every_secret_setting_has_a_case():
    secret = {name for name, one in Settings.model_fields.items() if "SecretStr" in str(one.annotation)}
    assert secret == SECRETS.keys()
    assert SecretStr(KEY).get_secret_value() not in repr(SecretStr(KEY))


def seen(*texts: str | bytes) -> list[str]:
    """The secrets that stand in there, plainly or in a form in which they are sent."""
    whole = b"\n".join(text.encode() if isinstance(text, str) else text for text in texts)
    return [
        word for word in (*SECRETS.values(), INSTALLED.token) if any(form in whole for form in _forms(word))
    ]


def _forms(word: str) -> set[bytes]:
    plain = word.encode()
    middle = {base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)}
    return {plain, quote(word, safe="").encode(), json.dumps(word)[1:-1].encode(), plain[::-1], *middle}


def opened(body: bytes) -> bytes:
    """What is in a file, unpacked where it is packed."""
    if body[:2] == b"\x1f\x8b":
        return zlib.decompress(body, wbits=31)
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return b"\n".join(packed.read(name) for name in packed.namelist())
    return body


def files_in(folder) -> list[bytes]:
    return [opened(path.read_bytes()) for path in folder.rglob("*") if path.is_file()]


async def process_of(attache, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments), cwd=attache.folder, env=attache.environment | DEBUG | settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def done(attache, *arguments: str, **settings: str) -> tuple[int, bytes]:
    """The status, and all that was said."""
    process = await process_of(attache, *arguments, **settings)
    async with asyncio.timeout(100):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out + err


@asynccontextmanager
async def running(attache, *wanted: bytes, **settings: str):
    """The bot, once it has said all of that; stopped in the end. What it said is in the list."""
    process = await process_of(attache, "run", **settings)
    said: list[bytes] = []
    reading = asyncio.create_task(process.stdout.read())
    try:
        async with asyncio.timeout(100):
            while not all(words in b"".join(said) for words in wanted):
                line = await process.stderr.readline()
                assert line, b"".join(said)
                said.append(line)
            yield said
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        said += [await process.stderr.read(), await reading]
        await process.wait()


@pytest.mark.timeout(300)
async def test_a_database_that_is_away_is_told_of_without_its_password(attache):
    told = []
    for words in (
        ("feeds", "list"), ("digest", "--json"), ("doctor", "--json"), ("doctor",), ("backup", "b"), ("dump", "d"),
        ("db", "upgrade"), ("run", "--once"),
    ):  # fmt: skip
        status, said = await done(attache, *words, ATTACHE_DATABASE_URL=AWAY)
        assert status == 1, words
        assert said.strip(), words
        told.append(said)
    async with running(attache, b"waiting for the database", ATTACHE_DATABASE_URL=AWAY) as said:
        pass
    apart = {
        "ATTACHE_DATABASE_URL": "postgresql://attache@127.0.0.1:9/attache",
        "ATTACHE_DATABASE_PASSWORD": SECRETS["database_password"],
        "ATTACHE_SENTRY_DSN": f"http://{SECRETS['sentry_dsn']}@127.0.0.1:9/1",
    }
    told += [(await done(attache, *words, **apart))[1] for words in (("doctor", "--json"), ("run", "--once"))]
    for url in (AWAY.replace(":9/", ":port/"), AWAY.replace("postgresql", "mysql"), AWAY.replace("@", "@[")):
        status, refused = await done(attache, "feeds", "list", ATTACHE_DATABASE_URL=url)
        assert (status, refused.count(b"Traceback")) == (1, 0)
        told.append(refused)
    assert seen(*told, *said, *files_in(attache.folder)) == []


@pytest.mark.parametrize("name", sorted(set(SECRETS) - {"database_url"}))
async def test_a_setting_that_cannot_be_used_is_named_and_not_repeated(attache, name):
    """Alone, most of them ask for another one; and none is a key, a word, or what it should begin with."""
    for value in (SECRETS[name], f"{SECRETS[name]} ", f"x {SECRETS[name]}\x7f"):
        settings = {f"ATTACHE_{name.upper()}": value}
        done = await attache.aside("feeds", "list", **settings)
        assert seen(done.stdout, done.stderr) == []
        assert "Traceback" not in done.stderr


@pytest.mark.timeout(300)
@pytest.mark.parametrize("form", ["console", "json"])
async def test_platforms_that_refuse_or_fail_are_told_of_without_tokens(attache, form, monkeypatch):
    tokens = {
        "ATTACHE_SLACK_BOT_TOKEN": SECRETS["slack_bot_token"],
        "ATTACHE_SLACK_APP_TOKEN": SECRETS["slack_app_token"],
        "ATTACHE_LOG_FORMAT": form,
    }
    discord_token = {"ATTACHE_DISCORD_TOKEN": SECRETS["discord_token"]}
    async with discords.running() as discord, slacks.running() as slack:
        places = {
            "ATTACHE_DISCORD_API_URL": discord.api_url, "ATTACHE_DISCORD_GATEWAY_URL": discord.gateway_url,
            "ATTACHE_SLACK_API_URL": slack.api_url,
        }  # fmt: skip
        refused = [
            await done(attache, "run", **tokens, **places),
            await done(attache, "run", **discord_token, **places),
        ]
        assert [status for status, _ in refused] == [1, 1]
        monkeypatch.setattr("tests.discord.rest.TOKEN", SECRETS["discord_token"])
        discord.knobs.refuse_log_in.extend([503, 502, 500] * 9)
        slack.knobs.break_down(99, method="auth.test")
        away = b"not connected, it is tried again"
        async with running(attache, away, **tokens, **discord_token, **places) as said:
            pass
        doctor = [await done(attache, "doctor", "--json", **tokens, **discord_token, **places)]
    assert seen(*(each for _, each in (*refused, *doctor)), *said, *files_in(attache.folder)) == []


async def test_a_server_that_refuses_its_key_is_told_of_without_it(attache):
    (attache.folder / "dam.txt").write_text("The dam will be built again, Ilka Renn said on Friday.")
    echoed = SECRETS["summary_server_key"].encode()
    for status, body in (
        (401, b"Incorrect API key: " + echoed),
        (500, echoed),
        (200, b'{"choices": "' + echoed),
    ):
        with served(answering(body, status)) as server:
            settings = {
                "ATTACHE_SUMMARY_SERVER": server.base, "ATTACHE_SUMMARY_SERVER_MODEL": "orvane",
                "ATTACHE_SUMMARY_SERVER_KEY": SECRETS["summary_server_key"],
            }  # fmt: skip
            _, said = await done(attache, "read", "dam.txt", "--json", **settings)
            assert server.asked
            assert b"dam" in said
            assert seen(said) == []


@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack-sdk's
async def test_what_runs_well_leaves_no_secret_in_logs_copies_exports_or_the_store(
    attache, monkeypatch, unused_tcp_port
):
    monkeypatch.setattr("tests.slack.web_api.CLIENT_SECRET", SECRETS["slack_client_secret"])
    monkeypatch.setattr("tests.discord.rest.TOKEN", SECRETS["discord_token"])
    monkeypatch.setattr("tests.discord.gateway.TOKEN", SECRETS["discord_token"])
    async with discords.running() as discord, slacks.running() as slack:
        settle(slack)
        settings = {
            "ATTACHE_DISCORD_API_URL": discord.api_url, "ATTACHE_DISCORD_GATEWAY_URL": discord.gateway_url,
            "ATTACHE_SLACK_API_URL": slack.api_url, "ATTACHE_SLACK_CLIENT_ID": slacks.CLIENT_ID,
            "ATTACHE_SLACK_CLIENT_SECRET": SECRETS["slack_client_secret"], "ATTACHE_SLACK_TOKEN_KEY": KEY,
            "ATTACHE_SLACK_SIGNING_SECRET": SECRETS["slack_signing_secret"],
            "ATTACHE_SLACK_HTTP": f"127.0.0.1:{unused_tcp_port}", "ATTACHE_DISCORD_TOKEN": SECRETS["discord_token"],
        }  # fmt: skip
        async with running(attache, b"running; posts to", b"discord connected", **settings) as said:
            async with browsing(unused_tcp_port) as browser:
                pages = await _installs(browser, slack)
            for secret in ("another", SECRETS["slack_signing_secret"]):
                url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
                replied = await slack.post_signed(url, "events_api", {"type": "nonsense"}, secret=secret)
                pages.append(replied.body)
        for words in (
            ("backup", "backup.db"), ("dump", "dump.gz"), ("feeds", "export", "feeds.opml"),
            ("targets", "export", "targets.yaml"),
        ):  # fmt: skip
            status, told = await done(attache, *words, **settings)
            assert status == 0, told
            said.append(told)
        said.append((await done(attache, "doctor", "--json", **settings))[1])
        said.append((await done(attache, "discord-invite", **settings))[1])
        said.append((await done(attache, "slack-manifest", **settings))[1])
    files = files_in(attache.folder)
    assert any(INSTALLED.team.encode() in body for body in files), "the workspace is in the store"
    assert seen(*pages, *said, *files) == []


async def _installs(browser: Browser, slack) -> list[str]:
    """The pages that somebody sees who installs the app, badly first."""
    pages = [(await browser.come_back(code="no-code", state=await browser.begin()))[1]]
    return [*pages, await browser.install(slack, again(INSTALLED))]
