"""Logs that nobody takes: their lines are lost, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

SCRIPT = """
import logging, sys, structlog
from bot.cli.running import tell
from bot.logs import set_up_logs
form, how = sys.argv[1:]
set_up_logs("info", form)
if how == "closed":
    sys.stderr.close()
try:
    raise ConnectionError("gone")
except ConnectionError:
    structlog.get_logger().exception("broke")
logging.getLogger("aiohttp").error("broke, too")
tell("attache: running")
print("went on")
"""


@contextmanager
def end(how):
    """Where standard error leads to."""
    if how == "pipe":
        reading, writing = os.pipe()
        os.close(reading)
    else:
        writing = os.open("/dev/full" if how == "full" else "/dev/null", os.O_WRONLY)
    try:
        yield writing
    finally:
        os.close(writing)


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("how", ["full", "pipe", "closed"])
def test_a_line_that_cannot_be_written_ends_nothing(form, how):
    with end(how) as stderr:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, form, how],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            check=False,
        )
    assert done.stdout == "went on\n"
