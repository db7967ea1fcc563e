"""Broken feed documents made well-formed: one pass over their tags, in time that grows with their length only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.entities import html5
from xml.sax.saxutils import escape

MOST_ELEMENTS = 1250
"""So many elements, and one more for each `DENSITY` characters, are read: one costs what 125 characters do."""
DENSITY = 125
MOST_PIECES = 5000
PIECES_DENSITY = 25
"""As above, for the tags, comments and stretches of text of a document that is broken."""
DEEPEST = 100
"""Elements further in are left out."""
LONGEST_ATTRIBUTES = 20_000
MOST_ENTITIES = 300
MOST_NAMESPACES = 200
MOST_GROWTH = 200_000
"""By so many characters, what a DOCTYPE declares may make a document longer."""

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|rdf|feed|channel)(?=[\s>/])", re.IGNORECASE | re.ASCII)
_ENTITY = re.compile(
    r"<!ENTITY\s{1,20}([\w.-]{1,60})\s{1,20}(?:\"([^\"<&%]{0,500})\"|'([^'<&%]{0,500})'|[\"'](&\#\w{1,8};)[\"'])"
)
# Each alternative ends at the next `<`, so that nothing is looked at twice.
_TAG = re.compile(
    r"<(/?)([A-Za-z_][\w.:-]*+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>|<(/?)([A-Za-z_][\w.:-]*+)([^<>]*+)>"
)
_NO_TEXT = re.compile(r"<[A-Za-z_/!?]")
_ATTRIBUTE = re.compile(r"(?<![\w.:-])([A-Za-z_][\w.:-]*+)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_REFERENCE = re.compile(r"&(?:(\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{0,31});)?", re.ASCII)
_NAME = re.compile(r"(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*", re.ASCII)
_XHTML = re.compile(r"xhtml|^xml$", re.IGNORECASE)
_FIVE = frozenset({"amp", "lt", "gt", "quot", "apos"})
_HOLDERS = frozenset(
    """
    rss rdf feed channel item entry image textinput author contributor source skiphours skipdays items seq group owner
    """.split()  # noqa: SIM905 - as a list of literals it fills a page
)
"""Elements that hold elements; all others hold text."""
_ENTRIES = frozenset({"item", "entry"})
_ROOTS = frozenset({"rss", "rdf", "feed"})
_HTML = frozenset(
    """
    a abbr acronym address b big blockquote body br center cite code dd del div dl dt em embed figcaption figure font form h1
    h2 h3 h4 h5 h6 head hr html i iframe img input ins kbd label li meta nobr object ol option p param pre q s script section
    select small span strike strong style sub sup table tbody td th thead tr tt u ul video wbr
    """.split()  # noqa: SIM905 - as above
)
"""Tags that stand for markup where they come in an element that holds text."""
_SPACES = {
    "admin": "http://webns.net/mvcb/", "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/", "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/", "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/", "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}  # fmt: skip


_ATOM = ' xmlns="http://www.w3.org/2005/Atom"'
_RESERVED = frozenset({"http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"})


def root_of(text: str) -> int | None:
    """Where the feed's first element starts; None when there is none."""
    found = _ROOT.search(text)
    return found.start() if found else None


def entities_of(head: str) -> dict[str, str]:
    """What a DOCTYPE declares, as far as it is plain text: no entity within another, none from elsewhere."""
    found: dict[str, str] = {}
    if "<!ENTITY" in head:
        for declared in _ENTITY.finditer(head):
            name, double, single, number = declared.groups()
            found.setdefault(
                name, references_mended(number, {}) if number else escape(double or single or "")
            )
            if len(found) == MOST_ENTITIES:
                break
    return found


def most_elements(text: str) -> int:
    """How many elements of a document are read; only one that is made to cost time has more."""
    return MOST_ELEMENTS + len(text) // DENSITY


def affordable(entities: Mapping[str, str], text: str) -> Mapping[str, str]:
    """The entities, unless they could make the document much longer."""
    longest = max(map(len, entities.values()), default=0)
    return entities if longest * text.count("&") <= MOST_GROWTH else {}


def mended(text: str, entities: Mapping[str, str]) -> str:
    """The document, which begins with its first element, as well-formed XML."""
    return _Mender(affordable(entities, text)).mend(text)


def references_mended(text: str, entities: Mapping[str, str]) -> str:
    """The text with each reference as a character or as one of XML's own five, and no other `&`."""
    if "&" not in text:
        return text

    def mend(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "&amp;"
        if name[0] == "#":
            return _character(name[1:])
        if name in _FIVE:
            return found[0]
        if name in entities:
            return entities[name]
        known = html5.get(f"{name};")
        return escape(known) if known else f"&amp;{name};"

    return _REFERENCE.sub(mend, text)


def _character(number: str) -> str:
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    if (
        code in {0x9, 0xA, 0xD}
        or 0x20 <= code < 0xD800
        or 0xE000 <= code < 0xFFFE
        or 0x10000 <= code < 0x110000
    ):
        return f"&#{code};"
    return ""


def _declares_well(name: str, value: str) -> bool:
    """Whether an attribute is none that declares a namespace in a way that XML forbids."""
    if not name.startswith("xmlns"):
        return True
    return (
        value not in _RESERVED
        and name not in {"xmlns:xml", "xmlns:xmlns"}
        and (bool(value) or name == "xmlns")
    )


def _local(tag: str) -> str:
    return tag.rpartition(":")[2].lower()


@dataclass(slots=True)
class _Open:
    tag: str
    local: str
    escaped: bool
    """Whether markup in it is XHTML, which becomes escaped HTML."""

    @property
    def holds_text(self) -> bool:
        return self.local not in _HOLDERS


@dataclass(slots=True)
class _Mender:
    entities: Mapping[str, str]
    out: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    """Prefixes that the root declares itself."""
    started: int = 0

    def mend(self, text: str) -> str:
        most, elements = MOST_PIECES + len(text) // PIECES_DENSITY, most_elements(text)
        if not _TAG.match(text) and (root := _ROOT.match(text)):  # it is broken itself
            name = root[0][1:]
            self._start(name, _local(name), _ATOM if _local(name) == "feed" else "")
        for number, (start, end, tag) in enumerate(self._pieces(text)):
            if number > most or self.started > elements:
                break
            if tag is not None:
                self._tag(tag)
            elif text.startswith("<![CDATA[", start):
                inner = text[start + 9 : end - 3 if text.startswith("]]>", end - 3) else end]
                self._words(escape(inner), plain=True)
            elif not text.startswith(("<!", "<?"), start):
                self._words(text[start:end])
        while self.stack:
            self._pop()
        return self._rooted()

    def _pieces(self, text: str) -> Iterator[tuple[int, int, re.Match[str] | None]]:
        """Where each tag, comment, section or stretch of text starts and ends, and what a tag says."""
        place, length = 0, len(text)
        missing: set[str] = set()

        def until(mark: str, start: int) -> int:
            """The end of the mark, which is looked for to the document's end but once."""
            found = -1 if mark in missing else text.find(mark, start)
            if found < 0:
                missing.add(mark)
            return found + len(mark) if found >= 0 else -1

        while place < length:
            tag = None
            if not _NO_TEXT.match(text, place):
                following = _NO_TEXT.search(text, place)
                end = following.start() if following else length
            elif text.startswith("<![CDATA[", place):
                end = until("]]>", place)
                end = self._without_end(text, place) if end < 0 else end
            elif text.startswith("<!--", place):
                end = max(until("-->", place + 4), place + 4)
            elif text.startswith(("<!", "<?"), place):
                end = max(until(">", place), place + 2)
            elif tag := _TAG.match(text, place):
                end = tag.end()
            else:
                following = _NO_TEXT.search(text, place + 1)
                end = following.start() if following else length
            yield place, end, tag
            place = end

    def _without_end(self, text: str, place: int) -> int:
        """Where a section that is never closed ends: with the element that it stands in."""
        top = self.stack[-1].tag if self.stack else ""
        end = text.find(f"</{top}", place) if top else -1
        return len(text) if end < 0 else end

    def _words(self, words: str, *, plain: bool = False) -> None:
        if not self.stack:
            return
        if not plain:
            words = references_mended(words, self.entities).replace("<", "&lt;").replace(">", "&gt;")
        self.out.append(words.replace("&", "&amp;") if self.stack[-1].escaped else words)

    def _tag(self, tag: re.Match[str]) -> None:
        whole = tag[0]
        closing, name, rest = (tag[1], tag[2], tag[3]) if tag[2] else (tag[4], tag[5], tag[6])
        local = _local(name)
        top = self.stack[-1] if self.stack else None
        if top and top.escaped and not (closing and local == top.local):
            self.out.append(escape(whole) if not closing or local not in _ENTRIES else "")
            if closing and local in _ENTRIES:
                self._end(local)
        elif top and top.holds_text and local in _HTML and not (closing and local == top.local):
            self.out.append("" if top.local == "title" else escape(whole))
        elif closing:
            self._end(local)
        else:
            self._start(name, local, rest)

    def _start(self, name: str, local: str, rest: str) -> None:
        if not _NAME.fullmatch(name) or name.startswith("xmlns:") or (self.stack and local in _ROOTS):
            return
        if local in _ENTRIES:
            for each in _ENTRIES:
                if self.counts.get(each):
                    self._end(each)
            while self.stack and self.stack[-1].holds_text:
                self._pop()
        elif self.stack and self.stack[-1].holds_text and ":" not in self.stack[-1].tag:
            self._pop()  # one that was never closed: text elements hold no others
        if len(self.stack) >= DEEPEST:
            return
        empty = rest.rstrip().endswith("/")
        attributes, escaped = self._attributes(rest[:LONGEST_ATTRIBUTES])
        if not self._may_use(name.rpartition(":")[0]):
            return
        self.out.append(f"<{name}{attributes}>")
        self.stack.append(_Open(name, local, escaped and local not in _HOLDERS))
        self.counts[local] = self.counts.get(local, 0) + 1
        self.started += 1
        if empty and not (local in _ROOTS and len(self.stack) == 1):
            self._pop()

    def _attributes(self, rest: str) -> tuple[str, bool]:
        kept: dict[str, str] = {}
        escaped = False
        for found in _ATTRIBUTE.finditer(rest):
            name, value = found[1], found[2] or found[3] or found[4] or ""
            if not _NAME.fullmatch(name) or not _declares_well(name, value) or name in kept:
                continue
            if not self._may_use(name.rpartition(":")[0]):
                continue
            if name in {"type", "mode"} and _XHTML.search(value):
                escaped, value = True, "html" if name == "type" else "escaped"
            value = references_mended(value, self.entities).replace("<", "&lt;").replace('"', "&quot;")
            kept[name] = value
            if not self.stack and name.startswith("xmlns:"):
                self.declared.add(name.removeprefix("xmlns:"))
        return "".join(f' {name}="{value}"' for name, value in kept.items()), escaped

    def _may_use(self, prefix: str) -> bool:
        """Whether a prefix is none, or one of those that the root will declare."""
        if prefix and prefix not in {"xml", "xmlns"} and len(self.prefixes) < MOST_NAMESPACES:
            self.prefixes.add(prefix)
        return prefix in {"", "xml", "xmlns"} or prefix in self.prefixes

    def _end(self, local: str) -> None:
        if not self.counts.get(local) or local in _ROOTS:
            return
        if local == self.stack[0].local and self.counts[local] == 1:
            return  # the root stays open to the end
        top = self.stack[-1]
        if top.local != local and local not in _HOLDERS:
            return  # a stray one: what is open now goes on
        while self._pop().local != local:
            pass

    def _pop(self) -> _Open:
        top = self.stack.pop()
        self.counts[top.local] -= 1
        self.out.append(f"</{top.tag}>")
        return top

    def _rooted(self) -> str:
        """With what is used but not declared as a namespace declared on the root."""
        root = self.out[0] if self.out else ""
        missing = sorted(self.prefixes - self.declared)
        declared = "".join(f' xmlns:{p}="{_SPACES.get(p.lower(), f"urn:undeclared:{p}")}"' for p in missing)
        return "".join([root[:-1] + declared + ">", *self.out[1:]]) if root else ""
