"""Discord measured on loopback, against a Discord of ours in a process of its own that enforces its limits."""
