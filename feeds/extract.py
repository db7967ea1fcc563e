"""The article in a web page: its text in paragraphs, and what the page says about it."""

from __future__ import annotations

import logging
import re
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from feeds.addresses import same_site, shown, web_link
from feeds.encoding import decode
from feeds.markup import lines_of, tree_of
from feeds.metadata import Facts, facts_of
from news.errors import UnreadableInput
from news.feeds import Page
from news.times import parse_time

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

SHORTEST = 60
"""From so many characters on, what looks like the article is taken for it; below, the whole page is looked at."""
LONGEST = 200_000
"""Characters of an article that are read: a long book's chapter has a quarter of them."""
MOST_ELEMENTS = 30_000
"""A page of more start tags is refused, before it is parsed."""
CAREFULLY, QUICKLY = 2000, 3000
"""A page that weighs up to so much is read with all of trafilatura's second thoughts, and without them; a heavier one
is read line by line. What trafilatura does takes 10 to 100 µs an element, and as much for some characters of text."""
CHARACTERS, DEPTH = 25, 16
"""So many characters of text weigh as much as an element; one that stands deeper than so many weighs more."""
MOST_BLOCKS = 1000
"""Second thoughts take the square of the number of blocks of text; a page of more is read without."""
SHORT = 1500
"""A text of fewer characters on a page that says that it is not free to read is taken for the beginning of one."""

_START_TAG = re.compile("<[a-zA-Z]")
_WORDS = re.compile(r"[^\W_]")
_NEVER_TEXT = (
    "applet", "area", "audio", "base", "button", "canvas", "col", "colgroup", "datalist", "dialog", "embed", "frame",
    "frameset", "head", "iframe", "input", "link", "map", "marquee", "math", "meta", "meter", "noframes", "object",
    "optgroup", "option", "output", "param", "progress", "select", "source", "style", "svg", "textarea", "track", "video",
)  # fmt: skip
"""Elements in which no article stands; on many pages they are most of all elements."""
_AROUND = frozenset(
    {*_NEVER_TEXT, "aside", "footer", "form", "header", "nav", "noscript", "script", "template"}
)
_BLOCKS = (
    "count(.//*[self::p or self::div or self::td or self::th or self::tr or self::table or self::li or self::ul or self::dd"
    " or self::dt or self::pre or self::form or self::center or self::blockquote or self::caption or self::fieldset or self::section or self::article])"
)
_SCRIPTS = "//script[not(contains(@type, 'ld+json'))]"  # some pages have their text in that kind only


def extract(
    html: bytes | str,
    url: str | None = None,
    *,
    content_type: str | None = None,
    trust_canonical: bool = False,
) -> Page:
    """The article in a page's HTML. Raises UnreadableInput (`no_text`, `too_large`) when there is none to be read.

    `url` is where the page came from. A canonical link to another site is then not believed, unless
    `trust_canonical`: any page could name a stranger's article as itself. Without `url` it is believed, and
    `Page.url` is empty when there is none.
    """
    source = decode(html, content_type) if isinstance(html, bytes) else html
    if len(_START_TAG.findall(source)) > MOST_ELEMENTS:
        raise UnreadableInput(
            "too_large",
            f"{_where(url)} has more than {MOST_ELEMENTS:,} elements: give the address of one article.",
        )
    tree = tree_of(source)
    if tree is None or _size(tree) > 2 * MOST_ELEMENTS:  # some are only meant by others
        raise _no_text(url)
    facts = _completed(facts_of(tree, url), tree, url)
    _pare(tree)
    links = _links(tree)
    text, whole = _bounded(_text(tree, facts.title, links))
    if not _WORDS.search(text) or _mostly_links(text, links):
        raise _no_text(url)
    return Page(
        url=_address(facts.canonical, web_link(url), trusted=trust_canonical),
        text=text,
        title=facts.title,
        outlet=facts.outlet,
        byline=facts.byline,
        published=facts.published,
        modified=facts.modified,
        language=facts.language,
        partial=not whole or (not facts.free and len(text) < SHORT),
    )


def _bounded(text: str) -> tuple[str, bool]:
    """As much of the text as is read, in whole lines, and whether that is all."""
    if len(text) <= LONGEST:
        return text, True
    return text[: text.rfind("\n", 0, LONGEST) if "\n" in text[:LONGEST] else LONGEST], False


def _where(url: str | None) -> str:
    return shown(url) if url else "The page"


def _no_text(url: str | None) -> UnreadableInput:
    return UnreadableInput(
        "no_text", f"{_where(url)} holds no article text: give the address of one article."
    )


def _size(tree: HtmlElement) -> int:
    return int(tree.xpath("count(.//*)"))


def _address(canonical: str | None, url: str | None, *, trusted: bool) -> str:
    if canonical and (trusted or url is None or same_site(canonical, url)):
        return canonical
    return url or ""


def _completed(facts: Facts, tree: HtmlElement, url: str | None) -> Facts:
    """The facts, with what trafilatura finds in the body where the page does not say it in so many words."""
    if facts.title and facts.byline and facts.published:
        return facts
    if _extent(tree) > CAREFULLY:
        return replace(facts, title=facts.title or _headline(tree))
    _hush()  # before it is loaded: parts of it speak already then
    import trafilatura

    try:
        # A date somewhere in the text is no date of publication.
        found = trafilatura.extract_metadata(copy(tree), web_link(url), extensive=False)
    except Exception:  # noqa: BLE001 - strangers' markup fails in every way; none may end a round
        return facts
    return replace(
        facts,
        title=facts.title or found.title,
        byline=facts.byline or found.author,
        published=facts.published or _day(found.date),
    )


def _headline(tree: HtmlElement) -> str | None:
    found = tree.xpath("(//h1)[1] | (//head/title)[1]")
    return next(
        (words for element in reversed(found) if (words := " ".join(element.text_content().split()))), None
    )


def _pare(tree: HtmlElement) -> None:
    from lxml import etree

    etree.strip_elements(tree, *_NEVER_TEXT, with_tail=False)
    for script in tree.xpath(_SCRIPTS):
        script.drop_tree()


def _text(tree: HtmlElement, title: str | None, links: AbstractSet[str]) -> str:
    """The article's lines; a first one that only repeats the headline is no part of it."""
    weight = _weight(tree)
    if weight > QUICKLY:
        text = _lines(tree, links)
    else:
        body = _body(tree, fast=weight > CAREFULLY or tree.xpath(_BLOCKS) > MOST_BLOCKS)
        text = "" if body is None else lines_of(body)
    first, _, rest = text.partition("\n")
    return rest if title and title.casefold() == first.casefold() else text


def _weight(tree: HtmlElement) -> int:
    """How much work the page is: its elements, how deep they are nested, and its characters."""
    return _extent(tree) + int(tree.xpath("string-length()")) // CHARACTERS


def _extent(tree: HtmlElement) -> int:
    """Its elements, more where they are nested deep."""
    size = _size(tree)
    if size > QUICKLY:
        return size
    depths = 0
    waiting = [(tree, 1)]
    while waiting:
        element, depth = waiting.pop()
        depths += depth
        waiting += ((child, depth + 1) for child in element)
    return max(size, depths // DEPTH)


def _hush() -> None:
    for name in ("trafilatura", "htmldate", "courlan", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # that a page has no text is ours to say


def _body(tree: HtmlElement, *, fast: bool) -> _Element | None:
    """What trafilatura takes for the article; None when it finds none."""
    _hush()
    import trafilatura
    from trafilatura.settings import Extractor

    options = Extractor(output_format="python", comments=False, tables=False, dedup=False, fast=fast)
    options.min_extracted_size = SHORTEST
    try:
        document = trafilatura.bare_extraction(tree, options=options)
    except Exception:  # noqa: BLE001 - as above
        return None
    return getattr(document, "body", None)


def _lines(tree: HtmlElement, links: AbstractSet[str]) -> str:
    """The lines of a very large page: those of what it marks as the article, else all, without what is around them."""
    marked = tree.xpath("(//article | //main | //*[@role='main'])[position() <= 20]")
    place = max(marked, key=lambda element: int(element.xpath("string-length()")), default=tree)
    lines = lines_of(place, hidden=_AROUND).split("\n")
    return "\n".join(line for line in lines if line not in links)


def _mostly_links(text: str, links: AbstractSet[str]) -> bool:
    """Whether most of the text is whole lines of link: a front page or what is left of a closed article."""
    linked = sum(len(line) for line in text.split("\n") if line in links)
    return linked * 2 > len(text)


def _links(tree: HtmlElement) -> AbstractSet[str]:
    """The texts of all links."""
    texts = {(link.text_content() if len(link) else link.text) or "" for link in tree.iter("a")}
    return {" ".join(text.split()) for text in texts}


def _day(date: str | None) -> datetime | None:
    try:
        return parse_time(date) if date else None
    except ValueError:
        return None
