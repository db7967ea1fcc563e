"""Inputs of `read` and `import`: text, HTML, URLs and JSON Lines become drafts, each with its id or its error."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.ports import FeedReader
from news.articles import ArticleDraft
from news.errors import FeedError, UnreadableInput
from news.feeds import Page
from news.times import parse_time

MOST_BYTES = 64 * 2**20
"""A file larger than this is refused (JSON Lines may be larger: they are read line by line)."""
MOST_LINE = 16 * 2**20
HEADLINE = 120
"""A text file's first line is its title when it is shorter than this and ends in no full stop."""


@dataclass(frozen=True, slots=True)
class Input:
    """One article to be: a draft, or why there is none."""

    key: str
    draft: ArticleDraft | None = None
    error: UnreadableInput | None = None


async def read_inputs(sources: Sequence[str], reader: FeedReader) -> AsyncIterator[Input]:
    """The inputs in the order given. One that cannot be read does not hinder the others."""
    for source in sources:
        if source.startswith(("http://", "https://")):
            yield await _from_url(source, reader)
        elif source.endswith((".jsonl", ".jsonl.gz")):
            for item in _from_lines(source):
                yield item
        else:
            yield await _from_file(source, reader)


async def _from_url(url: str, reader: FeedReader) -> Input:
    try:
        return Input(url, _draft_of_page(await reader.page(url)))
    except UnreadableInput as error:
        return Input(url, error=error)
    except FeedError as error:
        return Input(url, error=UnreadableInput("fetch", str(error)))


async def _from_file(source: str, reader: FeedReader) -> Input:
    try:
        body = bytes_of(source)
        if source.lower().endswith((".html", ".htm", ".xhtml")):
            return Input(source, _draft_of_page(await reader.extract(body)))
        return Input(source, draft_of_text(decode(body, source), source))
    except UnreadableInput as error:
        return Input(source, error=error)


def bytes_of(source: str) -> bytes:
    path = Path(source)
    try:
        if path.is_dir():
            raise UnreadableInput("missing", f"{source} is a folder: name the files in it.")
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableInput("too_large", f"{source} is larger than {MOST_BYTES >> 20} MiB: split it.")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableInput("missing", f"{source} is not there: check the name.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableInput("missing", f"{source} cannot be opened: {reason}.") from None


def decode(body: bytes, source: str) -> str:
    """The file's text in UTF-8 or, with its mark, UTF-16; line ends become newlines."""
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableInput("binary", f"{source} is not text in UTF-8: convert it first.") from None
    if "\0" in text:
        raise UnreadableInput("binary", f"{source} is a binary file: give text, HTML or JSON Lines.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def draft_of_text(text: str, source: str) -> ArticleDraft:
    """The text as an article, titled by its first line when that looks like a headline."""
    if not text.strip():
        raise UnreadableInput("empty", f"{source} is empty: there is nothing to read in it.")
    first = next(line.strip() for line in text.split("\n") if line.strip())
    title = first if len(first) < HEADLINE and not first.endswith(".") else None
    return ArticleDraft(text=text, title=title)


def _draft_of_page(page: Page) -> ArticleDraft:
    return ArticleDraft(
        text=page.text,
        title=page.title,
        outlet=page.outlet,
        url=page.url or None,
        published=page.published,
        byline=page.byline,
        language=page.language,
    )


def _from_lines(source: str) -> Iterator[Input]:
    """One article a line; a broken line gives an error of its own, named by its number."""
    try:
        if Path(source).is_dir():
            raise UnreadableInput("missing", f"{source} is a folder: name the files in it.")
        opener = gzip.open if source.endswith(".gz") else open
        with opener(source, "rb") as lines:
            number = 0
            while line := lines.readline(MOST_LINE):
                number += 1
                if len(line) == MOST_LINE and not line.endswith(b"\n"):
                    while (rest := lines.readline(MOST_LINE)) and not rest.endswith(b"\n"):
                        pass
                    message = f"{source}:{number} is longer than {MOST_LINE >> 20} MiB: split the article."
                    yield Input(f"{source}:{number}", error=UnreadableInput("too_large", message))
                elif line.strip():
                    yield _from_line(line, f"{source}:{number}")
    except FileNotFoundError:
        yield Input(source, error=UnreadableInput("missing", f"{source} is not there: check the name."))
    except UnreadableInput as error:
        yield Input(source, error=error)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        reason = f"{source} cannot be read to its end: {error}."
        yield Input(source, error=UnreadableInput("binary", reason))


def _from_line(line: bytes, place: str) -> Input:
    key = place
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise UnreadableInput("bad_json", f"{place} holds no JSON object: write {{id, text, …}}.")
        if isinstance(row.get("id"), str | int) and str(row["id"]).strip():
            key = str(row["id"])
        else:
            raise UnreadableInput("bad_value", f"{place} has no id: give each article one.")
        return Input(key, _draft_of_row(row, place))
    except UnreadableInput as error:
        return Input(key, error=error)
    except (ValueError, RecursionError):
        return Input(key, error=UnreadableInput("bad_json", f"{place} is no JSON: one object a line."))


def _web_link(url: str | None) -> str | None:
    """The address, if it is one of the web: another one may do something else than lead to an article."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def _draft_of_row(row: dict[str, Any], place: str) -> ArticleDraft:
    for name in ("text", "title", "outlet", "url", "published"):
        if not isinstance(row.get(name), str | None):
            raise UnreadableInput("bad_value", f"{place}: {name} is no string.")
    text = row.get("text") or ""
    if not text.strip():
        text = row.get("title") or ""  # a headline alone still tells of an event
    if not text.strip():
        raise UnreadableInput("empty", f"{place} has no text: there is nothing to read in it.")
    published = None
    if row.get("published"):
        try:
            published = parse_time(row["published"])
        except (ValueError, OverflowError):
            raise UnreadableInput("bad_value", f"{place}: published is no ISO date or time.") from None
    return ArticleDraft(
        text=text,
        title=row.get("title") or None,
        outlet=row.get("outlet") or None,
        url=_web_link(row.get("url")),
        published=published,
    )
