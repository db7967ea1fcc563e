"""The image: its Dockerfile's own steps, taken here, give an `attache` that works, and no more than it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.packaging.dockerfile import Image, pairs_of, steps_of

ROOT = Path(__file__).parents[2]
STEPS = steps_of(ROOT / "Dockerfile")
LAST = STEPS[-1].stage


@pytest.mark.image
@pytest.mark.timeout(1800)
def test_what_the_dockerfile_installs_runs_the_demo(tmp_path):
    venv.create(tmp_path / "python", with_pip=True)
    image = Image(tmp_path / "root", ROOT, tmp_path / "python" / "bin" / "python")
    image.build(STEPS, ("build", "own"))
    own = image.settle(STEPS, LAST)
    own["PATH"] = own["PATH"].replace("$PATH", os.environ["PATH"])
    kept = {"HOME": "/nonexistent", "LANG": "C.UTF-8"}

    def attache(*arguments):
        return subprocess.run(
            ["attache", *arguments],
            cwd=tmp_path / "root" / "backups",
            env=kept | own,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    demo = attache("demo")
    assert (demo.returncode, demo.stderr) == (0, "")
    assert "8 stories from 16 articles" in demo.stdout
    assert "sets conditions for negotiations now" in demo.stdout
    version = attache("--version")
    assert version.stdout.startswith("attache "), version.stderr
    (tmp_path / "one.txt").write_text("The mayor, Anna Bell, said on Monday: “The bridge will close.”")
    read = json.loads(attache("read", str(tmp_path / "one.txt"), "--json").stdout)
    assert read["statements"]
    assert not list((tmp_path / "root" / "opt").glob("*/lib/*/site-packages/pip")), (
        "no installer in the image"
    )
    assert list((tmp_path / "root" / "opt").glob("*/lib/*/site-packages/sentry_sdk")), "reports to Sentry"
    assert not list((tmp_path / "root" / "opt").glob("**/torch")), "no PyTorch in the image"
    taken = [tmp_path / "root" / "opt" / name for name in ("attache", "own")]
    megabytes = sum(f.stat().st_size for one in taken for f in one.rglob("*") if f.is_file()) / 1e6
    sys.stdout.write(f"{megabytes:.0f} MB above the base image\n")


def test_the_image_is_for_a_user_without_rights():
    said = {step.does: step.says for step in STEPS if step.stage == LAST}
    assert said["USER"] == "10001:10001"
    assert said["STOPSIGNAL"] == "SIGTERM"
    assert json.loads(said["ENTRYPOINT"]) == ["attache"]
    assert json.loads(said["CMD"]) == ["run"]
    assert json.loads(said["HEALTHCHECK"].partition("CMD ")[2]) == ["attache", "health"]


def test_it_says_what_it_is():
    labels = pairs_of(STEPS, "LABEL", LAST)
    base = next(step.says for step in STEPS if step.does == "FROM")
    assert labels["org.opencontainers.image.base.name"] == "docker.io/library/" + base.partition("@")[0]
    assert {"title", "description", "licenses", "documentation"} <= {
        name.rpartition(".")[2] for name in labels
    }


def test_nothing_reaches_the_build_but_what_it_copies():
    copied = {
        word
        for step in STEPS
        if step.does == "COPY" and "--from" not in step.says
        for word in step.says.split()[:-1]
    }
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert ignored[0] == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
