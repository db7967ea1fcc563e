"""What is said of how sound a store is: one line a finding."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.message import Message, Saying, Style, Text, plain
from bot.messages.wording import counted
from news.soundness import Finding, Grade

_WIDTH = max(map(len, Grade))
_STYLES = {Grade.OK: Style.QUIET, Grade.WARNING: Style.PLAIN, Grade.PROBLEM: Style.STRONG}


def soundness_message(findings: Sequence[Finding]) -> Message:
    """All findings, in the order in which things were looked at."""
    return Message(plain(_title(findings)), tuple(map(_line, findings)))


def _title(findings: Sequence[Finding]) -> str:
    grades = [finding.grade for finding in findings]
    parts = [
        counted(grades.count(grade), grade) for grade in (Grade.PROBLEM, Grade.WARNING) if grade in grades
    ]
    return " and ".join(parts) if parts else "All is well"


def _line(finding: Finding) -> Saying:
    advice = f": {finding.advice}" if finding.advice else ""
    grade = Text(finding.grade.ljust(_WIDTH), _STYLES[finding.grade])
    return Saying(who=(grade, Text(f"  {finding.check}")), words=plain(finding.told + advice))
