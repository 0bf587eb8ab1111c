"""Tiny real models, written by save_pretrained, and rows for them."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, Gemma2Config, GPT2Config, LlamaConfig, MistralConfig, MixtralConfig, Qwen2Config, Qwen3Config

torch.set_num_threads(1)

SHAPE = {
    "vocab_size": 67,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "initializer_range": 0.2,
}
CONFIGS = {
    "llama": LlamaConfig(**SHAPE, tie_word_embeddings=True),
    "qwen2": Qwen2Config(**SHAPE, tie_word_embeddings=False),
    "qwen3": Qwen3Config(**SHAPE, head_dim=8, tie_word_embeddings=True),
    "mistral, sliding window": MistralConfig(**SHAPE, head_dim=8, sliding_window=5),
    "mixtral, experts": MixtralConfig(**SHAPE, head_dim=8, num_local_experts=4, num_experts_per_tok=2),
    "gpt2": GPT2Config(vocab_size=67, n_embd=32, n_layer=2, n_head=4, n_positions=64),
    # Soft caps on logits and scores: no plain head, and no sdpa.
    "gemma2": Gemma2Config(**SHAPE, head_dim=8, query_pre_attn_scalar=8, sliding_window=5),
}
OPTIMIZER = {"beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "weightDecay": 0.1}


def write_model(directory: Path, config, shard: str = "20KB", seed: int = 3) -> str:
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    model.save_pretrained(directory, max_shard_size=shard)
    return str(directory)


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> dict[str, str]:
    root = tmp_path_factory.mktemp("models")
    return {name: write_model(root / str(i), config) for i, (name, config) in enumerate(CONFIGS.items())}


@pytest.fixture()
def model(models) -> str:
    return models["llama"]


def options(model: str, **changes):
    return {
        "model": model,
        "precision": "fp32",
        "method": "full",
        "seed": 1,
        "optimizer": OPTIMIZER,
        "threads": 1,
        "device": "cpu",
        **changes,
    }


def encode(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()


def row(seed: int, lengths: list[int], source: str = "domain", kl: float = 0.0, vocabulary: int = 67) -> dict:
    tokens = np.random.default_rng(seed).integers(0, vocabulary, sum(lengths)).astype("<i4")
    documents = np.concatenate([np.full(n, i) for i, n in enumerate(lengths)]).astype("<i4")
    positions = np.concatenate([np.arange(n) for n in lengths]).astype("<i4")
    weights = (positions > 0).astype("<f4")
    arrays = {"tokens": tokens, "documents": documents, "positions": positions, "lossWeights": weights}
    return {**{key: encode(value) for key, value in arrays.items()}, "source": source, "klWeight": kl}


def ragged(seed: int, kl: float = 0.0) -> list[dict]:
    shapes = [[20, 12], [32], [5, 9, 11], [16, 16], [3, 29], [31], [8, 8, 8, 8], [30, 2]]
    return [row(seed * 100 + i, lengths, "replay" if i % 2 else "domain", kl if i % 2 else 0.0) for i, lengths in enumerate(shapes)]


def item(tokens, score_from: int = 1) -> dict:
    return {"tokens": encode(np.asarray(tokens, dtype="<i4")), "scoreFrom": score_from, "bytes": len(tokens)}
