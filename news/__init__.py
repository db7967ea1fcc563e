"""The vocabulary: frozen values and small pure rules that every room speaks in. Standard library only."""
