"""The only door to model libraries."""
