"""The slash commands, by subject."""
