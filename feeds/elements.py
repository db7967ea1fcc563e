"""What the elements of RSS, RDF, Atom and CDF say, as feedparser reads them; imported late, for feedparser is heavy."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

from feedparser.api import StrictFeedParser
from feedparser.datetimes import _parse_date

from feeds.mending import most_elements
from feeds.times import LONGEST
from news.times import plausible

MOST_ENTRIES = 2000
"""Of a longer feed, the entries that come first are read."""
MOST_IN_ENTRY = 200
"""Elements of one entry, or of the channel before the first, that are read."""
LONGEST_BASE = 500
LONGEST_AUTHOR = 300

_APART = "\x1f"  # no text that was mended holds it
_SKIPPED = frozenset(
    """
    category enclosure comments image textinput source contributor generator docs cloud rights copyright rating
    webmaster skiphours skipdays keywords tags dc:subject dc:publisher dc:rights dc:format dc:type dc:contributor
    media:thumbnail media:category media:keywords media:credit media:rating media:player media:restriction
    media:license media:copyright media:text media:hash itunes:category itunes:image itunes:keywords itunes:owner
    itunes:block itunes:explicit itunes:link psc:chapters
    """.split()  # noqa: SIM905 - as a list of literals it fills a page
)
"""Elements that nothing is taken from, and that hold titles and links of other things."""
_UNREAD = frozenset(
    {"ag", "annotate", "audio", "cc", "creativecommons", "ev", "georss", "geo", "gml", "icbm", "slash", "thr", "wfw", "trackback"}
)  # fmt: skip
_RARE = frozenset({"application/xhtml+xml", "xhtml"})
_ENTRIES = frozenset({"item", "entry"})


class NotWellFormed(ValueError):
    """The document breaks XML's rules."""


class _Enough(Exception):
    """The limits are reached; what was read counts."""


@dataclass(frozen=True, slots=True)
class Document:
    """What feedparser makes of a document, by its names."""

    version: str
    feed: dict[str, Any]
    entries: tuple[dict[str, Any], ...]


def read_elements(text: str) -> Document:
    """What is in the document, which has no DOCTYPE. Raises NotWellFormed."""
    reader = _Elements(most_elements(text))
    try:
        reader.read(text)
    except _Enough:
        if reader.inentry and len(reader.entries) > 1:
            reader.entries.pop()  # half of it is not read
    except expat.ExpatError as error:
        raise NotWellFormed(str(error)) from error
    entries = tuple(dict(entry) for entry in reader.entries[:MOST_ENTRIES])
    return Document(reader.version, dict(reader.feeddata), entries)


def read_odd_time(text: str) -> datetime | None:
    """A time in one of the languages that feedparser knows besides ours."""
    # From numbers alone it makes days that no calendar has.
    if len(text) > LONGEST or not (text[:1].isalpha() or not text.isascii()):
        return None
    found = _parse_date(text)
    try:
        return plausible(datetime.fromtimestamp(calendar.timegm(found), UTC)) if found else None
    except (ValueError, OverflowError, OSError):
        return None


class _Elements(StrictFeedParser):  # type: ignore[misc]
    """feedparser's reader, fed by expat itself, without what we have no use for."""

    def __init__(self, most: int) -> None:
        super().__init__("", None, "utf-8")
        self.resolve_relative_uris = False  # of links in the markup, which is reduced to text anyway
        self.sanitize_html = False
        self._left = most
        self._names: dict[str, str] = {}
        self._skipping = 0
        self._in_entry = 0
        self._depths: dict[str, int] = {}
        self._depths_of = 0

    def read(self, text: str) -> None:
        document = text.encode("utf-8")
        # By itself expat takes a moment, and what is broken further down need not be read twice.
        expat.ParserCreate("utf-8", namespace_separator=_APART).Parse(document, True)
        parser = expat.ParserCreate("utf-8", namespace_separator=_APART)
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartNamespaceDeclHandler = self._declared
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(document, True)

    def _declared(self, prefix: str | None, uri: str | None) -> None:
        if uri:
            self.track_namespace(prefix, self._known(uri))

    def _known(self, uri: str) -> str:
        """The address of a namespace as feedparser knows it, written with `https` or another end or not."""
        lower = uri.strip().lower()
        if lower in self._matchnamespaces:
            return lower
        plain = lower.replace("https://", "http://", 1).rstrip("/#")
        return next(
            (each for each in (plain, f"{plain}/", f"{plain}#") if each in self._matchnamespaces), uri
        )

    def _name(self, name: str) -> str:
        """`prefix:name` with the prefix that feedparser knows the namespace by, in small letters."""
        if name not in self._names:
            uri, local, prefix = _parts(name)
            known = self._matchnamespaces.get(self._known(uri).lower(), prefix) if uri else ""
            if "backend.userland.com/rss" in uri.lower():
                known = ""
            self._names[name] = f"{known}:{local}".lower() if known else local.lower()
        return self._names[name]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipping:
            self._skipping += 1
            return
        tag = self._name(name)
        if not self.incontent and (tag in _SKIPPED or (":" in tag and tag.partition(":")[0] in _UNREAD)):
            self._skipping = 1
            return
        self._left -= 1
        if self._left < 0:
            raise _Enough
        self._in_entry += not self.incontent
        if tag in _ENTRIES and not self.incontent:
            self._in_entry = 0
            if len(self.entries) >= MOST_ENTRIES:
                raise _Enough
        if self._in_entry > MOST_IN_ENTRY:
            self._skipping = 1
            return
        if not attributes and not self.incontent:
            self._start_plain(tag)
            return
        named = [(self._name(key), value) for key, value in attributes.items()]
        if len(self.baseuri) > LONGEST_BASE:  # each base within a base would make a longer one
            named = [(key, value) for key, value in named if key not in {"xml:base", "base"}]
        self.unknown_starttag(tag, named)

    def _start_plain(self, tag: str) -> None:
        """As feedparser's `unknown_starttag`, for an element without attributes outside of content.

        There, each one's base address is made anew of its parent's, which takes longer than all the rest.
        """
        self.depth += 1
        self.basestack.append(self.baseuri)
        self.langstack.append(self.lang)
        prefix, _, local = tag.rpartition(":")
        prefix = self.namespacemap.get(prefix, prefix)
        name = f"{prefix}_{local}" if prefix else local
        try:
            getattr(self, f"_start_{name}")({})
        except AttributeError:  # as there, also where something in it goes wrong
            self.push(name, 1)

    def _end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
        else:
            self.unknown_endtag(self._name(name))

    def _text(self, text: str) -> None:
        if not self._skipping:
            self.handle_data(text)

    def pop(self, element: str, strip_whitespace: int = 1) -> str | None:
        """As feedparser's, for what entries mostly hold; it takes a third of the time, because less may come up here."""
        if not self.elementstack or self.elementstack[-1][0] != element:
            return None
        params = self.contentparams
        if (
            not self.inentry
            or self.insource
            or self.inimage
            or params.get("type") in _RARE
            or params.get("base64")
        ):
            return super().pop(element, strip_whitespace)  # type: ignore[no-any-return]
        _, expecting_text, pieces = self.elementstack.pop()
        output = "".join(pieces).strip()
        if not expecting_text:
            return output
        if (
            self.baseuri
            and output
            and element in self.can_be_relative_uri
            and (element != "id" or self.guidislink)
        ):
            output = self.resolve_uri(output)
        if not output.isascii():
            output = _decoded_twice(output)
        if element != "title" or not -1 < self.title_depth <= self.depth:
            self._keep(element, output)
        return output

    def _keep(self, element: str, output: str) -> None:
        entry = self.entries[-1]
        if element == "link":
            entry["link"] = output = output.replace("&amp;", "&")
            if output:
                entry["links"][-1]["href"] = output
            return
        params = dict(self.contentparams) if self.incontent else {}
        plain_rss = params.get("type") == "text/plain" and not self.version.startswith("atom")
        if plain_rss and ("<" in output or "&" in output) and self.looks_like_html(output):
            params["type"] = self.contentparams["type"] = "text/html"
        params["value"] = output
        if element == "content":
            entry.setdefault("content", []).append(params)
            return
        element = "summary" if element == "description" else element
        if len(self.entries) != self._depths_of:
            self._depths_of, self._depths = len(self.entries), {}
        if self.depth <= self._depths.setdefault(element, self.depth):  # further in, it is of something else
            self._depths[element] = self.depth
            entry[element] = output
        if self.incontent:
            entry[f"{element}_detail"] = params

    def _end_published(self) -> None:
        self.pop("published")  # read later, and by ourselves first

    def _end_updated(self) -> None:
        self.pop("updated")

    def _end_created(self) -> None:
        self.pop("created")

    _end_issued = _end_pubdate = _end_published
    _end_modified = _end_lastbuilddate = _end_updated

    def _start_media_description(self, attributes: dict[str, str]) -> None:
        self.push("media_description", 1)  # feedparser takes it for the summary or even the content

    def _end_media_description(self) -> None:
        self.pop("media_description")

    def _start_media_title(self, attributes: dict[str, str]) -> None:
        self.push("media_title", 1)

    def _end_media_title(self) -> None:
        self.pop("media_title")

    def _start_itunes_summary(self, attributes: dict[str, str]) -> None:
        self.push("itunes_summary", 1)

    def _end_itunes_summary(self) -> None:
        self.pop("itunes_summary")

    def _start_itunes_subtitle(self, attributes: dict[str, str]) -> None:
        self.push("itunes_subtitle", 1)

    def _end_itunes_subtitle(self) -> None:
        self.pop("itunes_subtitle")

    def _start_itunes_title(self, attributes: dict[str, str]) -> None:
        self.push("itunes_title", 1)

    def _end_itunes_title(self) -> None:
        self.pop("itunes_title")

    def _start_itunes_author(self, attributes: dict[str, str]) -> None:
        self.push("itunes_author", 1)

    def _end_itunes_author(self) -> None:
        self.pop("itunes_author")

    def _sync_author_detail(self, key: str = "author") -> None:
        """As feedparser's, which looks for an address for mail by a pattern that takes quadratic time."""
        context = self._get_context()
        known = context.get(f"{key}s") or [{}]
        if known[-1]:
            super()._sync_author_detail(key)
        elif context.get(key):
            context[key] = context[key][:LONGEST_AUTHOR]
            known[-1]["name"] = context[key]


def _parts(name: str) -> tuple[str, str, str]:
    """A namespace's address, a name in it and its prefix, each empty where there is none."""
    parts = name.split(_APART)
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""


def _decoded_twice(text: str) -> str:
    """What was UTF-8, was taken for Western European and written as UTF-8 once more, set right."""
    try:
        return text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text
