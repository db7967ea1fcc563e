"""The `attache` command's verbs. Only light modules are loaded before a verb runs."""
