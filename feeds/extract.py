"""The article in a web page: its text in paragraphs, and what the page says about it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from feeds.addresses import same_site, shown, web_link
from feeds.encoding import decode
from feeds.markup import lines_of, tidy, tree_of
from feeds.metadata import Facts, facts_of
from news.errors import UnreadableInput
from news.feeds import Page
from news.times import parse_time

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SHORTEST = 60
"""From so many characters on, what looks like the article is taken for it; below, the whole page is looked at."""


def extract(
    html: bytes | str,
    url: str | None = None,
    *,
    content_type: str | None = None,
    trust_canonical: bool = False,
) -> Page:
    """The article in a page's HTML. Raises UnreadableInput (`no_text`) when there is none.

    `url` is where the page came from. A canonical link to another site is then not believed, unless
    `trust_canonical`: any page could name a stranger's article as itself. Without `url` it is believed, and
    `Page.url` is empty when there is none.
    """
    tree = tree_of(decode(html, content_type) if isinstance(html, bytes) else html)
    facts = Facts() if tree is None else facts_of(tree, url)
    document = None if tree is None else _document(tree, url)
    if document is None:
        raise _no_text(url)
    title = facts.title or document.title
    text = _body(document.body, title, document.title)
    if not text or _mostly_links(text, tree):
        raise _no_text(url)
    return Page(
        url=_address(facts.canonical, web_link(url), trusted=trust_canonical),
        text=text,
        title=title,
        outlet=facts.outlet,
        byline=facts.byline or document.author,
        published=facts.published or _day(document.date),
        language=facts.language,
    )


def _no_text(url: str | None) -> UnreadableInput:
    where = shown(url) if url else "The page"
    return UnreadableInput("no_text", f"{where} holds no article text: give the address of one article.")


def _address(canonical: str | None, url: str | None, *, trusted: bool) -> str:
    if canonical and (trusted or url is None or same_site(canonical, url)):
        return canonical
    return url or ""


def _document(tree: HtmlElement, url: str | None) -> Any:  # noqa: ANN401 - lxml has no types
    """What trafilatura takes for the article; None when it finds none."""
    import trafilatura
    from trafilatura.settings import Extractor

    for name in ("trafilatura", "htmldate", "courlan", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # that a page has no text is ours to say
    options = Extractor(
        output_format="python",
        comments=False,
        tables=False,
        dedup=False,
        with_metadata=True,
        url=web_link(url),
    )
    options.date_params["extensive_search"] = False  # a date somewhere in the text is no date of publication
    options.min_extracted_size = SHORTEST
    try:
        return trafilatura.bare_extraction(tree, options=options)
    except Exception:  # noqa: BLE001 - strangers' markup fails in every way; none may end a round
        return None


def _body(body: HtmlElement, *headlines: str | None) -> str:
    """The article's lines; a first one that only repeats the headline is no part of it."""
    text = lines_of(body)
    first, _, rest = text.partition("\n")
    repeated = any(headline and headline.casefold() == first.casefold() for headline in headlines)
    return rest if rest and repeated else text


def _mostly_links(text: str, tree: HtmlElement) -> bool:
    """Whether most of the text is whole lines of link: a front page or what is left of a closed article."""
    links = {tidy(link.text_content()) for link in tree.iter("a")}
    linked = sum(len(line) for line in text.split("\n") if line in links)
    return linked * 2 > len(text)


def _day(date: str | None) -> datetime | None:
    try:
        return parse_time(date) if date else None
    except ValueError:
        return None
