"""What reads in another process, in the tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import structlog

import bot.summarizing
from feeds.workers import settle as settle_worker
from tests.builders import a_brief, a_signature


class Reading:
    """Does what an article's title says, and says in which process."""

    def brief(self, article, targets):
        title = article.title or ""
        if "fail" in title:
            raise LookupError("it tripped over a word.")
        if "crash" in title:
            os.kill(os.getpid(), signal.SIGKILL)
        if "once" in title and not (marked := Path(title.partition(" ")[2])).exists():
            marked.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        while "hang" in title:
            signal.pause()
        return a_brief(article)

    def sign(self, article):
        return a_signature(article.title)

    def positions(self, article, statements, targets):
        return ()

    def fault(self, target, others):
        return f"{structlog.get_config()['wrapper_class'].__name__} {os.getpid()}"


def settle(settings):
    """In a new process."""
    settle_worker()
    bot.summarizing._summarizer = Reading()
