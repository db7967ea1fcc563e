"""The same targets under coverage-guided fuzzing, where atheris is installed.

`python -m tests.fuzzing.atheris_target feeds [options of libFuzzer]`
"""

from __future__ import annotations

import sys


def main() -> None:
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: python -m tests.fuzzing needs nothing.")
    with atheris.instrument_imports():
        from tests.fuzzing.targets import TARGETS

    name = sys.argv.pop(1) if len(sys.argv) > 1 else "feeds"
    if name not in TARGETS:
        sys.exit(f"{name} is no target: one of {', '.join(TARGETS)}.")
    atheris.Setup(sys.argv, TARGETS[name][0])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
