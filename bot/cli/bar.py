"""How far long work is: a line on standard error while a person sees it, gone when the work ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """Shows what it is told; nothing where standard error is no terminal. It may be told from any thread."""

    def __init__(self, *, shown: bool = True) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._progress: Progress | None = None
        self._steps: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        """So much is `done` of the step's `total`, which is 0 where nobody knows it."""
        if not self._shown:
            return
        if self._progress is None:
            self._progress = self._begin()
        if step not in self._steps:
            for task in self._steps.values():
                self._progress.remove_task(task)
            self._steps = {step: self._progress.add_task(step)}
        self._progress.update(self._steps[step], completed=done, total=total or None)

    def clear(self) -> None:
        """Takes the line away, for others to write there; what is told afterwards shows it again."""
        if self._progress is not None:
            self._progress.stop()
        self._progress, self._steps = None, {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def _begin(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.completed:,.0f} {task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
        )
        progress = Progress(*columns, console=Console(stderr=True), transient=True)
        progress.start()
        return progress
