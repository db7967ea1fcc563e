"""What CI does about vulnerabilities of the packages that we build on."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

CI = Path(__file__).parent.parent / ".ci"
TODAY = date(2026, 11, 27)


@pytest.fixture
def audit():
    spec = importlib.util.spec_from_file_location("audit", CI / "audit.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module  # which its dataclass looks up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["audit"]


VULNERABLE = {
    "dependencies": [
        {"name": "good", "version": "1", "vulns": []},
        {
            "name": "bad",
            "version": "2",
            "vulns": [
                {
                    "id": "GHSA-1",
                    "aliases": ["CVE-2026-1"],
                    "fix_versions": ["2.1"],
                    "description": "It acts.",
                }
            ],
        },
    ],
    "fixes": [],
}


@pytest.mark.parametrize(
    ("known", "until", "fails"),
    [
        ("", "2027-01-01", True),
        ("GHSA-2", "2027-01-01", True),
        ("GHSA-1", "2027-01-01", False),
        ("CVE-2026-1", "2026-11-27", False),
        ("CVE-2026-1", "2026-11-26", True),
    ],
)
def test_a_known_vulnerability_fails_unless_it_is_ignored_with_a_reason_for_some_time(
    audit, known, until, fails
):
    row = f'[[ignored]]\nid = "{known or "x"}"\nreason = "We draw no TIFF."\nuntil = {until}\n'
    lines = audit.judged(VULNERABLE, audit.read_ignored(row), TODAY)
    assert lines == (["bad 2: GHSA-1, mended in 2.1"] if fails else [])


@pytest.mark.parametrize(
    "row", ['id = "x"\nreason = "y"', 'id = "x"\nuntil = 2027-01-01', 'id = "x"\nreason = " "\nuntil = 2027-01-01',
            'reason = "y"\nuntil = 2027-01-01', 'id = "x"\nreason = "y"\nuntil = "soon"'],
)  # fmt: skip
def test_nothing_is_ignored_without_a_reason_and_a_day(audit, row):
    with pytest.raises(ValueError, match="a reason and a day"):
        audit.read_ignored(f"[[ignored]]\n{row}\n")


def test_what_is_ignored_now_is_so_with_a_reason_and_a_day(audit):
    audit.read_ignored((CI / "audit-ignored.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("stdout", "stderr", "status", "said"),
    [
        (json.dumps(VULNERABLE), "", 1, "audit: 2 packages, 1 vulnerabilities."),
        (json.dumps({"dependencies": VULNERABLE["dependencies"][:1]}), "", 0, "audit: 1 packages, 0 vulnerabilities."),
        (json.dumps({"dependencies": [{"name": "odd", "skip_reason": "not found"}]}), "", 1, "not audited: odd."),
        ("", "requests.exceptions.ConnectionError: no", 0, "the advisory service cannot be reached"),
        ("", "ERROR: constraints.txt cannot be read", 1, ""),
    ],
)  # fmt: skip
def test_only_a_service_that_cannot_be_reached_is_no_failure(
    audit, monkeypatch, capsys, stdout, stderr, status, said
):
    answer = subprocess.CompletedProcess([], 1, stdout, stderr)
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: answer)
    assert audit.main([]) == status
    out = capsys.readouterr().out
    assert said in out
    assert out.count("\n") <= 2


def test_ci_audits():
    assert "make audit" in (CI / "run").read_text(encoding="utf-8")
