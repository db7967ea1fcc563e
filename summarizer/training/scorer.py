"""The scoring script that lies beside the corpus; loads without PyTorch."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType


def load_scorer(data: Path) -> ModuleType:
    """The scoring script in a folder above the data."""
    path = next(
        p / "score_attribution.py" for p in data.resolve().parents if (p / "score_attribution.py").exists()
    )
    spec = importlib.util.spec_from_file_location("score_attribution", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
