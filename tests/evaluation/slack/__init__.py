"""Slack measured on loopback, against a Slack of ours in a process of its own that enforces its limits."""
