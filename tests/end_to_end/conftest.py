"""The `attache` command, called as its entry point calls it, with a database in a folder of the test."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.demo.server import serve_wire


@dataclass(frozen=True)
class Done:
    """What one call left behind."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Attache:
    """Runs the command in `folder`, with nothing of this process's settings."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """For a process of its own."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATTACHE_", "COVERAGE", "COV_"))}
        return kept | {"ATTACHE_DATABASE_URL": self.url, "PYTHONUTF8": "1"}

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'attache.db'}"

    def __call__(self, *arguments: str, typed: str = "", **settings: str) -> Done:
        """In this process: starting Python for every line of a table would take minutes."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("ATTACHE_")]:
                patch.delenv(name)
            for name, value in ({"ATTACHE_DATABASE_URL": self.url} | settings).items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            patch.setattr("sys.stdin", io.StringIO(typed))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main(arguments)
        return Done(status, out.getvalue(), err.getvalue())

    async def aside(self, *arguments: str, **settings: str) -> Done:
        """In a thread, for a test whose own loop serves the wire."""
        return await asyncio.to_thread(lambda: self(*arguments, **settings))


@pytest.fixture
async def wire():
    async with serve_wire() as server:
        yield server


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory):
    """An empty database of this program's version."""
    made = Attache(tmp_path_factory.mktemp("made"))
    assert made("db", "upgrade").returncode == 0
    return made.folder / "attache.db"


@pytest.fixture
def attache(tmp_path, empty_file):
    """The command, with a database that is there and empty."""
    shutil.copyfile(empty_file, tmp_path / "attache.db")
    return Attache(tmp_path)
