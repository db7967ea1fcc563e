"""What the measurements of Discord and of Slack share: a server of ours beside the bot, and what is measured."""
