"""Drafting: what an entry, and the page behind it, are worth as an article; pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from news.arrivals import Arrival
from news.articles import ArticleDraft
from news.feeds import Entry, Page
from news.links import entry_identity, identity, is_home, is_own
from news.times import plausible

AHEAD = timedelta(days=1)
"""How far in the future an article may say it was published: clocks and zones go wrong by hours."""
OVERLOOKED = timedelta(days=1)
"""An entry that turns up with a time of publication this long before our last look is old, not new."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When what has no time and came with a feed's first reading counts as news: for no digest."""
WHOLE = 1_500
"""Characters from which on a feed's content is taken for the whole article; a teaser is rarely half as long."""

_CUT_OFF = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:read|continue|see|view)\s+(?:more|reading|full|the\s+full|the\s+rest)[^\n]{0,80})"
    r"[\s»→>\])]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who says what a feed says."""

    addresses: tuple[str, ...]
    """The feed's, and where it was read in the end: a site that redirects to a stranger's feed does not speak in it."""
    outlet: str | None = None

    def owns(self, url: str | None) -> bool:
        """Whether the feed is of the article's own site: any other could put any words under its address."""
        return all(is_own(url, address) for address in self.addresses)


def is_whole(entry: Entry, publisher: Publisher) -> bool:
    """Whether the feed itself carries the article, so that its page need not be fetched."""
    whole = len(entry.content) >= WHOLE and not _CUT_OFF.search(entry.content[-200:])
    return whole and publisher.owns(entry.url)


def draft_of_page(entry: Entry, page: Page, publisher: Publisher) -> ArticleDraft:
    """The article as its page has it. A feed of other outlets' articles does not name or label them."""
    # Some sites give their first page as the canonical address of every page.
    url = entry.url if is_home(page.url) and not is_home(entry.url) else page.url or entry.url
    own = publisher.owns(url)
    return ArticleDraft(
        text=page.text,
        title=(entry.title if own else page.title) or page.title or entry.title,
        outlet=(publisher.outlet if own else page.outlet) or page.outlet or publisher.outlet,
        url=url,
        published=entry.published or page.published,
        byline=page.byline or entry.byline,
        language=page.language,
        modified=page.modified or entry.updated,
        partial=page.partial,
    )


def draft_of_entry(entry: Entry, publisher: Publisher) -> ArticleDraft | None:
    """The article in the feed's own words; None where it has none. A headline alone still tells of an event."""
    text = entry.text if entry.text.strip() else entry.title or ""
    if not text.strip():
        return None
    return ArticleDraft(
        text=text,
        title=entry.title,
        outlet=publisher.outlet,
        url=entry.url,
        published=entry.published,
        byline=entry.byline,
        modified=entry.updated,
        partial=not is_whole(entry, publisher),
        vouched=publisher.owns(entry.url),
    )


def apart(arrivals: Sequence[Arrival]) -> tuple[Arrival, ...]:
    """The arrivals; where pages of several lead to one address, as to one that asks to log in, in the feed's own words."""
    led = [identity(arrival.draft.url) for arrival in arrivals]
    astray = [
        address is not None and entry_identity(arrival.draft.url) != arrival.address
        for arrival, address in zip(arrivals, led, strict=True)
    ]
    shared = Counter(address for address, stray in zip(led, astray, strict=True) if stray)
    return tuple(
        replace(arrival, draft=arrival.instead)
        if stray and shared[address] > 1 and arrival.instead
        else arrival
        for arrival, address, stray in zip(arrivals, led, astray, strict=True)
    )


def without_stamp(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries; where all were changed at one moment, that was when the document was made, and it tells nothing."""
    if len(entries) < 3 or len({entry.updated for entry in entries}) > 1:
        return entries
    return [replace(entry, updated=None) for entry in entries]


def credible(draft: ArticleDraft, now: datetime) -> ArticleDraft:
    """Without times that cannot be true: one to come would top every list until then."""
    published, modified = (_past(moment, now) for moment in (draft.published, draft.modified))
    return replace(draft, published=published, modified=modified)


def arrival(published: datetime | None, now: datetime, last_success: datetime | None) -> datetime | None:
    """None for what is new, which arrives when it is stored; when it was published, for what is new to us alone.

    That is all that a first reading brings, and later on what was published long before we last looked.
    """
    if published is None:
        return LONG_AGO if last_success is None else None
    old = last_success is None or published < last_success - OVERLOOKED
    return min(published, now) if old else None


def fingerprint(entry: Entry) -> str:
    """A hash of the entry as published: another one means that the outlet edited it."""
    parts = (
        entry.title or "",
        entry.text,
        identity(entry.url) or "",
        entry.updated.isoformat() if entry.updated else "",
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _past(moment: datetime | None, now: datetime) -> datetime | None:
    moment = plausible(moment)
    return None if moment is not None and moment > now + AHEAD else moment
