"""Summaries by a model on this machine: loaded once, one at a time, the same words for the same article."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from news.errors import WritingError
from summarizer.models.writing import (
    MOST_CHARACTERS,
    beginning,
    messages_about,
    neutral,
    prompt_about,
    sentences_of,
)

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerBase

    from summarizer.models.weights import Loaded

_ANSWER = 200
"""Tokens of an answer: three long sentences, and room to end the last one."""
_TRIES = 8
"""How often an article is shortened until the model takes it; each time it comes closer."""


class LocalWriter:
    """A model of transformers, from a folder or by its name on the hub.

    It is loaded with the first article. Where that fails, it fails at once for all others.
    """

    def __init__(self, model: str, *, timeout: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.engine = Path(model).expanduser().resolve().name
        self._name = model
        self._timeout = timeout
        self._clock = clock
        self._turn = Lock()
        self._loaded: Loaded | None = None
        self._refusal: str | None = None

    def write(self, text: str) -> tuple[str, ...]:
        """As `Writer.write`. The time-out begins when it is the article's turn."""
        with self._turn:
            loaded = self._load()
            deadline = _Deadline(self._clock, self._timeout)
            try:
                answer = _answer(loaded, text, deadline)
            except WritingError:
                raise
            except Exception as error:  # out of memory, a tokenizer's own errors: nothing here has one kind
                raise WritingError(
                    f"{self.engine} failed to write a summary ({type(error).__name__})."
                ) from error
        if deadline.passed:
            raise WritingError(f"{self.engine} was not done in {self._timeout:g} s.")
        sentences = sentences_of(answer)
        if not sentences:
            raise WritingError(f"{self.engine} wrote nothing.")
        return sentences

    def _load(self) -> Loaded:
        from summarizer.models.weights import load

        if self._refusal is not None:
            raise WritingError(self._refusal)
        if self._loaded is None:
            try:
                self._loaded = load(self._name)
            except WritingError as error:
                self._refusal = str(error)
                raise
        return self._loaded


class _Deadline:
    """Ends the writing between two words once the time is up."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._end = clock() + seconds
        self.passed = False

    def __call__(self, input_ids: Tensor, scores: Tensor, **_: object) -> Tensor:
        """As a `StoppingCriteria` of transformers."""
        import torch

        self.passed = self.passed or self._clock() >= self._end
        return torch.full((input_ids.shape[0],), self.passed, device=input_ids.device, dtype=torch.bool)


def _answer(loaded: Loaded, text: str, deadline: _Deadline) -> str:
    import torch

    tokenizer, model = loaded.tokenizer, loaded.model
    request = request_of(loaded, text)
    inputs = {name: torch.tensor([ids], device=model.device) for name, ids in request.items()}
    with torch.inference_mode():
        output = model.generate(
            **inputs,
            do_sample=False,
            max_new_tokens=_length(loaded),
            stopping_criteria=[deadline],
            pad_token_id=_padding(tokenizer),
            return_dict_in_generate=False,
        )
    begun = 0 if loaded.translates else inputs["input_ids"].shape[1]
    return str(tokenizer.decode(output[0][begun:], skip_special_tokens=True))


def _padding(tokenizer: PreTrainedTokenizerBase) -> int | None:
    found: int | None = tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    return found


def request_of(loaded: Loaded, text: str) -> dict[str, list[int]]:
    """The tokens that ask the model for a summary of the text, with what `generate` wants beside them."""
    marks = [token.content for token in loaded.tokenizer.added_tokens_decoder.values() if token.special]
    article = neutral(beginning(text, MOST_CHARACTERS), marks)
    return _fitting(loaded, article, loaded.room if loaded.translates else loaded.room - _length(loaded))


def _length(loaded: Loaded) -> int:
    return min(_ANSWER, loaded.room // 4)


def _fitting(loaded: Loaded, article: str, room: int) -> dict[str, list[int]]:
    """The tokens of the request, with as much of the article's beginning as the model takes."""
    for _ in range(_TRIES):
        inputs = _encoded(loaded, article)
        count = len(inputs["input_ids"])
        if count <= room:
            return inputs
        spare = room - len(_encoded(loaded, "")["input_ids"])
        article = beginning(article, int(len(article) * 0.95 * spare / max(1, count - room + spare)))
        if spare <= 0 or not article:
            break
    raise WritingError(f"The model takes {loaded.room} tokens only: choose one that takes an article.")


def _encoded(loaded: Loaded, article: str) -> dict[str, list[int]]:
    tokenizer = loaded.tokenizer
    if loaded.translates:
        inputs = tokenizer(loaded.prefix + article)
    elif tokenizer.chat_template:
        # The template writes the model's own marks, that of the beginning among them.
        inputs = tokenizer(_chat(tokenizer, article), add_special_tokens=False)
    else:
        inputs = tokenizer(prompt_about(article))
    return {name: inputs[name] for name in ("input_ids", "attention_mask") if name in inputs}


def _chat(tokenizer: PreTrainedTokenizerBase, article: str) -> str:
    from jinja2 import TemplateError

    system, request = messages_about(article)
    try:
        return _templated(tokenizer, [system, request])
    except TemplateError:  # the model knows no system message
        joined = {"role": "user", "content": f"{system['content']}\n\n{request['content']}"}
        return _templated(tokenizer, [joined])


def _templated(tokenizer: PreTrainedTokenizerBase, messages: list[dict[str, str]]) -> str:
    return str(
        tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
    )
