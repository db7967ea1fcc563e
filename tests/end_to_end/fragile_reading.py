"""Reading that does what an article's title says, in whatever process it is done."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import bot.summarizing
from summarizer.pipeline import Pipeline

_brief = Pipeline.brief
_settle = bot.summarizing._settle


def settle(settings):
    """In a process that reads: as ever, once this module has been imported there."""
    _settle(settings)


def brief(self, article, targets):
    """As ever, after what the title says."""
    with Path(os.environ["ATTACHE_FRAGILE_LOG"]).open("a", encoding="utf-8") as log:
        log.write(f"{article.key}\n")
    title = article.title or ""
    if "kill" in title:
        parent = multiprocessing.parent_process()
        os.kill(parent.pid if parent else os.getpid(), signal.SIGKILL)
    if "crash" in title:
        time.sleep(0.3)  # whoever hands out work is to know who has it
        os.kill(os.getpid(), signal.SIGKILL)
    if "fail" in title:
        raise RuntimeError("the model tripped over it.")
    if "wait" in title:
        while not Path(os.environ["ATTACHE_FRAGILE_GATE"]).exists():
            time.sleep(0.02)
    return _brief(self, article, targets)


bot.summarizing._settle = settle
Pipeline.brief = brief
