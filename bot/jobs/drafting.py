"""Drafting: what an entry, and the page behind it, are worth as an article; pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from news.articles import ArticleDraft
from news.feeds import Entry, Feed, Page
from news.links import identity, is_own
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


def is_whole(entry: Entry, feed: Feed) -> bool:
    """Whether the feed itself carries the article, so that its page need not be fetched.

    Only where feed and article are of one site: any other feed could put any words under an address.
    """
    whole = len(entry.content) >= WHOLE and not _CUT_OFF.search(entry.content[-200:])
    return whole and is_own(entry.url, feed.url)


def draft_of_page(entry: Entry, page: Page, feed: Feed, outlet: str | None) -> ArticleDraft:
    """The article as its page has it. A feed of other outlets' articles does not name or label them."""
    own = is_own(page.url or entry.url, feed.url)
    return ArticleDraft(
        text=page.text,
        title=(entry.title if own else page.title) or page.title or entry.title,
        outlet=(outlet if own else page.outlet) or page.outlet or outlet,
        url=page.url or entry.url,
        published=entry.published or page.published,
        byline=page.byline or entry.byline,
        language=page.language,
        modified=page.modified or entry.updated,
        partial=page.partial,
    )


def draft_of_entry(entry: Entry, feed: Feed, outlet: str | None) -> ArticleDraft | None:
    """The article in the feed's own words; None where it has none. A headline alone still tells of an event."""
    text = entry.text if entry.text.strip() else entry.title or ""
    if not text.strip():
        return None
    return ArticleDraft(
        text=text,
        title=entry.title,
        outlet=outlet,
        url=entry.url,
        published=entry.published,
        byline=entry.byline,
        modified=entry.updated,
        partial=not is_whole(entry, feed),
        vouched=is_own(entry.url, feed.url),
    )


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
