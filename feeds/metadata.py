"""What a page says about itself in its head: headline, outlet, byline, time, canonical link, language."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import islice
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
_CHANGES = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "last-modified",
)  # fmt: skip
_LONGEST_NAME = 300
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$")
_MOST_NODES = 5000
_MOST_META = 1000
_WRAPPING = re.compile(r"/\*<!\[CDATA\[\*/|/\*\]\]>\*/|//<!\[CDATA\[|//\]\]>|<!\[CDATA\[|\]\]>|<!--|-->")
_LANGUAGE = re.compile(r"^([a-z]{2})(?:$|[-_])", re.IGNORECASE)
_MICRODATA = (
    "//*[@itemprop='author' and not(ancestor::*[@itemprop='comment'])][not(.//*[@itemprop='name'])][position() <= 9]"
    " | //*[@itemprop='author']//*[@itemprop='name'][position() <= 9]"
)
_AUTHOR_LINKS = "(//a[contains(concat(' ', @rel, ' '), ' author ')])[position() <= 9]"
_WRITTEN_BY = re.compile(r"^by:?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page says about itself; None where it says nothing."""

    title: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    canonical: str | None = None
    language: str | None = None
    free: bool = True
    """Whether all of it may be read by anybody; a page says so when it may not."""


def facts_of(tree: HtmlElement, url: str | None = None) -> Facts:
    """The page's facts: JSON-LD for the article first, then its meta elements."""
    meta = _meta(tree)
    linked = _linked_data(tree)
    outlet = _first((*_of(meta, _OUTLETS), _name(linked.get("publisher"))))
    titles = (_text(linked.get("headline")), *_of(meta, _TITLES))
    published = _best_time(
        (_text(linked.get("datePublished")), *_of(meta, _TIMES), *_time_elements(tree, "datepublished"))
    )
    modified = _best_time(
        (_text(linked.get("dateModified")), *_of(meta, _CHANGES), *_time_elements(tree, "datemodified"))
    )
    return Facts(
        title=_without_suffix(_first(titles), outlet),
        outlet=outlet,
        byline=_byline(_name(linked.get("author")), *_of(meta, _BYLINES)) or _byline(_marked_authors(tree)),
        published=published,
        modified=modified if modified and not (published and modified < published) else None,
        canonical=_canonical(tree, meta, url),
        language=_language(tree, meta, linked),
        free=str(linked.get("isAccessibleForFree")).rpartition("/")[2].lower() != "false",
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    """The first non-empty content of each meta element by its lower-case name."""
    found: dict[str, str] = {}
    for element in islice(tree.iter("meta"), _MOST_META):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        name = name or element.get("http-equiv") or ""
        content = text_of(element.get("content", ""))
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _of(meta: Mapping[str, str], names: Iterable[str]) -> Iterator[str]:
    return (meta[name] for name in names if name in meta)


def _linked_data(tree: HtmlElement) -> Mapping[str, Any]:
    """The first article that the page's JSON-LD describes, with its author and publisher where they stand apart."""
    nodes = [
        node
        for script in tree.iter("script")
        if script.get("type", "").partition(";")[0].strip().lower() == "application/ld+json"
        for node in _nodes(_loaded(script.text or ""))
    ]
    article = next((node for node in nodes if _is_article(node.get("@type"))), None)
    if article is None:
        return {}
    named: dict[str, Mapping[str, Any]] = {}
    for node in nodes:
        if isinstance(node.get("@id"), str) and "name" in node:
            named.setdefault(node["@id"], node)
    return {**article, **{part: _whole(article.get(part), named) for part in ("author", "publisher")}}


def _loaded(text: str) -> object:
    """The script's data, also where it was escaped as if it were HTML, or wrapped as if it were old XHTML."""
    text = _WRAPPING.sub("", text).strip().removesuffix(";")
    for form in (text, unescape(text) if "&" in text else ""):
        try:
            return json.loads(form, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _whole(part: object, named: Mapping[str, Mapping[str, Any]]) -> object:
    """A person or body, or several; one that is only referred to is looked up."""
    if isinstance(part, list):
        return [_whole(one, named) if not isinstance(one, list) else None for one in part]
    if isinstance(part, dict) and "name" not in part and isinstance(part.get("@id"), str):
        return named.get(part["@id"], part)
    return part


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
    for name in filter(None, map(_first, ([candidate] for candidate in candidates))):
        if "://" not in name and "@" not in name and len(name) <= _LONGEST_NAME:
            return _WRITTEN_BY.sub("", name) or None
    return None


def _marked_authors(tree: HtmlElement) -> str | None:
    """The writers whom the body marks as such: microdata, else links to their pages."""
    for path in (_MICRODATA, _AUTHOR_LINKS):
        names = (" ".join(element.text_content().split()) for element in tree.xpath(path))
        found = dict.fromkeys(
            _WRITTEN_BY.sub("", name) for name in names if name and len(name) <= _LONGEST_NAME
        )
        if found:
            return ", ".join(found)
    return None


def _time_elements(tree: HtmlElement, name: str) -> Iterator[str]:
    """The times that the page marks as that of its publication or last change."""
    for element in tree.iter("time"):
        marked = name in element.get("itemprop", "").lower().split()
        if marked or (name == "datepublished" and "pubdate" in element.attrib):
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
