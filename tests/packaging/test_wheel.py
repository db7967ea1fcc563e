"""The wheel holds what the repository holds: models, lists of words, migrations, the sample wire."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
PACKAGES = ("news", "feeds", "summarizer", "storage", "bot")


@pytest.fixture(scope="module")
def wheel():
    """Which files go into it, by their places there, and their sizes. Packing them takes a minute: `make test-image` does."""
    builder = WheelBuilder(str(ROOT))
    with builder.config.set_build_data({"artifacts": [], "force_include": {}}):
        return {
            one.distribution_path: Path(one.path).stat().st_size for one in builder.recurse_included_files()
        }


def test_the_wheel_holds_every_file_of_the_packages(wheel):
    listed = subprocess.run(
        ["git", "ls-files", "-z", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    )
    files = [name for name in listed.stdout.split("\0") if name]
    assert len(files) > 400
    assert {name: wheel.get(name) for name in files} == {name: (ROOT / name).stat().st_size for name in files}


def test_the_wheel_holds_nothing_else(wheel):
    assert {name.partition("/")[0] for name in wheel if ".dist-info/" not in name} == set(PACKAGES)


@pytest.mark.parametrize(
    "ending",
    [
        "summarizer/models/tagger/tagger.onnx",
        "summarizer/models/encoder/encoder.onnx",
        "storage/migrations/env.py",
        "py.typed",
    ],
)
def test_what_is_no_code_is_there(wheel, ending):
    assert [name for name in wheel if name.endswith(ending)]
