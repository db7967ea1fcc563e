"""Whether a sentence that a model wrote is borne out by the article it is about."""

from __future__ import annotations

from summarizer.checks.checker import Checked, Checker

__all__ = ["Checked", "Checker"]
