"""The app's manifest: what Slack makes the whole app from when it is pasted, with the least that the bot needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from bot.messages.commands import COMMANDS, Command
from bot.platforms.slack.limits import length
from news.errors import InputError

Part = dict[str, object]

NAME: Final = "Attaché"
OWN: Final = "attache"
"""The command that stands for `help`, which is Slack's own name, and that takes every other command's words, too."""
EVENTS_PATH: Final = "/slack/events"
"""Where Slack sends everything without Socket Mode."""
INSTALL_PATH: Final = "/slack/install"
"""Where a workspace's administrators begin to install the app."""
REDIRECT_PATH: Final = "/slack/oauth_redirect"
"""Where they come back to when they have allowed it."""
SCOPES: Final = (
    "commands",
    "chat:write",
    "files:write",
    "channels:history",
    "groups:history",
    "im:history",
    "mpim:history",
    "im:write",
    "channels:read",
    "groups:read",
    "mpim:read",
)
"""What the bot may do; docs/slack.md says why. It acts for nobody else, so there are no scopes of users."""
EVENTS: Final = (
    "app_home_opened",
    "app_uninstalled",
    "tokens_revoked",
    "channel_archive",
    "channel_deleted",
    "group_archive",
    "group_deleted",
    "channel_left",
    "group_left",
)

LONGEST_NAME: Final = 35
LONGEST_COMMAND: Final = 32
"""With its slash."""
LONGEST_ADDRESS: Final = 2500
"""The least of those that addresses of different uses may have."""
_TAGLINE = "News digests, who said what and who stands where, every line with its source."
_TYPED = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NOT_OF_A_BOT = re.compile(r"[^a-z0-9._-]+")


def manifest(
    *,
    name: str = NAME,
    http: str | None = None,
    install: str | None = None,
    renamed: Mapping[str, str] | None = None,
) -> Part:
    """The manifest: for Socket Mode, or for requests to the public address `http`; commands as `command_names` says.

    At the public address `install`, by default the same, several workspaces install the app.
    Raises InputError for what Slack would not take.
    """
    if not name.strip() or length(name) > LONGEST_NAME:
        raise InputError(f"A Slack app's name has from 1 to {LONGEST_NAME} characters: give another --name.")
    base = None if http is None else _base(http, "--http")
    site = base if install is None else _base(install, "--install")
    names = command_names(renamed or {})
    oauth: Part = {"scopes": {"bot": list(SCOPES)}}
    return {
        "display_information": {"name": name, "description": _TAGLINE},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": _bot_name(name), "always_online": True},
            "slash_commands": [_command(ours, theirs, base) for ours, theirs in names.items()],
        },
        "oauth_config": oauth if site is None else {"redirect_urls": [site + REDIRECT_PATH]} | oauth,
        "settings": _settings(base),
    }


def command_names(renamed: Mapping[str, str]) -> Mapping[str, str]:
    """What each of our commands is called on Slack, by our names; `help` is `OWN`'s. Raises InputError."""
    ours = [*(name for name in COMMANDS if name != "help"), OWN]
    for name, theirs in renamed.items():
        if name not in ours:
            raise InputError(f"{name!r} is no command that can be renamed: use one of {', '.join(ours)}.")
        if not _TYPED.fullmatch(theirs) or len(theirs) >= LONGEST_COMMAND:
            raise InputError(
                f"{theirs!r} cannot be a command of Slack's: use at most {LONGEST_COMMAND - 1} small letters, "
                "digits, - and _."
            )
    names = {name: renamed.get(name, name) for name in ours}
    if twice := sorted({theirs for theirs in names.values() if list(names.values()).count(theirs) > 1}):
        raise InputError(f"Two commands would be called /{twice[0]}: give each a name of its own.")
    return names


def _command(ours: str, theirs: str, base: str | None) -> Part:
    command = _OWN if ours == OWN else COMMANDS[ours]
    hint = command.usage.partition(" ")[2]
    return {
        "command": f"/{theirs}",
        **({} if base is None else {"url": base + EVENTS_PATH}),
        "description": command.meaning,
        "usage_hint": hint,
        # So that a channel that is named comes with its id.
        "should_escape": True,
    }


_OWN = Command(
    OWN,
    meaning="Help, and every other command: what can be asked, and how it is written.",
    usage=f"{OWN} help [command] | any other command with its words",
    example=f"{OWN} help whosaid",
    filled_in=f"/{OWN} help whosaid",
)


def _settings(base: str | None) -> Part:
    events: Part = {"bot_events": list(EVENTS)}
    pressed: Part = {"is_enabled": True}
    if base is not None:
        address = base + EVENTS_PATH
        events = {"request_url": address} | events
        pressed |= {"request_url": address, "message_menu_options_url": address}
    return {
        "event_subscriptions": events,
        "interactivity": pressed,
        "org_deploy_enabled": False,
        "socket_mode_enabled": base is None,
        "token_rotation_enabled": False,
    }


def _bot_name(name: str) -> str:
    """What people write behind the @: Slack takes plain small letters only."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_OF_A_BOT.sub("-", plain).strip("-") or OWN


def _base(address: str, option: str) -> str:
    """The public address without a slash at its end. Raises InputError."""
    try:
        parts = urlsplit(address.strip())
        sound = parts.scheme == "https" and parts.hostname and parts.port != 0
    except ValueError:
        sound = None
    if not sound or "@" in parts.netloc or parts.query or parts.fragment or len(address) > LONGEST_ADDRESS:
        raise InputError(
            f"{option} takes the public address of the bot, such as https://attache.example.org: "
            "it begins with https:// and has no query."
        )
    return address.strip().rstrip("/").removesuffix(EVENTS_PATH).removesuffix(INSTALL_PATH)
