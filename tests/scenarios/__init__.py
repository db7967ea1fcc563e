"""What people do with the bot, told once and played on every platform."""
