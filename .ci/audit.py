"""Holds the pinned packages against what is known of them: fails for a vulnerability that nobody has looked at.

`pip-audit` asks OSV (https://osv.dev), which unlike the package index cannot be mistaken for a mirror that knows of no
vulnerabilities. Where it cannot be reached that is one line, and no failure: nobody's build depends on it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
IGNORED = HERE / "audit-ignored.toml"
UNREACHABLE = (
    "ConnectionError", "ConnectTimeout", "ReadTimeout", "MaxRetryError", "NewConnectionError", "NameResolutionError", "ProxyError",
    "SSLError", "ServiceError",
)  # fmt: skip
"""What `pip-audit` ends with where the service does not answer."""


@dataclass(frozen=True)
class Ignored:
    """A vulnerability that was looked at: why it does not concern us, and until when that holds."""

    id: str
    reason: str
    until: date


def read_ignored(text: str) -> tuple[Ignored, ...]:
    """What stands in the file. Raises ValueError for one without a reason or a day."""
    found = []
    for row in tomllib.loads(text).get("ignored", []):
        if not (row.get("id") and str(row.get("reason", "")).strip() and type(row.get("until")) is date):
            raise ValueError(f"{IGNORED.name}: each needs an id, a reason and a day (until): {row}")
        found.append(Ignored(row["id"], row["reason"], row["until"]))
    return tuple(found)


def judged(report: Mapping[str, object], ignored: Sequence[Ignored], today: date) -> list[str]:
    """A line for each vulnerability that is not ignored, or no longer; empty where all is well."""
    left_out = {each.id for each in ignored if today <= each.until}
    lines = []
    for package in report["dependencies"]:  # type: ignore[attr-defined]
        for one in package.get("vulns", []):
            if left_out.isdisjoint({one["id"], *one.get("aliases", [])}):
                mended = ", ".join(one.get("fix_versions", [])) or "none yet"
                lines.append(f"{package['name']} {package['version']}: {one['id']}, mended in {mended}")
    return lines


def main(arguments: Sequence[str]) -> int:
    """The exit status; further arguments go to `pip-audit`."""
    ignored = read_ignored(IGNORED.read_text(encoding="utf-8"))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip_audit", "--requirement", str(HERE.parent / "constraints.txt")),
            *("--no-deps", "--disable-pip", "--vulnerability-service", "osv", "--format", "json"),
            *("--progress-spinner", "off", *arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        if any(name in done.stderr for name in UNREACHABLE):
            print("audit: the advisory service cannot be reached: nothing was audited.")
            return 0
        print(done.stderr, file=sys.stderr)
        return 1
    lines = judged(report, ignored, date.today())  # noqa: DTZ011  # a day of whoever audits
    skipped = [each["name"] for each in report["dependencies"] if "skip_reason" in each]
    print(*lines, sep="\n", end="\n" if lines else "")
    print(f"audit: {len(report['dependencies']) - len(skipped)} packages, {len(lines)} vulnerabilities.")
    if skipped:
        print(f"audit: not audited: {', '.join(skipped)}.")
    return 1 if lines or skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
