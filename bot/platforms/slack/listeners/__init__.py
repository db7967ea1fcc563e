"""What is heard from Slack, and what is done about it."""

from __future__ import annotations

from slack_bolt.app.async_app import AsyncApp

from bot.platforms.slack.answering import Office
from bot.platforms.slack.listeners.buttons import hear_buttons
from bot.platforms.slack.listeners.commands import hear_commands
from bot.platforms.slack.listeners.events import hear_events
from bot.platforms.slack.listeners.home import hear_home
from bot.platforms.slack.listeners.schedules import hear_schedules
from bot.platforms.slack.listeners.suggestions import hear_suggestions


def hear(app: AsyncApp, office: Office) -> None:
    """Everything; `hear_events` comes last, for it takes what nobody else does."""
    for each in (hear_commands, hear_buttons, hear_suggestions, hear_home, hear_schedules, hear_events):
        each(app, office)
