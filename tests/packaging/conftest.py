"""What takes minutes is done only where it is asked for."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config, items):
    if "image" in config.getoption("markexpr"):
        return
    for item in items:
        if item.get_closest_marker("image"):
            item.add_marker(pytest.mark.skip(reason="takes minutes and the package index: make test-image"))
