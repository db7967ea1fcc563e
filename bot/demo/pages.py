"""How the sample wire looks on the web: its feeds as RSS and Atom, its articles and front pages as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.demo.sample import FeedFormat, SampleArticle, SampleOutlet, Version

_PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='640' height='360'%3E"
    "%3Crect width='640' height='360' fill='%23b8c4cc'/%3E%3C/svg%3E"
)
_RELATED = 3


@dataclass(frozen=True, slots=True)
class View:
    """One outlet as the world sees it at a moment, from one address."""

    outlet: SampleOutlet
    base_url: str
    """Without a slash at its end."""
    until: datetime | None = None
    """Nothing that was put out later is shown; None shows all."""

    @property
    def home(self) -> str:
        """The address of the outlet's front page."""
        return f"{self.base_url}/{self.outlet.slug}/"

    @property
    def feed_url(self) -> str:
        """The address of its feed."""
        return f"{self.home}feed.xml"

    @property
    def shown(self) -> tuple[tuple[SampleArticle, Version], ...]:
        """Its published articles in their current versions, newest first."""
        seen = ((article, article.version_at(self.until)) for article in reversed(self.outlet.articles))
        return tuple((article, version) for article, version in seen if version is not None)

    @property
    def changed(self) -> datetime | None:
        """When something was last put out; None before the first article."""
        return max((version.at for _, version in self.shown), default=None)

    def link(self, article: SampleArticle) -> str:
        """The address of the article's page."""
        return f"{self.home}{article.slug}"


def feed_document(view: View) -> bytes:
    """The outlet's feed, in the outlet's format."""
    root = _rss(view) if view.outlet.format is FeedFormat.RSS else _atom(view)
    return _xml(root)


def article_page(view: View, slug: str) -> bytes | None:
    """The HTML page of the article; None when it does not exist or is not published yet."""
    for article, version in view.shown:
        if article.slug == slug:
            return _html(_article_root(view, article, version))
    return None


def front_page(view: View) -> bytes:
    """The outlet's front page: its headlines, newest first."""
    root = _element("html", lang="en")
    _head(root, view, view.outlet.name, view.home)
    body = _child(root, "body")
    _header(body, view)
    _links(_child(body, "main"), view, view.shown)
    _footer(body, view)
    return _html(root)


def _rss(view: View) -> Element:
    root = _element(
        "rss",
        version="2.0",
        **{
            "xmlns:atom": "http://www.w3.org/2005/Atom",
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        },
    )
    channel = _child(root, "channel")
    _child(channel, "title", view.outlet.name)
    _child(channel, "link", view.home)
    _child(channel, "description", view.outlet.about)
    _child(channel, "language", "en")
    _child(channel, "atom:link", rel="self", type="application/rss+xml", href=view.feed_url)
    if view.changed:
        _child(channel, "lastBuildDate", _rfc822(view.changed))
    for article, version in view.shown:
        _rss_item(channel, view, article, version)
    return root


def _rss_item(channel: Element, view: View, article: SampleArticle, version: Version) -> None:
    item = _child(channel, "item")
    _child(item, "title", version.title)
    _child(item, "link", view.link(article))
    _child(item, "guid", _permanent_id(view.outlet, article), isPermaLink="false")
    _child(item, "pubDate", _rfc822(article.published))
    _child(item, "atom:updated", version.at.isoformat())
    _child(item, "dc:creator", article.byline)
    _child(item, "category", article.section)
    _child(item, "description", version.paragraphs[0])
    if view.outlet.full_text:
        _child(item, "content:encoded", _paragraphs_html(version))


def _atom(view: View) -> Element:
    root = _element("feed", xmlns="http://www.w3.org/2005/Atom", **{"xml:lang": "en"})
    _child(root, "title", view.outlet.name)
    _child(root, "subtitle", view.outlet.about)
    _child(root, "id", f"tag:{view.outlet.slug}.example,2024:feed")
    _child(root, "link", rel="self", type="application/atom+xml", href=view.feed_url)
    _child(root, "link", rel="alternate", type="text/html", href=view.home)
    _child(root, "updated", (view.changed or datetime.fromtimestamp(0, UTC)).isoformat())
    for article, version in view.shown:
        _atom_entry(root, view, article, version)
    return root


def _atom_entry(root: Element, view: View, article: SampleArticle, version: Version) -> None:
    entry = _child(root, "entry")
    _child(entry, "title", version.title)
    _child(entry, "id", _permanent_id(view.outlet, article))
    _child(entry, "link", rel="alternate", type="text/html", href=view.link(article))
    _child(entry, "published", article.published.isoformat())
    _child(entry, "updated", version.at.isoformat())
    _child(_child(entry, "author"), "name", article.byline)
    _child(entry, "category", term=article.section)
    _child(entry, "summary", version.paragraphs[0], type="text")
    if view.outlet.full_text:
        _child(entry, "content", _paragraphs_html(version), type="html")


def _article_root(view: View, article: SampleArticle, version: Version) -> Element:
    root = _element("html", lang="en")
    head = _head(root, view, version.title, view.link(article))
    _meta(head, "og:type", "article")
    _meta(head, "article:published_time", article.published.isoformat())
    _meta(head, "article:section", article.section)
    _child(head, "meta", name="author", content=article.byline)
    _child(head, "meta", name="description", content=version.paragraphs[0])
    if version.at != article.published:
        _meta(head, "article:modified_time", version.at.isoformat())
    body = _child(root, "body")
    _header(body, view)
    main = _child(body, "main")
    _story(main, article, version)
    others = [pair for pair in view.shown if pair[0] is not article][:_RELATED]
    aside = _child(main, "aside", **{"class": "related"})
    _child(aside, "h2", "More from us")
    _links(aside, view, others)
    _footer(body, view)
    return root


def _story(main: Element, article: SampleArticle, version: Version) -> None:
    story = _child(main, "article")
    _child(story, "h1", version.title)
    byline = _child(story, "div", **{"class": "byline"})
    _child(byline, "span", f"By {article.byline}", **{"class": "author"})
    _moment(byline, "Published", article.published)
    if version.at != article.published:
        _moment(byline, "Updated", version.at)
    figure = _child(story, "figure")
    _child(figure, "img", src=_PICTURE, alt="", width="640", height="360")
    _child(figure, "figcaption", article.caption)
    text = _child(story, "div", **{"class": "article-body"})
    for paragraph in version.paragraphs:
        _child(text, "p", paragraph)


def _head(root: Element, view: View, title: str, address: str) -> Element:
    head = _child(root, "head")
    _child(head, "meta", charset="utf-8")
    _child(head, "title", title if title == view.outlet.name else f"{title} | {view.outlet.name}")
    _child(head, "link", rel="canonical", href=address)
    kind = "application/rss+xml" if view.outlet.format is FeedFormat.RSS else "application/atom+xml"
    _child(head, "link", rel="alternate", type=kind, title=view.outlet.name, href=view.feed_url)
    _meta(head, "og:site_name", view.outlet.name)
    _meta(head, "og:title", title)
    _meta(head, "og:url", address)
    return head


def _header(body: Element, view: View) -> None:
    header = _child(body, "header")
    _child(header, "a", view.outlet.name, href=view.home)
    nav = _child(header, "nav")
    for section in sorted({article.section for article, _ in view.shown}):
        _child(nav, "a", section, href=view.home)


def _footer(body: Element, view: View) -> None:
    footer = _child(body, "footer")
    _child(footer, "p", f"{view.outlet.name}. All rights reserved. Everything on this page is invented.")
    _child(footer, "a", "Subscribe to our feed", href=view.feed_url)


def _links(parent: Element, view: View, articles: Sequence[tuple[SampleArticle, Version]]) -> None:
    listing = _child(parent, "ul")
    for article, version in articles:
        _child(_child(listing, "li"), "a", version.title, href=view.link(article))


def _moment(parent: Element, label: str, moment: datetime) -> None:
    shown = f"{label} {moment.day} {moment:%B %Y, %H:%M} UTC"
    _child(parent, "time", shown, datetime=moment.isoformat())


def _permanent_id(outlet: SampleOutlet, article: SampleArticle) -> str:
    """The same for every version of the article and at every address that it is served from."""
    return f"tag:{outlet.slug}.example,{article.published:%Y-%m-%d}:{article.slug}"


def _paragraphs_html(version: Version) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in version.paragraphs)


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _element(tag: str, **attributes: str) -> Element:
    return Element(tag, attributes)


def _child(parent: Element, tag: str, text: str | None = None, /, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    element.text = text
    return element


def _meta(head: Element, name: str, content: str) -> None:
    _child(head, "meta", property=name, content=content)


def _xml(root: Element) -> bytes:
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _html(root: Element) -> bytes:
    document: bytes = tostring(root, encoding="utf-8", method="html")
    return b"<!doctype html>\n" + document
