"""Tiny models with random weights, made and saved by the tests: the real loading code has something to load."""

from __future__ import annotations

from pathlib import Path

from tests.summarizer.models.articles import FERRY

CHAT = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
NO_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system message') }}{% endif %}" + CHAT
)


def save_bart(folder: Path, *, positions: int = 256) -> Path:
    """An encoder and decoder with learned positions, whose tokenizer makes `token_type_ids`."""
    from transformers import BartConfig, BartForConditionalGeneration

    tokenizer = _tokenizer(model_input_names=["input_ids", "token_type_ids", "attention_mask"])
    config = BartConfig(
        vocab_size=len(tokenizer), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=positions,
        pad_token_id=1, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2, forced_eos_token_id=2,
    )  # fmt: skip
    return _saved(BartForConditionalGeneration, config, tokenizer, folder)


def save_t5(folder: Path) -> Path:
    """An encoder and decoder without positions of its own."""
    from transformers import T5Config, T5ForConditionalGeneration

    tokenizer = _tokenizer()
    config = T5Config(
        vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2, pad_token_id=1,
        eos_token_id=2, decoder_start_token_id=1, n_positions=512,
    )  # fmt: skip
    return _saved(T5ForConditionalGeneration, config, tokenizer, folder)


def save_gpt2(folder: Path, *, positions: int = 1_024) -> Path:
    """A model that goes on writing, without a chat template and without a token for padding."""
    from transformers import GPT2Config, GPT2LMHeadModel

    tokenizer = _tokenizer(pad_token=None)
    config = GPT2Config(
        vocab_size=len(tokenizer), n_positions=positions, n_embd=16, n_layer=1, n_head=2, bos_token_id=0,
        eos_token_id=2,
    )  # fmt: skip
    return _saved(GPT2LMHeadModel, config, tokenizer, folder)


def save_llama(folder: Path, *, template: str = CHAT, positions: int = 1_024) -> Path:
    """A chat model."""
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _tokenizer(extra_special_tokens=["<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "[X]"])
    tokenizer.chat_template = template
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=positions, bos_token_id=0,
        eos_token_id=2, pad_token_id=1,
    )  # fmt: skip
    return _saved(LlamaForCausalLM, config, tokenizer, folder)


def _tokenizer(**settings):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    pieces = Tokenizer(models.BPE(unk_token="<unk>"))
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=800,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    pieces.train_from_iterator([FERRY], trainer)
    named = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=pieces, **named | settings)


def _saved(kind, config, tokenizer, folder: Path) -> Path:
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(7)
    kind(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def teach(folder: Path, article: str, answer: str) -> Path:
    """Makes the saved model write that answer to that article, so that there is something true to be kept."""
    import torch

    from summarizer.models.local import request_of
    from summarizer.models.weights import load

    loaded = load(str(folder))
    ids = loaded.tokenizer(answer, add_special_tokens=False)["input_ids"] + [loaded.tokenizer.eos_token_id]
    asked = request_of(loaded, article)["input_ids"]
    given, labels = (asked, ids) if loaded.translates else (asked + ids, [-100] * len(asked) + ids)
    optimizer = torch.optim.Adam(loaded.model.parameters(), lr=0.02)
    for _ in range(200):
        loss = loaded.model(input_ids=torch.tensor([given]), labels=torch.tensor([labels])).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if loss.item() < 0.02:
            break
    loaded.model.save_pretrained(folder)
    return folder
