"""`attache` as it is, but that reading does what an article's title says, and that jobs are taken for left behind soon.

`kill` kills the process, `fail` raises, `wait` takes as long as the process lives or the file that ATTACHE_FRAGILE_GATE
names is not there. Each begin is a line in ATTACHE_FRAGILE_LOG.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

import news.reading
from bot.__main__ import main
from storage.jobs import reading
from summarizer.pipeline import Pipeline

_brief = Pipeline.brief


def brief(self, article, targets):
    with Path(os.environ["ATTACHE_FRAGILE_LOG"]).open("a", encoding="utf-8") as log:
        log.write(f"{article.key}\n")
    title = article.title or ""
    if "kill" in title:
        os.kill(os.getpid(), signal.SIGKILL)
    if "fail" in title:
        raise RuntimeError("the model tripped over it.")
    if "wait" in title:
        while not Path(os.environ["ATTACHE_FRAGILE_GATE"]).exists():
            time.sleep(0.02)
    return _brief(self, article, targets)


if __name__ == "__main__":
    Pipeline.brief = brief
    reading.BEAT, reading.SILENT, reading.POLL = 0.3, 1.5, 0.2
    news.reading.PAUSE = timedelta(milliseconds=100)
    sys.exit(main(sys.argv[1:]))
