"""Hostile inputs made from a seed, to be put through whatever reads strangers' bytes.

`python -m tests.fuzzing --inputs 10000 --seed 1` prints one JSON line. An input is known by its seed and its number.
"""
