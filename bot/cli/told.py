"""What is wrong with a command line, as one line in our words: what it may be, and where that stands."""

from __future__ import annotations

from typing import Any


def one_line(error: Exception) -> str:
    """An error of ours as it is; one of the command line's library in our words."""
    context = getattr(error, "ctx", None)
    if context is None or not hasattr(error, "format_message"):
        return str(error) or type(error).__name__
    told = _told(error, context.command_path)
    return told or str(error.format_message()) or type(error).__name__


def _told(error: Any, command: str) -> str | None:  # noqa: ANN401 (the library keeps its classes of errors to itself)
    where = f"{command} --help"
    if error.message == "Missing command.":
        return f"Say what to do: {where} lists it."
    if error.message.startswith("Got unexpected extra argument"):
        words = error.message.partition("(s) (")[2].removesuffix(")")
        return f"{command} has no use for {words!r}: {where} shows what it takes."
    match type(error).__name__:
        case "MissingParameter":
            return f"{_shown(error.param)} is missing: {where} shows how it is given."
        case "NoSuchOption":
            near = f" (perhaps {', '.join(sorted(error.possibilities))})" if error.possibilities else ""
            return f"{command} has no option {error.option_name}{near}: {where} lists them."
        case "BadParameter":
            return _unusable(error)
    return None


def _unusable(error: Any) -> str | None:  # noqa: ANN401
    from pydantic import ValidationError

    from bot.reasons import reason

    if error.param is None or not isinstance(error.__cause__, ValidationError):
        return None
    return f"{_shown(error.param)} cannot be used: {reason(error.__cause__.errors()[0])}."


def _shown(parameter: Any) -> str:  # noqa: ANN401
    """`--page`, or the name of an argument in capitals, as the help has it."""
    dashed = [name for name in parameter.opts if name.startswith("--")]
    return dashed[0] if dashed else str(parameter.metavar or parameter.name).strip("[].").upper()
