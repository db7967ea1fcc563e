"""Draws Discord payloads as they look on a phone, for people to look at: `python -m tests.discord.draw FOLDER`.

Writes an SVG picture of each golden message. Only what the bot sends is known here: embeds with their titles,
descriptions and footers, buttons, and the few kinds of markup in use. Widths are those of a common sans serif.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden" / "discord"
WIDTH = 390
"""Of a usual phone, in points."""
INNER = WIDTH - 72 - 12 - 28
_INLINE = re.compile(r"\\(.)|\*\*|\[((?:\\.|[^\]\\])*)\]\((\S+?)\)|<t:(-?\d+):([tDf])>|(\s+)")
_FORMS = {"t": "%H:%M", "D": "%d %B %Y", "f": "%d %B %Y %H:%M"}
_NARROW, _WIDE = set("iljtfrI.,:;’‘'|!()[] "), set("mwMWOQ@%—")


@dataclass(frozen=True)
class Word:
    """Letters that are not parted, in one style."""

    text: str
    bold: bool = False
    link: bool = False
    space: bool = False


@dataclass
class Picture:
    """An SVG picture that grows downwards."""

    y: float = 16
    parts: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 4) -> None:
        self.parts.append(
            f'<rect x="{x}" y="{y:.1f}" width="{width}" height="{height:.1f}" rx="{radius}" fill="{fill}"/>'
        )

    def text(self, x: float, word: Word, size: float, fill: str) -> None:
        if word.space:
            return
        wide = sum(width_of(c, size, bold=word.bold) for c in word.text)
        weight = ' font-weight="bold"' if word.bold else ""
        colour = "#00a8fc" if word.link else fill
        self.parts.append(
            f'<text x="{x:.1f}" y="{self.y:.1f}" font-size="{size}" fill="{colour}"{weight} '
            f'textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs">{escape(word.text)}</text>'
        )

    def line(self, text: str, *, x: float, width: float, size: float, fill: str, bold: bool = False) -> None:
        """Words, wrapped."""
        at = x
        self.y += size * 1.05
        for word in words_of(text, bold=bold):
            wide = sum(width_of(c, size, bold=word.bold) for c in word.text)
            if word.space and at == x:
                continue
            if at + wide > x + width and at > x:
                self.y, at = self.y + size * 1.32, x
                if word.space:
                    continue
            self.text(at, word, size, fill)
            at += wide
        self.y += size * 0.3

    def svg(self) -> str:
        height = self.y + 16
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
            'font-family="Noto Sans, Helvetica, Arial, DejaVu Sans, sans-serif">'
            f'<rect width="{WIDTH}" height="{height:.0f}" fill="#313338"/>{"".join(self.parts)}</svg>\n'
        )


def width_of(character: str, size: float, *, bold: bool) -> float:
    """About as wide as it is."""
    if character > "\u2e7f":
        share = 1.0
    elif character in _NARROW:
        share = 0.33
    else:
        share = 0.9 if character in _WIDE else 0.68 if character.isupper() else 0.585
    return size * share * (1.1 if bold else 1.0)


def words_of(text: str, *, bold: bool = False) -> list[Word]:
    """The line's words, its markup read."""
    words: list[Word] = []
    letters, strong, end = "", False, 0

    def flush() -> None:
        nonlocal letters
        if letters:
            words.append(Word(letters, strong or bold))
        letters = ""

    for found in _INLINE.finditer(text):
        letters += text[end : found.start()]
        end = found.end()
        escaped, linked, _, moment, form, space = found.groups()
        if escaped is not None:
            letters += escaped
            continue
        flush()
        if linked is not None:
            pieces = re.findall(r"\s+|\S+", re.sub(r"\\(.)", r"\1", linked))
            words += [Word(piece, strong or bold, link=True, space=piece.isspace()) for piece in pieces]
        elif moment is not None:
            words.append(
                Word(datetime.fromtimestamp(int(moment), UTC).strftime(_FORMS[form]), strong or bold)
            )
        elif space is not None:
            words.append(Word(" ", space=True))
        else:
            strong = not strong
    letters += text[end:]
    flush()
    return words


def draw(payload: dict) -> str:
    """The message as a picture."""
    picture = Picture()
    picture.parts.append('<circle cx="32" cy="36" r="20" fill="#2f5d8a"/>')
    picture.line("Attaché", x=64, width=200, size=15, fill="#f2f3f5", bold=True)
    picture.y += 4
    if content := payload.get("content"):
        for line in content.split("\n"):
            picture.line(line, x=64, width=WIDTH - 80, size=15, fill="#dbdee1")
    for file in payload.get("attachments") or []:
        _attachment(picture, file)
    for embed in payload.get("embeds") or []:
        _embed(picture, embed)
    _buttons(picture, payload)
    return picture.svg()


def _attachment(picture: Picture, file: dict) -> None:
    """Its name and what it says in words, for the picture itself is not in the payload."""
    top, place = picture.y, len(picture.parts)
    picture.y += 10
    picture.line(file["filename"], x=78, width=INNER, size=14, fill="#dbdee1", bold=True)
    picture.line(file.get("description") or "", x=78, width=INNER, size=12, fill="#949ba4")
    picture.y += 8
    box = Picture()
    box.rect(64, top, WIDTH - 76, picture.y - top, "#1e1f22")
    picture.parts[place:place] = box.parts
    picture.y += 6


def _embed(picture: Picture, embed: dict) -> None:
    top, place = picture.y, len(picture.parts)
    picture.y += 10
    if title := embed.get("title"):
        picture.line(title, x=78, width=INNER, size=15, fill="#f2f3f5", bold=True)
        picture.y += 4
    for line in (embed.get("description") or "").split("\n"):
        _described(picture, line)
    if footer := embed.get("footer"):
        picture.y += 4
        picture.line(
            re.sub(r"([\\*\[<])", r"\\\1", footer["text"]), x=78, width=INNER, size=11, fill="#b5bac1"
        )
    picture.y += 8
    boxes = Picture()
    boxes.rect(64, top, WIDTH - 76, picture.y - top, "#2b2d31")
    boxes.rect(64, top, 4, picture.y - top, f"#{embed.get('color', 0x2F5D8A):06x}", 2)
    picture.parts[place:place] = boxes.parts
    picture.y += 6


def _described(picture: Picture, line: str) -> None:
    if not line:
        picture.y += 8
    elif line.startswith("### "):
        picture.line(line[4:], x=78, width=INNER, size=16, fill="#f2f3f5", bold=True)
    elif line.startswith("-# "):
        picture.line(line[3:], x=78, width=INNER, size=12, fill="#949ba4")
    elif line.startswith("> "):
        top = picture.y
        picture.line(line[2:], x=90, width=INNER - 12, size=14, fill="#dbdee1")
        picture.rect(78, top, 4, picture.y - top + 2, "#4e5058", 2)
    else:
        picture.line(line, x=78, width=INNER, size=14, fill="#dbdee1")


def _buttons(picture: Picture, payload: dict) -> None:
    for row in payload.get("components") or []:
        x = 64.0
        for button in row["components"]:
            wide = sum(width_of(c, 14, bold=False) for c in button["label"]) + 32
            picture.rect(x, picture.y, wide, 34, "#4e5058")
            middle, picture.y = picture.y, picture.y + 22
            picture.text(x + 16, Word(button["label"]), 14, "#ffffff")
            picture.y, x = middle, x + wide + 8
        picture.y += 42


def main(folder: Path) -> None:
    """A picture of each golden payload; those of a thread one under the other."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(GOLDEN.glob("*.json")):
        payload = json.loads(file.read_text(encoding="utf-8"))
        for number, one in enumerate(payload if isinstance(payload, list) else [payload]):
            name = f"{file.stem}-{number}.svg" if isinstance(payload, list) else f"{file.stem}.svg"
            (folder / name).write_text(draw(one), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
