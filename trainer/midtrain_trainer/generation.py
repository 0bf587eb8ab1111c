"""Text by a key-value cache, many prompts at a time. Each prompt and sample has its own random stream, whatever the batch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from transformers import DynamicCache

from . import attention
from .errors import WorkerError
from .loading import Loaded
from .rows import check_token_range

ROWS_PER_BATCH = {"cpu": 16, "cuda": 128}


@dataclass
class Writer:
    prompt: list[int]
    random: torch.Generator
    written: list[int] = field(default_factory=list)
    done: bool = False


@torch.no_grad()
def generate(loaded: Loaded, prompts: Sequence[Sequence[int]], options: dict[str, Any]) -> list[list[int]]:
    """New tokens per prompt (per sample, prompt by prompt, where `samples` asks for more than one), without what stopped them."""
    for index, prompt in enumerate(prompts):
        _check(loaded, prompt, index)
    samples = int(options.get("samples", 1))
    writers = [Writer(list(prompt), _stream(options["seed"], p, s)) for p, prompt in enumerate(prompts) for s in range(samples)]
    if options["maxTokens"] >= 1:
        ordered = sorted(writers, key=lambda writer: len(writer.prompt))
        size = ROWS_PER_BATCH.get(loaded.device.type, 16)
        # Decoding has one query a row: the plain path serves it, and documents play no part.
        loaded.net.causal.set_attn_implementation("eager" if loaded.path == "eager" else "sdpa")
        try:
            for at in range(0, len(ordered), size):
                _write(loaded, ordered[at : at + size], options)
        finally:
            loaded.net.causal.set_attn_implementation(attention.PATHS[loaded.path])
    return [writer.written for writer in writers]


def _check(loaded: Loaded, prompt: Sequence[int], index: int) -> None:
    context = loaded.facts.context
    if not 1 <= len(prompt) < context:
        message = f"The prompt has {len(prompt)} tokens; at least 1 and fewer than the context of {context} are possible."
        raise WorkerError("input", message, f"prompt {index}", "Shorten the prompt, or start it with the end-of-text token.")
    check_token_range(np.asarray(prompt, dtype=np.int64), loaded.facts.vocabulary, f"prompt {index}")


def _stream(seed: int, prompt: int, sample: int) -> torch.Generator:
    digest = hashlib.sha256(f"generate/{seed}/{prompt}/{sample}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:7], "little"))


def _write(loaded: Loaded, writers: Sequence[Writer], options: dict[str, Any]) -> None:
    """Prompts are padded on their left; a row that has ended goes on with a dummy token until all have."""
    net, device = loaded.net, loaded.device
    longest = max(len(writer.prompt) for writer in writers)
    ids = torch.zeros((len(writers), longest), dtype=torch.int64)
    mask = torch.zeros_like(ids)
    for r, writer in enumerate(writers):
        ids[r, longest - len(writer.prompt) :] = torch.tensor(writer.prompt)
        mask[r, longest - len(writer.prompt) :] = 1
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    cache = DynamicCache(config=net.causal.config)
    with net.autocast():
        while True:
            logits_RV = net.causal(
                input_ids=ids.to(device),
                attention_mask=mask.to(device),
                position_ids=positions.to(device),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            ).logits[:, -1]
            tokens = _choose(logits_RV.float().cpu(), writers, options)
            for writer, token in zip(writers, tokens, strict=True):
                if not writer.done:
                    _take(writer, token, options, loaded.facts.context)
            if all(writer.done for writer in writers):
                return
            ids = torch.tensor([[0 if writer.done else writer.written[-1]] for writer in writers])
            mask = torch.cat([mask, torch.ones((len(writers), 1), dtype=mask.dtype)], dim=1)
            positions = positions[:, -1:] + 1


def _choose(logits_RV: torch.Tensor, writers: Sequence[Writer], options: dict[str, Any]) -> list[int]:
    temperature, top = options["temperature"], options.get("topK")
    if temperature <= 0 or top == 1:
        return logits_RV.argmax(1).tolist()
    if top is not None and top < logits_RV.shape[1]:
        floor = logits_RV.topk(max(1, top), dim=1).values[:, -1:]
        logits_RV = logits_RV.masked_fill(logits_RV < floor, -torch.inf)
    chances = torch.softmax(logits_RV / temperature, dim=1)
    return [0 if writer.done else int(torch.multinomial(chances[r], 1, generator=writer.random)) for r, writer in enumerate(writers)]


def _take(writer: Writer, token: int, options: dict[str, Any], context: int) -> None:
    if token in options["stopTokens"]:
        writer.done = True
        return
    writer.written.append(token)
    for stop in options.get("stopSequences", ()):
        if writer.written[-len(stop) :] == list(stop):
            del writer.written[-len(stop) :]
            writer.done = True
            return
    full = len(writer.written) >= options["maxTokens"] or len(writer.prompt) + len(writer.written) >= context
    writer.done = full
