"""Ids that platforms give to channels and people, as regular expressions: what is typed is known by them, and what is stored."""

from __future__ import annotations

DISCORD_ID = r"[0-9]{1,20}"
SLACK_CHANNEL = r"[CDG][A-Z0-9]{2,30}"
"""A channel, a direct message (`D`) or a group's; a group's begins with `G`, or with `C` where it is younger."""
SLACK_MEMBER = r"[UW][A-Z0-9]{2,30}"
SLACK_DIRECT = "D"
"""What the id of a direct message begins with."""
