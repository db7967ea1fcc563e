"""Larger models from a folder or from the hub: found, loaded whole, or refused in one sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from news.errors import WritingError

if TYPE_CHECKING:
    from transformers import PreTrainedConfig, PreTrainedTokenizerBase

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_POSITIONS = ("max_position_embeddings", "n_positions", "max_encoder_position_embeddings")
_MOST_TOKENS = 4_096
"""Tokens that a model is given at most: what it could take beyond them would take it minutes without a GPU."""

_FEWEST_TOKENS = 100
"""Of a tokenizer that knows a language; the bytes alone are 256."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model with its tokenizer, ready to write."""

    model: Any
    tokenizer: Any
    translates: bool
    """Whether it makes one text of another (encoder and decoder), instead of going on with one."""
    room: int
    """Tokens that it takes; for a model that goes on with a text, those of its answer among them."""
    prefix: str
    """What a model of the first kind was trained to see before a text that is to be summarized."""


def folder_of(name: str) -> Path | None:
    """The local folder that a name means; None for a model of the hub. Raises WritingError.

    Only `owner/name` is a name on the hub, and only where there is no local folder `owner`: a mistyped path must not be
    looked for on the network.
    """
    path = Path(name).expanduser()
    try:
        if path.is_dir():
            if not (path / "config.json").is_file():
                raise WritingError(
                    f"The folder {name} holds no model: set ATTACHE_SUMMARY_MODEL to one with a config.json in it."
                )
            return path
        if _HUB_NAME.fullmatch(name) and not path.parent.exists():
            return None
    except OSError as error:
        raise WritingError(f"The model {name} cannot be opened: {error.strerror}.") from None
    raise WritingError(
        f"The model folder {name} is not there: set ATTACHE_SUMMARY_MODEL to a folder, or to owner/name on the hub."
    )


def load(name: str) -> Loaded:
    """The model with all its weights. Raises WritingError."""
    folder = folder_of(name)
    if find_spec("torch") is None:
        raise WritingError(
            f"The model {name} needs PyTorch: install Attaché with its extra `models`, or unset ATTACHE_SUMMARY_MODEL."
        )
    try:
        return _load(str(folder or name), local=folder is not None)
    except WritingError:
        raise
    except (
        Exception
    ) as error:  # whatever the libraries make of a broken file, or of a hub that is not reached
        where = (
            "the folder holds no whole model" if folder else "the hub has no such model, or is not reached"
        )
        raise WritingError(f"The model {name} cannot be loaded: {where} ({type(error).__name__}).") from error


def _load(source: str, *, local: bool) -> Loaded:
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    config: Any = AutoConfig.from_pretrained(source, local_files_only=local)
    tokenizer: Any = AutoTokenizer.from_pretrained(source, local_files_only=local)
    if len(tokenizer) < _FEWEST_TOKENS:  # where its files are missing, the library makes an empty one
        raise WritingError(f"The model {source} cannot be used: its tokenizer is missing.")
    translates = bool(config.is_encoder_decoder)
    kind: Any = AutoModelForSeq2SeqLM if translates else AutoModelForCausalLM
    on_gpu = torch.cuda.is_available()
    model, report = kind.from_pretrained(
        source,
        config=config,
        dtype="auto" if on_gpu else torch.float32,  # half precision is slow, or missing, on a CPU
        local_files_only=local,
        output_loading_info=True,
    )
    if report["missing_keys"]:  # the library would fill them with random numbers
        raise WritingError(
            f"The model {source} cannot be used: {len(report['missing_keys'])} of its weights are missing."
        )
    model.eval()
    if on_gpu:
        model.to("cuda")
    return Loaded(model, tokenizer, translates, _room(config, tokenizer), _prefix(config))


def _room(config: PreTrainedConfig, tokenizer: PreTrainedTokenizerBase) -> int:
    inner = config.get_text_config()
    told = [getattr(inner, name, None) for name in _POSITIONS] + [tokenizer.model_max_length]
    return min(_MOST_TOKENS, *(int(n) for n in told if isinstance(n, int) and n > 0))


def _prefix(config: PreTrainedConfig) -> str:
    tasks = getattr(config, "task_specific_params", None)
    task = tasks.get("summarization") if isinstance(tasks, dict) else None
    told = task.get("prefix") if isinstance(task, dict) else None
    if isinstance(told, str):
        return told
    return "summarize: " if "t5" in str(config.model_type) else ""
