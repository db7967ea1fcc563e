"""Sessions: models loaded once a process, for one core each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_LOADING = Lock()


def session(model: Path) -> InferenceSession:
    """The model in that file; several threads may ask for it, and run it, at a time."""
    with _LOADING:
        return _load(model)


@cache
def _load(model: Path) -> InferenceSession:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1  # articles are read side by side, so that each needs one core only
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
