"""Log-likelihood and full-vocabulary divergence of token sequences, many at a time, sorted by length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from .attention import segments_of
from .errors import WorkerError
from .loading import Loaded
from .loss import Targets
from .rows import INT32, MicroBatch, check_token_range, decode_array, to_device

TOKENS_PER_CALL = {"cpu": 2048, "cuda": 32768}


@dataclass(frozen=True)
class Scored:
    index: int
    tokens: np.ndarray
    #: First position whose prediction counts, and what each position predicts.
    first: int
    labels: np.ndarray


@torch.no_grad()
def loglik(loaded: Loaded, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    sequences = [_scored(loaded, item, index) for index, item in enumerate(items)]
    nats = [0.0] * len(items)
    for batch, members in _batches(loaded, sequences):
        _, nats_N, _ = loaded.net(batch, "loss", batch.targets)
        _add_up(members, nats_N, nats, -1.0)
    return [{"nats": nats[i], "bytes": item["bytes"]} for i, item in enumerate(items)]


@torch.no_grad()
def divergence(loaded: Loaded, base: Any, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """KL(base || model) summed over positions. base: a context that gives the frozen base."""
    sequences = [_whole(loaded, item, index) for index, item in enumerate(items)]
    nats = [0.0] * len(items)
    with base() as frozen:
        for batch, members in _batches(loaded, sequences):
            if frozen is loaded.net:
                with frozen.as_base():
                    states = frozen(batch, "states")
            else:
                states = frozen(batch, "states")
            _, _, kl_N = loaded.net(batch, "loss", batch.targets, states)
            _add_up(members, kl_N, nats, 1.0)
    return [{"nats": nats[i], "positions": int(sequence.tokens.size)} for i, sequence in enumerate(sequences)]


def _add_up(members: Sequence[Scored], values_N: torch.Tensor, sums: list[float], sign: float) -> None:
    values = values_N.double().cpu()
    at = 0
    for sequence in members:
        count = sequence.tokens.size - sequence.first
        sums[sequence.index] = sign * float(values[at : at + count].sum()) if count else 0.0
        at += count


def _scored(loaded: Loaded, item: dict[str, Any], index: int) -> Scored:
    tokens = decode_array(item["tokens"], INT32, f"item {index}")
    first = item["scoreFrom"]
    if not (isinstance(first, int) and 1 <= first <= tokens.size):
        message = f"scoreFrom {first} lies outside 1 to {tokens.size}: the first token has no prefix to predict it from."
        next = "Start the item with a context token (the end-of-text token, where there is no other)."
        raise WorkerError("input", message, f"item {index}", next)
    _check(loaded, tokens, tokens.size - 1, index)
    return Scored(index, tokens[:-1], first - 1, tokens[first:])


def _whole(loaded: Loaded, item: dict[str, Any], index: int) -> Scored:
    tokens = decode_array(item["tokens"], INT32, f"item {index}")
    _check(loaded, tokens, tokens.size, index)
    return Scored(index, tokens, 0, tokens)


def _check(loaded: Loaded, tokens: np.ndarray, used: int, index: int) -> None:
    if used > loaded.facts.context:
        message = f"The item has {used} tokens, the model's context is {loaded.facts.context}."
        raise WorkerError("input", message, f"item {index}", "Cut the item, or split it into windows.")
    check_token_range(tokens, loaded.facts.vocabulary, f"item {index}")


def _batches(loaded: Loaded, sequences: Sequence[Scored]) -> Iterator[tuple[MicroBatch, list[Scored]]]:
    limit = TOKENS_PER_CALL.get(loaded.device.type, 2048)
    ordered = sorted((s for s in sequences if s.first < s.tokens.size), key=lambda s: s.tokens.size)
    group: list[Scored] = []
    for sequence in ordered:
        if group and (len(group) + 1) * sequence.tokens.size > limit:
            yield _batch(loaded, group), group
            group = []
        group.append(sequence)
    if group:
        yield _batch(loaded, group), group


def _batch(loaded: Loaded, group: Sequence[Scored]) -> MicroBatch:
    """One sequence a row; what pads a row is a segment of its own."""
    shape = (len(group), max(s.tokens.size for s in group))
    ids, documents = np.zeros(shape, np.int64), np.full(shape, -1, np.int64)
    picks = []
    for r, sequence in enumerate(group):
        ids[r, : sequence.tokens.size] = sequence.tokens
        documents[r, : sequence.tokens.size] = 0
        picks.append(r * shape[1] + np.arange(sequence.first, sequence.tokens.size))
    picks_N = torch.from_numpy(np.concatenate(picks))
    labels_N = torch.from_numpy(np.concatenate([s.labels for s in group]).astype(np.int64))
    ones = torch.ones(picks_N.shape, dtype=torch.float64)
    positions = torch.arange(shape[1]).expand(shape).contiguous()
    batch = MicroBatch(
        torch.from_numpy(ids), positions, segments_of(torch.from_numpy(documents)), picks_N, Targets(labels_N, ones, ones), ones, picks_N
    )
    return to_device(batch, loaded.device)
