"""Slack: commands and posts translated to and from the application; no opinions of its own."""
