"""Where each actor of an article stands on targets, and the words that show it."""
