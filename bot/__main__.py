"""The `attache` command. What it is made of is imported once Ctrl-C can end that without a traceback."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # `typing` itself takes a while to import
if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one verb. Exit status 0, or 1 with one clear line on standard error."""
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        return 130


def verbs() -> typer.Typer:
    """All verbs."""
    from bot.cli.app import build
    from bot.demo.command import demo

    return build(demo)


def _run(arguments: list[str]) -> int:
    import typer

    from bot.cli.running import Failed, tell
    from bot.cli.told import one_line
    from news.errors import AttacheError

    try:
        status = verbs()(arguments, prog_name="attache", standalone_mode=False)
        sys.stdout.flush()
    except Failed as failure:
        if str(failure):
            tell(f"attache: {failure}")
        return 1
    except (AttacheError, typer.TyperException) as error:
        tell(f"attache: {one_line(error)}")
        return 1
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return 130
    except OSError as error:
        return _unwritable(error)
    return status if isinstance(status, int) else 0  # a status where somebody left early, as with Ctrl-C


def _unwritable(error: OSError) -> int:
    """Standard output has gone (no word about that) or is full."""
    from bot.cli.running import tell

    # The interpreter must not complain once more when it flushes.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        tell(f"attache: the output cannot be written: {error.strerror}.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
