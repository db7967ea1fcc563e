"""Answers as platform-neutral messages: what is said, never how a platform writes it."""
