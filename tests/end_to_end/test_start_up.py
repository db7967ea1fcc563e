"""Start-up is light: what a verb does not need is not loaded."""

import os
import re
import subprocess
import sys

import pytest
import typer

from bot.__main__ import verbs

HEAVY = (
    "aiohttp", "alembic", "apscheduler", "discord", "feedparser", "httpx2", "matplotlib", "numpy", "onnxruntime",
    "PIL", "prompt_toolkit", "rich", "sklearn", "slack_bolt", "sqlalchemy", "structlog", "tokenizers", "torch", "trafilatura", "transformers",
    "yaml",
)  # fmt: skip


def loaded(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.split(".")[0] for name in re.findall(r"\|\s+([\w.]+)$", done.stderr, re.MULTILINE)}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["whosaid", "--help"],
        ["stance", "--help"],
        ["targets", "--help"],
        ["feeds", "--help"],
        ["restore", "--help"],
    ],
)
def test_help_loads_nothing_heavy(arguments):
    assert loaded(*arguments) & set(HEAVY) == set()


def test_the_measure_sees_what_is_loaded():
    assert "typer" in loaded("--help")


def test_before_it_can_be_stopped_nothing_is_loaded():
    code = "import sys; before = set(sys.modules); import bot.__main__; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["__future__", "bot", "bot.__main__"]


def test_who_stops_it_while_it_loads_sees_no_traceback(attache):
    (attache.folder / "typer.py").write_text("raise KeyboardInterrupt")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "digest"],
        capture_output=True,
        text=True,
        cwd=attache.folder,
        env=attache.environment | {"PYTHONPATH": f"{attache.folder}{os.pathsep}{os.getcwd()}"},
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("words", [[], ["feeds"], ["feeds", "add"]])
def test_help_says_what_the_option_does(attache, words):
    asked = attache("help", *words)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout == attache(*words, "--help").stdout
    assert asked.stdout.startswith(f"Usage: {' '.join(['attache', *words])} [OPTIONS]")


def _all_verbs(group, above=()):
    """The words of every verb, and of every group of them."""
    for name, verb in group.commands.items():
        yield [*above, name]
        if hasattr(verb, "commands"):
            yield from _all_verbs(verb, (*above, name))


def test_every_verb_has_its_help(attache):
    found = list(_all_verbs(typer.main.get_command(verbs())))
    assert ["actor"] in found
    assert ["feeds", "add"] in found
    for words in found:
        asked = attache("help", *words)
        assert (asked.returncode, asked.stderr) == (0, ""), words
        assert asked.stdout.startswith(f"Usage: {' '.join(['attache', *words])} ")


@pytest.mark.parametrize("verb", ["demo", "shell"])
def test_a_closed_standard_input_is_nobody_typing(verb, attache):
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m bot {verb} <&-', sys.executable],
        capture_output=True,
        text=True,
        cwd=attache.folder,
        env=attache.environment,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("end", "told"), [("> /dev/full", "cannot be written"), ("| true", "")])
def test_output_that_cannot_be_written_is_one_line_at_most(end, told, attache):
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m bot --help {end}', sys.executable],
        capture_output=True,
        text=True,
        cwd=attache.folder,
        env=attache.environment,
        check=False,
    )
    assert len(done.stderr.splitlines()) == bool(told), done.stderr
    assert told in done.stderr
