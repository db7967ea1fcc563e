"""Markup reduced to lines of text: where HTML breaks a line, and what of it is not text."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from feeds.encoding import mend, mend_markup

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_HIDDEN = frozenset(
    {"script", "style", "template", "noscript", "head", "svg", "iframe", "object", "audio", "video"}
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table tbody td tfoot
    th thead tr ul
    head list item quote lb row cell
    """.split()  # noqa: SIM905 - as a list of literals it fills a page
)
"""What begins and ends a line, in HTML and (the last row) in what trafilatura returns."""
_LINE_END = re.compile(r"[\r\n\f]+")
_NO_XML = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that a tree takes from a reference such as `&#1` and then refuses to hold."""
_INTRICATE = re.compile(
    r"<(?:script|style|template|noscript|head|svg|iframe|object|audio|video|pre|textarea|title|xmp|plaintext)\b|<[!?]"
    r"|<[a-z/](?!(?:[^<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+')*+>)",
    re.IGNORECASE,
)
"""What hides words, keeps lines as they are or is no whole tag; each alternative ends at the next `<`."""
_PLAIN_TAG = re.compile(r"</?([a-z][a-z0-9]*+)(?:[^<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+')*+>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7};?|#x[0-9a-f]{1,6};?|[a-z]\w{1,31};)", re.IGNORECASE | re.ASCII)
_DOCTYPE = re.compile(r"^\s*<!doctype[^>]*>", re.IGNORECASE)
_START_TAG = re.compile(r"""<([a-zA-Z][^\s<>/]*+)(?>(?:[^>"']|"[^"]*"|'[^']*')*+)""")
_ATTRIBUTE = re.compile(r"""[^\s"'<>/=]++\s*+(?:=\s*+(?:"[^"]*"|'[^']*'|[^\s"'<>]*+))?+""")
MOST_ATTRIBUTES = 200
"""An element of more loses them all: to find each one's name twice takes a parser the square of their number."""


def tree_of(html: str) -> HtmlElement | None:
    """The document as a tree; None when there is no element in it.

    A line end within a text is only a space in HTML and becomes one, except in `<pre>`.
    """
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    source = _START_TAG.sub(_eased, _DOCTYPE.sub("", mend_markup(html), count=1))
    try:
        tree = lxml_html.document_fromstring(source.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    _unwrap(tree)
    return tree


def _eased(tag: re.Match[str]) -> str:
    """The start of an element, without its attributes when there are too many."""
    if len(tag[0]) < 2 * MOST_ATTRIBUTES:
        return tag[0]
    attributes = _ATTRIBUTE.finditer(tag[0], 1 + len(tag[1]))
    return f"<{tag[1]}" if any(number > MOST_ATTRIBUTES for number, _ in enumerate(attributes, 1)) else tag[0]


def _unwrap(tree: HtmlElement) -> None:
    preformatted = {element for pre in tree.iter("pre") for element in pre.iter()}
    for element in tree.iter():
        text, tail = element.text, element.tail
        if text and not text.isprintable() and element not in preformatted:
            element.text = _one_line(text)
        if tail and not tail.isprintable() and (element not in preformatted or element.tag == "pre"):
            element.tail = _one_line(tail)


def _one_line(text: str) -> str:
    return _NO_XML.sub("", _LINE_END.sub(" ", text))


def lines_of(root: _Element, *, hidden: frozenset[str] = frozenset()) -> str:
    """The text under an element, one line a block, spaces collapsed, empty lines left out."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        edge = "\n" if element.tag in _BLOCKS else ""
        if event == "end":
            parts += (edge, (element.tail or "") if element is not root else "")
        elif element.tag in hidden:
            walk.skip_subtree()
        else:
            parts += (edge, element.text or "")
    return tidy("".join(parts))


def tidy(text: str) -> str:
    """Lines with single spaces, none of them empty."""
    if "\n" not in text and "\r" not in text:
        return " ".join(mend(text).split())
    lines = (" ".join(line.split()) for line in mend(text).replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def text_of(markup: str) -> str:
    """A piece of HTML as plain text, one line a paragraph, entities decoded."""
    if not markup:
        return ""
    if "<" in markup:
        plain = _without_tags(markup)
        if plain is None:
            tree = tree_of(f"<div>{markup}</div>")
            return "" if tree is None else lines_of(tree, hidden=_HIDDEN)
        markup = plain
    else:
        markup = _one_line(markup)
    return tidy(_REFERENCE.sub(_character, markup) if "&" in markup else markup)


def _without_tags(markup: str) -> str | None:
    """The text between plain tags; None where a tree has to tell what is text."""
    if _INTRICATE.search(markup):
        return None
    return _PLAIN_TAG.sub(_edge, re.sub(r"[\r\n\f]+", " ", markup))


def _edge(tag: re.Match[str]) -> str:
    return "\n" if tag[1].lower() in _BLOCKS else ""


def _character(reference: re.Match[str]) -> str:
    return unescape(reference[0] if reference[0].endswith(";") else f"{reference[0]};")
