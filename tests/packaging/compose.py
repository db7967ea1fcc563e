"""Compose files as an engine would understand them: merged, with their variables, service by service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "docker-compose.yml"
PLATFORMS = tuple(sorted((ROOT / "deploy" / "platforms").glob("*.yml")))
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::-([^}]*))?\}")


@dataclass(frozen=True)
class Service:
    """One service, in what a process needs."""

    name: str
    said: Mapping[str, object]

    @property
    def command(self) -> list[str]:
        return list(self.said.get("command", ()))

    @property
    def environment(self) -> dict[str, str]:
        return dict(self.said.get("environment", {}))

    @property
    def secrets(self) -> list[str]:
        return list(self.said.get("secrets", ()))

    @property
    def health(self) -> list[str]:
        """The command that asks how it fares."""
        form, *command = self.said["healthcheck"]["test"]
        assert form == "CMD", "a shell would be one more thing that an image needs"
        return command

    @property
    def grace(self) -> float:
        return seconds(self.said["stop_grace_period"])

    @property
    def waits_for(self) -> dict[str, Mapping[str, object]]:
        return dict(self.said.get("depends_on", {}))


def seconds(text: str) -> float:
    """Of `90s`, `2m`."""
    return float(text[:-1]) * {"s": 1, "m": 60}[text[-1]]


def load(*files: Path, variables: Mapping[str, str] | None = None) -> dict:
    """The files, later ones merged into the first."""
    merged: dict = {}
    for file in files or (MAIN,):
        merged = _merged(merged, _filled(yaml.safe_load(file.read_text()), variables or {}))
    return merged


def services(said: Mapping, profiles: tuple[str, ...] | None = ()) -> dict[str, Service]:
    """Those that run with these profiles; with None, all."""
    return {
        name: Service(name, one)
        for name, one in said["services"].items()
        if profiles is None or not one.get("profiles") or set(one["profiles"]) & set(profiles)
    }


def in_order(running: Mapping[str, Service]) -> list[Service]:
    """Each after those that it waits for."""
    done: list[Service] = []

    def put(service: Service) -> None:
        for name, how in service.waits_for.items():
            if name in running:
                put(running[name])
            else:
                assert how.get("required") is False, f"{service.name} waits for {name}, which does not run"
        if service not in done:
            done.append(service)

    for service in running.values():
        put(service)
    return done


def variables_of(*files: Path) -> set[str]:
    """All that the environment of `docker compose` may set."""
    return {
        match[1]
        for file in files
        for match in VARIABLE.finditer(_without_comments(file))
        if match[1] is not None
    }


def _without_comments(file: Path) -> str:
    return "\n".join(line for line in file.read_text().splitlines() if not line.lstrip().startswith("#"))


def _filled(said: object, variables: Mapping[str, str]) -> object:
    if isinstance(said, dict):
        return {name: _filled(value, variables) for name, value in said.items()}
    if isinstance(said, list):
        return [_filled(value, variables) for value in said]
    if isinstance(said, str):
        return VARIABLE.sub(lambda m: "$" if m[0] == "$$" else variables.get(m[1], "") or m[2] or "", said)
    return said


def _merged(first: object, second: object) -> object:
    """As the specification says: mappings are merged, sequences appended, anything else is replaced."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first | {n: _merged(first[n], v) if n in first else v for n, v in second.items()}
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    return second


def walk(said: object) -> Iterator[object]:
    """All values, however deep."""
    yield said
    if isinstance(said, dict):
        for value in said.values():
            yield from walk(value)
    elif isinstance(said, list):
        for value in said:
            yield from walk(value)
