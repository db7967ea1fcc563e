"""The `attache` command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bot.cli.app import build
from bot.cli.running import Failed, tell
from bot.demo.command import demo
from news.errors import AttacheError

app = build(demo)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one verb. Exit status 0, or 1 with one clear line on standard error."""
    import typer

    try:
        status = app(
            list(sys.argv[1:] if arguments is None else arguments), prog_name="attache", standalone_mode=False
        )
        sys.stdout.flush()
    except Failed as failure:
        if str(failure):
            tell(f"attache: {failure}")
        return 1
    except (AttacheError, typer.TyperException) as error:
        tell(f"attache: {_one_line(error)}")
        return 1
    except typer.Exit as leaving:
        return leaving.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except OSError as error:
        return _unwritable(error)
    return status if isinstance(status, int) else 0  # a status where somebody left early, as with Ctrl-C


def _unwritable(error: OSError) -> int:
    """Standard output has gone (no word about that) or is full."""
    # The interpreter must not complain once more when it flushes.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        tell(f"attache: the output cannot be written: {error.strerror}.")
    return 1


def _one_line(error: Exception) -> str:
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    context = getattr(error, "ctx", None)
    if context is not None and message == "Missing command.":
        return f"Say what to do: {context.command_path} --help lists it."
    return str(message) or type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
