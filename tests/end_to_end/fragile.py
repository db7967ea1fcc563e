"""`attache` as it is, but that reading does what an article's title says, and that jobs are taken for left behind soon.

`kill` kills the program, `crash` the process that reads, `fail` raises, `wait` takes as long as the process lives or the
file that ATTACHE_FRAGILE_GATE names is not there. Each begin is a line in ATTACHE_FRAGILE_LOG.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import news.reading
import tests.end_to_end.fragile_reading  # noqa: F401
from bot.__main__ import main
from storage.jobs import reading

if __name__ == "__main__":
    reading.BEAT, reading.SILENT, reading.POLL = 0.3, 1.5, 0.2
    news.reading.PAUSE = timedelta(milliseconds=100)
    sys.exit(main(sys.argv[1:]))
