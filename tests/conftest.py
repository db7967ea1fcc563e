"""What holds for every test."""

from __future__ import annotations

import gc


def pytest_collection_finish():
    """Thousands of tests stay until the end: walking them took most of the time that collecting garbage took."""
    gc.collect()
    gc.freeze()
