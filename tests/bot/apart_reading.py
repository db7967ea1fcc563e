"""What reads in another process, in the tests."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import structlog

import bot.summarizing
from feeds.workers import settle as settle_worker
from tests.builders import a_brief, a_signature


def killed():
    """Not at once, for whoever hands out work is to know who has it."""
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGKILL)


class Reading:
    """Does what an article's title says, and says in which process."""

    def brief(self, article, targets):
        title = article.title or ""
        if "fail" in title:
            raise LookupError("it tripped over a word.")
        if "crash" in title:
            killed()
        if "once" in title and not (marked := Path(title.partition(" ")[2])).exists():
            marked.touch()
            killed()
        while "hang" in title:
            signal.pause()
        return a_brief(article)

    def sign(self, article):
        return a_signature(article.title)

    def positions(self, article, statements, targets):
        return ()

    def fault(self, target, others):
        return str(os.getpid())


def settle(settings):
    """In a new process."""
    settle_worker()
    bot.summarizing._summarizer = Reading()


class Telling(Reading):
    """Says in the log what it is asked."""

    def fault(self, target, others):
        structlog.get_logger("attache").info("asked", of=target)
        sys.stderr.flush()


_settle = bot.summarizing._settle


def settle_as_ever(path, settings):
    """In a new process, whose standard error is a file."""
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    _settle(settings)
    bot.summarizing._summarizer = Telling()


def settle_badly(settings):
    """In a new process, of which nothing comes."""
    raise ImportError("no such module")
