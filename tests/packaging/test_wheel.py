"""The wheel holds what the repository holds: models, lists of words, migrations, the sample wire."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("news", "feeds", "summarizer", "storage", "bot")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Its files and their sizes."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as opened:
        return {one.filename: one.file_size for one in opened.infolist()}


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
