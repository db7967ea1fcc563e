"""When the tests of retention happen."""

from __future__ import annotations

import pytest

from tests.contracts.retention.retaining import NOW
from tests.fakes import SetClock


@pytest.fixture
def clock():
    return SetClock(NOW)
