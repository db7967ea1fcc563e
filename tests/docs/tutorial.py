"""The tutorial, typed as it stands: `python -m tests.docs.tutorial` prints it with what its commands answer now.

A block of `console` holds lines after `$ `, which are typed, and what is answered. In the shell, lines are typed after its prompt.
Commands are run by the command's own entry point, in this process, for starting Python for each would take a minute; the wire is
served by a process of its own. Its port is one that the system gives, shown as the tutorial's; the folder is shown as `HOME`.
What the first step does is held against `docs/demo.md` by another test.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.__main__ import main
from bot.platforms.terminal.shell import PROMPT
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "tutorial.md"
HOME = "/home/you/attache"
PORT = "8000"
LEFT_OUT = "[…]"
ELSEWHERE = frozenset({"make demo", "source .venv/bin/activate"})
"""What makes the command be there at all; here it is there."""
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LOG = re.compile(r"^\d{4}-\d\d-\d\dT\S+ \[.*\n", re.MULTILINE)
_PASSING = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b(?: \d{1,2}\b)?,?"
    r"|\b(?:\d{1,2} )?\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b(?: 20\d\d)?,?"
    r"|\b20\d\d\b,?(?!-)|\b\d\d:\d\d\b|\d{8}T\d{6}Z|\b\d+(?:\.\d+)? [kKMGT]?B\b"
    r"|\d+ rows looked at|SQLite [\d.]+"
)
"""Dates, times, sizes, and what else is another one on another day or machine."""


@dataclass(frozen=True)
class Step:
    """A line that is typed, those that are typed into what it starts, and what the page shows of the answer."""

    line: str
    typed: tuple[str, ...]
    shown: str


def steps(text: str) -> list[Step]:
    """What a page's blocks of `console` say, in order."""
    found: list[Step] = []
    for block in _BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, rest = part.partition("\n")
            lines = rest.splitlines(keepends=True)
            typed = tuple(each.removeprefix(PROMPT).rstrip() for each in lines if each.startswith(PROMPT))
            shown = "".join(each for each in lines if not each.startswith(PROMPT))
            found.append(Step(line, typed, shown))
    return found


def words(answer: str) -> list[Counter[str]]:
    """The words of each paragraph, without what passes: where lines are broken depends on the length of dates."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", answer)
    return [Counter(_PASSING.sub(" ", part).split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def agree(shown: str, answered: str) -> bool:
    """Whether the page shows what is answered; lines that it leaves out stand for any."""
    if LEFT_OUT not in shown:
        return words(shown) == words(answered)
    first, *middle, last = [words(part) for part in shown.split(LEFT_OUT)]
    found = words(answered)
    inside = iter(found[len(first) : len(found) - len(last)])
    return (
        found[: len(first)] == first
        and found[len(found) - len(last) :] == last
        and all(part in inside for parts in middle for part in parts)
    )


@dataclass
class Reader:
    """Somebody who types the tutorial, in a folder."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: str = ""
    processes: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def type(self, step: Step) -> str:
        """What is answered, as the page would show it."""
        line = step.line.replace(f":{PORT}", f":{self.port}")
        verb, *arguments = shlex.split(line)
        match verb:
            case _ if step.line in ELSEWHERE:
                return ""
            case "mkdir":
                self.folder.joinpath(*arguments).mkdir()
                return ""
            case "cd":
                self.folder = self.folder.joinpath(*arguments)
                return ""
            case "export":
                name, _, value = arguments[0].partition("=")
                self.settings[name] = value
                return ""
            case "attache" if arguments[:2] == ["demo", "--serve"]:
                return self._as_shown(self._serve())
            case "attache":
                return self._as_shown(self._run(arguments, step.typed))
        raise AssertionError(f"nobody knows how to type {step.line!r}")

    def _serve(self) -> str:
        process = self.processes.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "bot", "demo", "--serve", "0"],
                stdout=subprocess.PIPE,
                text=True,
                env=_clean() | {"PYTHONPATH": str(ROOT)},
            )
        )
        self.processes.callback(process.terminate)
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or "ATTACHE_PRIVATE_HOSTS" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], "the wire is not served"
        self.port = lines[-1].strip().rpartition(":")[2]
        return "".join(lines)

    def _run(self, arguments: list[str], typed: tuple[str, ...]) -> str:
        out, err = io.StringIO(), io.StringIO()
        before, where = dict(os.environ), os.getcwd()
        stdin = sys.stdin
        try:
            os.environ.clear()
            os.environ.update(_clean() | self.settings)
            os.chdir(self.folder)
            sys.stdin = io.StringIO("".join(f"{line}\n" for line in typed))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main(arguments)
        finally:
            sys.stdin = stdin
            os.chdir(where)
            os.environ.clear()
            os.environ.update(before)
        assert status == 0, err.getvalue()
        return out.getvalue() + _LOG.sub("", re.sub(r"\x1b\[[0-9;]*m", "", err.getvalue()))

    def _as_shown(self, answer: str) -> str:
        shown = re.sub(rf"127\.0\.0\.1:{self.port}\b", f"127.0.0.1:{PORT}", answer)
        return shown.replace(str(self.folder), f"{HOME}/{self.folder.name}").strip("\n") + "\n"


def _clean() -> dict[str, str]:
    """This process's environment without settings of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ATTACHE_")}


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """Somebody in that folder; what they started ends with it."""
    reader = Reader(folder)
    with reader.processes:
        yield reader


def retold(text: str, answers: list[str]) -> str:
    """The page with these answers in the place of what it shows."""
    told = iter(zip(steps(text), answers, strict=True))

    def block(found: re.Match[str]) -> str:
        lines = ["```console\n"]
        for _ in re.findall(r"^\$ ", found[1], flags=re.MULTILINE):
            step, answer = next(told)
            lines += [f"$ {step.line}\n", *(f"{PROMPT}{line}\n" for line in step.typed)]
            lines.append(
                "\n".join(line.rstrip() for line in answer.splitlines()) + "\n" if answer.strip() else ""
            )
        return "".join([*lines, "```"])

    return _BLOCK.sub(block, text)


def _print() -> None:
    import tempfile

    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, reading(Path(folder)) as reader:
        sys.stdout.write(retold(text, [reader.type(step) for step in steps(text)]))


if __name__ == "__main__":
    _print()
