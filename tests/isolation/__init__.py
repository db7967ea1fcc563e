"""One store, two workspaces: whoever asks in the one, and however, is told nothing of the other and changes nothing in it."""
