"""Packed rows: decoded, checked, and cut into micro-batches of equal shape."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from .attention import Segments, on_device, segments_of
from .errors import WorkerError
from .loss import Targets

INT32, FLOAT32 = np.dtype("<i4"), np.dtype("<f4")


@dataclass(frozen=True)
class Row:
    tokens: np.ndarray
    documents: np.ndarray
    positions: np.ndarray
    weights: np.ndarray
    source: str
    kl_weight: float


@dataclass(frozen=True)
class MicroBatch:
    """R rows padded to T; N predictions that count, in row order."""

    ids_RT: torch.Tensor
    positions_RT: torch.Tensor
    segments: Segments
    #: Flat index (row * T + t) of the position that predicts.
    picks_N: torch.Tensor
    targets: Targets
    #: Loss weight and row of each prediction, for the sums by source.
    weights_N: torch.Tensor
    rows_N: torch.Tensor


def decode_array(text: Any, dtype: np.dtype, where: str) -> np.ndarray:
    try:
        return np.frombuffer(base64.b64decode(text, validate=True), dtype)
    except (ValueError, TypeError) as error:
        raise WorkerError("internal", f"An array did not arrive whole: {error}.", where) from error


def decode_rows(raw: Sequence[dict[str, Any]]) -> list[Row]:
    rows = []
    for index, row in enumerate(raw):
        where = f"row {index}"
        tokens, documents, positions = (decode_array(row[key], INT32, where) for key in ("tokens", "documents", "positions"))
        weights = decode_array(row["lossWeights"], FLOAT32, where)
        rows.append(Row(tokens, documents, positions, weights, str(row["source"]), float(row["klWeight"])))
    return rows


def check_token_range(tokens: np.ndarray, vocabulary: int, where: str) -> None:
    wrong = np.flatnonzero((tokens < 0) | (tokens >= vocabulary))
    if wrong.size == 0:
        return
    raise WorkerError(
        "input",
        f"Token id {tokens[wrong[0]]} lies outside the model's vocabulary of {vocabulary}.",
        f"{where}, position {wrong[0]}",
        "Use the tokenizer that belongs to this model.",
    )


def check_rows(rows: Sequence[Row], vocabulary: int, context: int) -> None:
    """Refuses what contradicts itself, so that no wrong gradient is ever taken silently."""
    for index, row in enumerate(rows):
        _check_row(row, f"row {index} of the step ({row.source})", vocabulary, context)
    if not sum(float(row.weights.sum(dtype=np.float64)) for row in rows) > 0:
        raise WorkerError(
            "input",
            f"The step has {len(rows)} rows and none of their positions has a loss weight above 0.",
            rows[0].source if rows else "step",
            "Leave such rows out of the sampling plan.",
        )


def _check_row(row: Row, where: str, vocabulary: int, context: int) -> None:
    again = "Pack the corpus again."
    if len({row.tokens.size, row.documents.size, row.positions.size, row.weights.size}) != 1:
        message = "Tokens, documents, positions and loss weights have different lengths."
        raise WorkerError("input", message, where, again)
    if row.tokens.size == 0:
        raise WorkerError("input", "The row is empty.", where, again)
    check_token_range(row.tokens, vocabulary, where)
    outside = (row.positions < 0) | (row.positions >= context)
    if outside.any():
        message = f"Position {row.positions[outside][0]} lies outside the model's context of {context}."
        raise WorkerError("input", message, where, "Pack the corpus with a smaller row length.")
    if not (np.isfinite(row.weights) & (row.weights >= 0)).all():
        raise WorkerError("input", "A loss weight is not a finite number >= 0.", where, again)
    if not (np.isfinite(row.kl_weight) and row.kl_weight >= 0):
        raise WorkerError("input", f"The KL weight {row.kl_weight} is not a finite number >= 0.", where, again)
    starts = np.ones(row.tokens.size, dtype=bool)
    starts[1:] = row.documents[1:] != row.documents[:-1]
    wrong = np.flatnonzero((row.weights > 0) & (starts | (row.documents == -1)))
    if wrong.size > 0:
        message = f"Position {wrong[0]} starts a document or is padding, but has loss weight {row.weights[wrong[0]]}."
        raise WorkerError("input", message, where, again)


def weight_sum(rows: Sequence[Row]) -> float:
    return float(sum(row.weights.sum(dtype=np.float64) for row in rows))


def micro_batches(rows: Sequence[Row], per_batch: int, count: int, length: int, total: float) -> list[MicroBatch]:
    """Exactly `count` batches: a rank that has fewer rows than another repeats its last batch without any weight."""
    batches = [_micro_batch(rows[at : at + per_batch], at, per_batch, length, total) for at in range(0, len(rows), per_batch)]
    while len(batches) < count:
        batches.append(_micro_batch([], 0, per_batch, length, total))
    return batches


def _micro_batch(rows: Sequence[Row], first: int, per_batch: int, length: int, total: float) -> MicroBatch:
    shape = (per_batch, length)
    ids, positions = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    # What is behind a row's end is a segment of its own.
    documents = np.full(shape, -2, np.int64)
    positions[:] = np.arange(length)
    picks, labels, weights, kl, owners = [], [], [], [], []
    for r, row in enumerate(rows):
        size = row.tokens.size
        ids[r, :size], positions[r, :size], documents[r, :size] = row.tokens, row.positions, row.documents
        positions[r, size:] = np.arange(length - size)
        at = np.flatnonzero(row.weights > 0)
        picks.append(r * length + at - 1)
        labels.append(row.tokens[at])
        weights.append(row.weights[at].astype(np.float64))
        kl.append(np.full(at.size, row.kl_weight))
        owners.append(np.full(at.size, first + r))
    join = [np.concatenate(parts) if parts else np.zeros(0) for parts in (picks, labels, weights, kl, owners)]
    picks_N, labels_N, owners_N = (torch.from_numpy(join[i].astype(np.int64)) for i in (0, 1, 4))
    weights_N, kl_N = torch.from_numpy(join[2]), torch.from_numpy(join[3])
    share_N = weights_N / total
    targets = Targets(labels_N, share_N, share_N * kl_N if bool((kl_N > 0).any()) else None)
    return MicroBatch(
        torch.from_numpy(ids), torch.from_numpy(positions), segments_of(torch.from_numpy(documents)), picks_N, targets, weights_N, owners_N
    )


def to_device(batch: MicroBatch, device: torch.device) -> MicroBatch:
    if device.type == "cpu":
        return batch

    def move(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.pin_memory().to(device, non_blocking=True)

    targets = batch.targets
    kl = None if targets.kl_share_N is None else move(targets.kl_share_N)
    return MicroBatch(
        move(batch.ids_RT),
        move(batch.positions_RT),
        on_device(batch.segments, device),
        move(batch.picks_N),
        Targets(move(targets.labels_N), move(targets.share_N), kl),
        move(batch.weights_N),
        move(batch.rows_N),
    )
