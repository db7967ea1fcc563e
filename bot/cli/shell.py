"""`attache shell`: the same commands as in a chat, typed in a terminal or read from standard input."""

from __future__ import annotations

from bot.cli.lookups import WorkspaceName
from bot.cli.running import Failed, run, settings, tell_new, workspace_of


def shell(workspace: WorkspaceName = "local") -> None:
    """Ask in a terminal what a chat would ask."""
    if not run(_shell(workspace)):
        raise Failed


async def _shell(workspace_name: str) -> bool:
    from bot.platforms.terminal.output import has_person
    from bot.platforms.terminal.shell import converse
    from bot.wiring import open_app

    async with open_app(settings(), make=True) as app:
        workspace, channel = await workspace_of(app, workspace_name)
        if has_person():
            tell_new(app.new)
        well = await converse(app.desk, workspace, channel)
        return well or has_person()
