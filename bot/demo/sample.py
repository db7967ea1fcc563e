"""The sample wire: the invented outlets and articles that come with the package, and how their files are read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise

from news.times import as_utc

_FENCE = "+++"


class FeedFormat(StrEnum):
    """How an outlet publishes its feed."""

    RSS = "rss"
    ATOM = "atom"


class QuoteStyle(StrEnum):
    """Which quotation marks an outlet's house style asks for: “ ”, ‘ ’, or typewriter marks."""

    DOUBLE = "double"
    SINGLE = "single"
    STRAIGHT = "straight"


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it stood from one moment on."""

    at: datetime
    """When it was put out, in UTC."""
    title: str
    paragraphs: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", as_utc(self.at))
        if not self.title or not self.paragraphs:
            raise ValueError("a version without a title or without paragraphs")

    @property
    def text(self) -> str:
        """The paragraphs, separated by newlines; without the title."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """One article of the wire with all of its versions."""

    slug: str
    """The last part of its address; it stays when the article is edited."""
    byline: str
    section: str
    story: str
    """Which event it tells of: a short name that its pages and feeds do not show."""
    caption: str
    """Under its picture; not part of the text."""
    versions: tuple[Version, ...]
    """Oldest first; at least one."""

    def __post_init__(self) -> None:
        if not self.versions:
            raise ValueError(f"{self.slug}: an article without a version")
        if any(earlier.at >= later.at for earlier, later in pairwise(self.versions)):
            raise ValueError(f"{self.slug}: versions out of order")

    @property
    def published(self) -> datetime:
        """When its first version was put out."""
        return self.versions[0].at

    def version_at(self, moment: datetime | None) -> Version | None:
        """What a reader saw at `moment`: None before it was published; without a moment, the last version."""
        seen = [v for v in self.versions if moment is None or v.at <= moment]
        return seen[-1] if seen else None


@dataclass(frozen=True, slots=True)
class SampleOutlet:
    """One invented outlet."""

    slug: str
    name: str
    about: str
    """One line under its name."""
    format: FeedFormat
    quotes: QuoteStyle
    full_text: bool
    """Whether its feed carries whole articles; else their first paragraphs."""
    articles: tuple[SampleArticle, ...]
    """Oldest first."""
    dead: bool = False
    """Whether its feed answers with an error."""


@dataclass(frozen=True, slots=True)
class SampleWire:
    """All outlets of the wire."""

    outlets: tuple[SampleOutlet, ...]

    def outlet(self, slug: str) -> SampleOutlet | None:
        """The outlet with this slug."""
        return next((o for o in self.outlets if o.slug == slug), None)

    @property
    def articles(self) -> tuple[tuple[SampleOutlet, SampleArticle], ...]:
        """All articles with their outlets, oldest first."""
        pairs = ((outlet, article) for outlet in self.outlets for article in outlet.articles)
        return tuple(sorted(pairs, key=lambda pair: pair[1].published))


def load_wire() -> SampleWire:
    """The wire that comes with the package. ValueError or KeyError only if its files were damaged."""
    folder = files("bot.demo") / "wire"
    table = tomllib.loads((folder / "outlets.toml").read_text(encoding="utf-8"))
    return SampleWire(tuple(_outlet(row, folder / row["slug"]) for row in table["outlet"]))


def moved(wire: SampleWire, by: timedelta) -> SampleWire:
    """The wire with everything put out so much later; its words stay, and with them the days that they name."""

    def later(article: SampleArticle) -> SampleArticle:
        versions = tuple(replace(version, at=version.at + by) for version in article.versions)
        return replace(article, versions=versions)

    return SampleWire(
        tuple(replace(outlet, articles=tuple(map(later, outlet.articles))) for outlet in wire.outlets)
    )


def _outlet(row: Mapping[str, str | bool], folder: Traversable) -> SampleOutlet:
    dead = bool(row.get("dead", False))
    articles = () if dead else _articles(folder)
    return SampleOutlet(
        slug=str(row["slug"]),
        name=str(row["name"]),
        about=str(row["about"]),
        format=FeedFormat(str(row["format"])),
        quotes=QuoteStyle(str(row["quotes"])),
        full_text=bool(row["full_text"]),
        articles=articles,
        dead=dead,
    )


def _articles(folder: Traversable) -> tuple[SampleArticle, ...]:
    found = [
        parse_article(file.name.removesuffix(".md"), file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".md")
    ]
    return tuple(sorted(found, key=lambda article: (article.published, article.slug)))


def parse_article(slug: str, source: str) -> SampleArticle:
    """The article in a file of the wire.

    A version is a block of TOML between two lines `+++`, then paragraphs between empty lines. The first
    block describes the article; one that follows holds `revised`, and what else changes in its version.
    ValueError or KeyError when the file is not so.
    """
    heads, bodies = _blocks(slug, source)
    first = tomllib.loads(heads[0])
    versions = [_version(first, first["published"], bodies[0])]
    for head, body in zip(heads[1:], bodies[1:], strict=True):
        later = tomllib.loads(head)
        versions.append(_version({**first, **later}, later["revised"], body))
    return SampleArticle(
        slug=slug,
        byline=first["byline"],
        section=first["section"],
        story=first["story"],
        caption=first["caption"],
        versions=tuple(versions),
    )


def _blocks(slug: str, source: str) -> tuple[list[str], list[str]]:
    """The TOML blocks of a file, and the text after each of them."""
    parts: list[str] = [""]
    for line in source.splitlines(keepends=True):
        if line.strip() == _FENCE:
            parts.append("")
        else:
            parts[-1] += line
    if parts[0].strip() or len(parts) < 3 or len(parts) % 2 == 0:
        raise ValueError(f"{slug}: the lines {_FENCE} do not pair")
    return parts[1::2], parts[2::2]


def _version(head: Mapping[str, str], at: object, body: str) -> Version:
    if not isinstance(at, datetime):
        raise TypeError(f"not a time: {at!r}")
    paragraphs = (" ".join(block.split()) for block in body.split("\n\n"))
    return Version(at=at, title=head["title"], paragraphs=tuple(p for p in paragraphs if p))
