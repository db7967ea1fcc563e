"""A Dockerfile as its stages and instructions; and its steps taken on this machine, with folders of a test for the image's."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """One instruction, and of which stage: its name, or its number from 0."""

    stage: str
    does: str
    says: str


def steps_of(dockerfile: Path) -> tuple[Step, ...]:
    lines = [line for line in dockerfile.read_text().splitlines() if not line.lstrip().startswith("#")]
    found, stage, stages = [], "", 0
    for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        does, _, says = line.strip().partition(" ")
        says = " ".join(says.split())
        if does == "FROM":
            stage = says.partition(" AS ")[2] or str(stages)
            stages += 1
        found.append(Step(stage, does, says))
    return tuple(found)


def pairs_of(steps: tuple[Step, ...], does: str, stage: str) -> dict[str, str]:
    """What ENV or LABEL of a stage set."""
    said = [
        part for step in steps if (step.does, step.stage) == (does, stage) for part in shlex.split(step.says)
    ]
    return dict(part.split("=", 1) for part in said)


class Image:
    """What the steps of a Dockerfile leave behind, below `root` in the place of `/`.

    Of the base images only a Python is there: that with which the tests run.
    """

    def __init__(self, root: Path, context: Path, python: Path) -> None:
        self._root, self._context, self._python = root, context, python
        self._folders = {name: root / name[1:] for name in ("/opt", "/wheels", "/source", "/backups", "/tmp")}
        for folder in self._folders.values():
            folder.mkdir(parents=True)

    def here(self, text: str) -> str:
        """With our folders in the place of the image's."""
        return re.sub(
            r"(?<![\w.])/(opt|wheels|source|backups|tmp)(?=[/:\s'\"]|$)",
            lambda m: f"{self._root}/{m.group(1)}",
            text,
        )

    def build(self, steps: tuple[Step, ...], stages: tuple[str, ...]) -> None:
        """Takes the steps of these stages one after the other; others are their bases, which are there."""
        source = self._folders["/source"]
        own = {"PATH": f"{self._python.parent}:{os.environ['PATH']}"}
        for step in steps:
            if step.stage not in stages:
                continue
            if step.does == "COPY":
                *sources, target = step.says.split()
                for one in sources:
                    self._copy(self._context / one, source / (one if target == "./" else target))
            elif step.does == "ENV":
                own |= dict(part.split("=", 1) for part in shlex.split(step.says))
            elif step.does == "RUN":
                kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATTACHE_", "PYTHON"))}
                subprocess.run(
                    ["/bin/sh", "-ec", self.here(step.says)], cwd=source, env=kept | own, check=True
                )

    def settle(self, steps: tuple[Step, ...], stage: str) -> dict[str, str]:
        """What the last stage takes from others; its environment."""
        for step in steps:
            if (step.does, step.stage) == ("COPY", stage):
                _, came, target = step.says.split()
                if came != target:  # the stages share our folders
                    shutil.copytree(self.here(came), self.here(target), dirs_exist_ok=True, symlinks=True)
        return {k: self.here(v) for k, v in pairs_of(steps, "ENV", stage).items()}

    @staticmethod
    def _copy(one: Path, target: Path) -> None:
        if one.is_dir():
            shutil.copytree(
                one, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"), dirs_exist_ok=True
            )
        else:
            shutil.copy(one, target)
