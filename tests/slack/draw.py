"""Draws Slack payloads as they look on a screen, for people to look at: `python -m tests.slack.draw FOLDER`.

Writes an SVG picture of each golden message. Only what the bot sends is known here: headers, sections, contexts,
dividers, buttons, and the few kinds of markup in use. Widths are those of a common sans serif.
"""

from __future__ import annotations

import html
import json
import re
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden" / "slack"
WIDTH = 640
"""Of a window's middle column, in points."""
LEFT = 62
INNER = WIDTH - LEFT - 24
INK, GREY, BLUE = "#1d1c1d", "#616061", "#1264a3"
_INLINE = re.compile(
    r"<!date\^(\d+)\^([^|>]*)\|[^>]*>|<(https?://[^|>]*)\|([^>]*)>|<#(\w+)>|`([^`]*)`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|(\s+)"
)
_FORMS = {"{date_short_pretty}": "%b %d, %Y", "{time}": "%H:%M"}
_NARROW, _WIDE = set("iljtfrI.,:;’‘'|!()[] "), set("mwMWOQ@%—")


@dataclass(frozen=True)
class Word:
    """Letters that are not parted, in one style."""

    text: str
    bold: bool = False
    link: bool = False
    code: bool = False
    space: bool = False
    italic: bool = False

    def wide(self, size: float) -> float:
        """About as wide as it is."""
        return sum(width_of(c, size, bold=self.bold) for c in self.text) + 8 * self.code


@dataclass
class Picture:
    """An SVG picture that grows downwards."""

    y: float = 12
    parts: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, more: str = "") -> None:
        box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        self.parts.append(f'<rect {box} fill="{fill}" {more}/>')

    def text(self, x: float, word: Word, size: float, fill: str) -> None:
        if word.space:
            return
        wide, shift = word.wide(size) - 8 * word.code, 4 * word.code
        if word.code:
            self.rect(x, self.y - size, wide + 8, size * 1.35, "#f5f5f5", 'rx="3" stroke="#dddddd"')
        colour = BLUE if word.link else "#c01343" if word.code else fill
        weight = ' font-weight="bold"' * word.bold + ' font-style="italic"' * word.italic
        self.parts.append(
            f'<text x="{x + shift:.1f}" y="{self.y:.1f}" font-size="{size}" fill="{colour}"{weight} '
            f'textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs">{html.escape(word.text)}</text>'
        )

    def line(self, text: str, *, x: float, width: float, size: float, fill: str, bold: bool = False) -> None:
        """Markup, wrapped."""
        at = x
        self.y += size * 1.1
        for word in words_of(text, bold=bold):
            wide = word.wide(size)
            if word.space and at == x:
                continue
            if at + wide > x + width and at > x:
                self.y, at = self.y + size * 1.42, x
                if word.space:
                    continue
            self.text(at, word, size, fill)
            at += wide
        self.y += size * 0.37

    def svg(self) -> str:
        height = self.y + 16
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
            'font-family="Lato, Noto Sans, Helvetica, Arial, DejaVu Sans, sans-serif">'
            f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>{"".join(self.parts)}</svg>\n'
        )


def width_of(character: str, size: float, *, bold: bool) -> float:
    """About as wide as it is."""
    if character == "\u2060":
        return 0
    if character > "\u2e7f":
        share = 1.0
    elif character in _NARROW:
        share = 0.24
    else:
        share = 0.85 if character in _WIDE else 0.66 if character.isupper() else 0.53
    return size * share * (1.06 if bold else 1.0)


def words_of(text: str, *, bold: bool = False) -> list[Word]:
    """The line's words, its markup read."""
    words: list[Word] = []
    strong = slanted = False
    end = 0

    def put(shown: str, *, link: bool = False) -> None:
        pieces = re.findall(r"\s+|\S+", html.unescape(shown))
        words.extend(
            Word(piece, strong or bold, link=link, space=piece.isspace(), italic=slanted) for piece in pieces
        )

    for found in _INLINE.finditer(text):
        put(text[end : found.start()])
        end = found.end()
        seconds, form, url, label, place, code, space = found.groups()
        if seconds is not None:
            for token, written in _FORMS.items():
                form = form.replace(token, written)
            put(datetime.fromtimestamp(int(seconds), UTC).strftime(form))
        elif url is not None:
            put(label, link=True)
        elif place is not None:
            put(f"#{place}", link=True)
        elif code is not None:
            words.append(Word(html.unescape(code), code=True))
        elif space is not None:
            words.append(Word(" ", space=True))
        elif found[0] == "_":
            slanted = not slanted
        else:
            strong = not strong
    put(text[end:])
    return words


def draw(payload: dict) -> str:
    """The message as a picture."""
    picture = Picture()
    picture.rect(16, 14, 36, 36, "#2f5d8a", 'rx="6"')
    picture.line("Attaché", x=LEFT, width=200, size=15, fill=INK, bold=True)
    for block in payload["blocks"]:
        _block(picture, block)
    for file in payload.get("files") or []:
        _file(picture, file)
    top = picture.y + 10
    picture.y = top + 4
    picture.line(f"Notification: {payload['text']}", x=LEFT, width=INNER, size=11, fill="#9a9a9a")
    picture.rect(LEFT, top, 40, 1, "#dddddd")
    return picture.svg()


def _block(picture: Picture, block: dict) -> None:
    picture.y += 6
    match block["type"]:
        case "header":
            words = html.escape(block["text"]["text"], quote=False).replace("*", "∗")
            picture.y += 4
            picture.line(words, x=LEFT, width=INNER, size=18, fill=INK, bold=True)
        case "divider":
            picture.y += 6
            picture.rect(LEFT, picture.y, INNER, 1, "#dddddd")
            picture.y += 6
        case "section":
            for line in block["text"]["text"].split("\n"):
                _told(picture, line)
        case "context":
            for line in block["elements"][0]["text"].split("\n"):
                picture.line(line, x=LEFT, width=INNER, size=12, fill=GREY)
        case "actions":
            _buttons(picture, block["elements"])


def _told(picture: Picture, line: str) -> None:
    if not line:
        picture.y += 15 * 1.47
    elif line.startswith("> "):
        top = picture.y
        picture.line(line[2:], x=LEFT + 14, width=INNER - 14, size=15, fill=INK)
        picture.rect(LEFT, top + 1, 4, picture.y - top, "#dddddd", 'rx="2"')
    else:
        picture.line(line, x=LEFT, width=INNER, size=15, fill=INK)


def _file(picture: Picture, file: dict) -> None:
    """Its name and what it says in words, for the picture itself is not in the payload."""
    picture.y += 8
    top, place = picture.y, len(picture.parts)
    picture.y += 8
    picture.line(file["name"], x=LEFT + 12, width=INNER - 24, size=14, fill=INK, bold=True)
    picture.line(file["description"], x=LEFT + 12, width=INNER - 24, size=12, fill=GREY)
    picture.y += 8
    box = Picture()
    box.rect(LEFT, top, INNER, picture.y - top, "#ffffff", 'rx="8" stroke="#dddddd"')
    picture.parts[place:place] = box.parts


def _buttons(picture: Picture, buttons: list[dict]) -> None:
    x = float(LEFT)
    for button in buttons:
        word = Word(button["text"]["text"], bold=True)
        wide = word.wide(14) + 24
        picture.rect(x, picture.y, wide, 30, "#ffffff", 'rx="6" stroke="#bbbbbb"')
        top, picture.y = picture.y, picture.y + 20
        picture.text(x + 12, word, 14, INK)
        picture.y, x = top, x + wide + 8
    picture.y += 34


def main(folder: Path) -> None:
    """A picture of each golden payload; those of a thread one by one."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(set(GOLDEN.glob("*.json")) - set(GOLDEN.glob("manifest*"))):
        payload = json.loads(file.read_text(encoding="utf-8"))
        for number, one in enumerate(payload if isinstance(payload, list) else [payload]):
            name = f"{file.stem}-{number}.svg" if isinstance(payload, list) else f"{file.stem}.svg"
            (folder / name).write_text(draw(one), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
