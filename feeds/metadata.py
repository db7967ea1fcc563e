"""What a page says about itself in its head: headline, outlet, byline, time, canonical link, language."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from feeds.addresses import web_link
from feeds.markup import text_of
from news.times import plausible

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLES = ("og:title", "twitter:title", "dc.title", "headline")
_OUTLETS = ("og:site_name", "dc.publisher", "application-name")
_BYLINES = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
_TIMES = (
    "article:published_time", "datepublished", "og:published_time", "parsely-pub-date", "sailthru.date",
    "pubdate", "publish-date", "publishdate", "publication_date", "date", "dc.date.issued", "dc.date",
    "dcterms.created", "dcterms.date",
)  # fmt: skip
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$")
_MOST_NODES = 5000
_LANGUAGE = re.compile(r"^([a-z]{2})(?:$|[-_])", re.IGNORECASE)
_WRITTEN_BY = re.compile(r"^by:?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page says about itself; None where it says nothing."""

    title: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: datetime | None = None
    canonical: str | None = None
    language: str | None = None


def facts_of(tree: HtmlElement, url: str | None = None) -> Facts:
    """The page's facts: JSON-LD for the article first, then its meta elements."""
    meta = _meta(tree)
    linked = _linked_data(tree)
    outlet = _first(_of(meta, _OUTLETS)) or _name(linked.get("publisher"))
    titles = (_text(linked.get("headline")), *_of(meta, _TITLES))
    return Facts(
        title=_without_suffix(_first(titles), outlet),
        outlet=outlet,
        byline=_byline(_name(linked.get("author")), *_of(meta, _BYLINES)),
        published=_best_time((_text(linked.get("datePublished")), *_of(meta, _TIMES), *_time_elements(tree))),
        canonical=_canonical(tree, meta, url),
        language=_language(tree, meta, linked),
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    """The first non-empty content of each meta element by its lower-case name."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        name = name or element.get("http-equiv") or ""
        content = text_of(element.get("content", ""))
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _of(meta: Mapping[str, str], names: Iterable[str]) -> Iterator[str]:
    return (meta[name] for name in names if name in meta)


def _linked_data(tree: HtmlElement) -> Mapping[str, Any]:
    """The first article that the page's JSON-LD describes."""
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            if _is_article(node.get("@type")):
                return node
    return {}


def _nodes(data: object) -> Iterator[Mapping[str, Any]]:
    """All objects in the data, those further out first."""
    waiting = deque([data])
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.popleft()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(k, str) and _ARTICLE_TYPE.search(k) for k in kinds)


def _text(value: object) -> str | None:
    return text_of(value).replace("\n", " ") or None if isinstance(value, str) else None


def _name(value: object) -> str | None:
    """The name of a person or body in JSON-LD, of several all names."""
    parts = value if isinstance(value, list) else [value]
    names = (_text(part.get("name") if isinstance(part, dict) else part) for part in parts)
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _first(values: Iterable[str | None]) -> str | None:
    return next((" ".join(value.split()) for value in values if value), None)


def _without_suffix(title: str | None, outlet: str | None) -> str | None:
    """`Bridge vote put off | Daily Herald` is the headline and the outlet."""
    if title and outlet:
        return re.sub(rf"\s+[|–—·•-]\s+{re.escape(outlet)}$", "", title, flags=re.IGNORECASE) or title
    return title


def _byline(*candidates: str | None) -> str | None:
    """The first that is a name; some pages put a link to the writer's page there."""
    names = (c for c in candidates if c and "://" not in c and "@" not in c)
    name = _first(names)
    return _WRITTEN_BY.sub("", name) or None if name else None


def _time_elements(tree: HtmlElement) -> Iterator[str]:
    """The times that the page marks as that of its publication."""
    for element in tree.iter("time"):
        if "datepublished" in element.get("itemprop", "").lower() or "pubdate" in element.attrib:
            yield element.get("datetime", "")


def _best_time(candidates: Iterable[str | None]) -> datetime | None:
    """The first exact time with a zone, else the first exact time, else the first date."""
    found = [parsed for parsed in map(_parse_time, candidates) if parsed]
    if not found:
        return None
    best = max(rank for rank, _ in found)
    return next(moment for rank, moment in found if rank == best)


def _parse_time(text: str | None) -> tuple[int, datetime] | None:
    """How exact the time is (2 with a zone, 1 without, 0 a date) and the time in UTC."""
    text = (text or "")[:100].strip()
    try:
        moment = _iso_or_mail_time(text)
        if plausible(moment) is None:
            return None
        rank = 2 if moment.tzinfo else 1 if ":" in text else 0
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return rank, moment


def _iso_or_mail_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(re.sub(r"(?<=\d)\s+(?=[+-]\d\d:?\d\d$|Z$)", "", text))
    except ValueError:
        return parsedate_to_datetime(text)


def _canonical(tree: HtmlElement, meta: Mapping[str, str], url: str | None) -> str | None:
    links = (
        link.get("href") for link in tree.iter("link") if "canonical" in link.get("rel", "").lower().split()
    )
    return web_link(next(links, None), url) or web_link(meta.get("og:url"), url)


def _language(tree: HtmlElement, meta: Mapping[str, str], linked: Mapping[str, Any]) -> str | None:
    declared = (
        tree.get("lang"),
        tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        tree.get("xml:lang"),
        meta.get("content-language"),
        meta.get("og:locale"),
        _text(linked.get("inLanguage")),
    )
    found = (_LANGUAGE.match(language.strip()) for language in declared if language)
    return next((match[1].lower() for match in found if match), None)
