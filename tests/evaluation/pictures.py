"""Measures how long one core takes for a picture of positions: `python -m tests.evaluation.pictures [--times N]`."""

from __future__ import annotations

import argparse
import sys
import time
from statistics import median

from bot.pictures.layout import lay_out
from bot.pictures.positions import describe_positions, draw_positions
from tests.pictures.samples import NOW, many_standings

GOAL = 250
"""Milliseconds of one core for twelve rows of ten turns, warm."""
_SIZES = ((1, 1), (1, 10), (4, 3), (6, 10), (12, 3), (12, 10))


def main() -> int:
    """Other positions each time, so that only letters are known from before; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15)
    times = parser.parse_args().times
    began = time.process_time()
    draw_positions(many_standings(1, 1), timezone="Europe/Kyiv", now=NOW)
    print(f"the first picture of a process: {(time.process_time() - began) * 1000:.0f} ms")
    print("rows  turns  median ms  worst ms  of it layout  in words  KB")
    middle = 0.0
    for rows, turns in _SIZES:
        middle, line = measured(rows, turns, times)
        print(line)
    return int(middle > GOAL)


def measured(rows: int, turns: int, times: int) -> tuple[float, str]:
    """The median in milliseconds, and a line of the table."""
    whole, laid_out, described, size = [], [], [], 0
    for seed in range(times):
        standings = many_standings(rows, turns, seed=seed)
        began = time.process_time()
        lay_out(standings, timezone="Europe/Kyiv", now=NOW)
        laid_out.append((time.process_time() - began) * 1000)
        began = time.process_time()
        describe_positions(standings, timezone="Europe/Kyiv", now=NOW)
        described.append((time.process_time() - began) * 1000)
        began = time.process_time()
        size = max(size, len(draw_positions(standings, timezone="Europe/Kyiv", now=NOW)))
        whole.append((time.process_time() - began) * 1000)
    cells = (median(whole), max(whole), median(laid_out), median(described))
    line = f"{rows:4}  {turns:5}  {cells[0]:9.0f}  {cells[1]:8.0f}  {cells[2]:12.0f}  {cells[3]:8.0f}  {size // 1000}"
    return cells[0], line


if __name__ == "__main__":
    sys.exit(main())
