"""Draws pictures of many kinds of positions, for people to look at: `python -m tests.pictures.draw FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.pictures.positions import draw_positions
from tests.pictures.samples import NOW, SAMPLES


def main(folder: Path) -> None:
    """Each sample on the light ground and on the dark one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, standings in SAMPLES.items():
        for dark in (False, True):
            drawn = draw_positions(standings, timezone="Europe/Kyiv", now=NOW, dark=dark)
            (folder / f"{name}{'-dark' if dark else ''}.png").write_bytes(drawn)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
