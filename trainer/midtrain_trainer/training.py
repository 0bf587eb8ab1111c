"""One optimizer step: micro-batches summed to one global mean, one norm, one decision, the same on every rank."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch

from . import attention, ranks
from .errors import WorkerError
from .loading import Loaded
from .rows import MicroBatch, Row, check_rows, micro_batches, to_device, weight_sum

#: About this many tokens a micro-batch: on a CPU more only costs memory, on a GPU fewer leave it idle.
TOKENS_PER_MICRO_BATCH = {"cpu": 2048, "cuda": 16384}


@dataclass
class Sums:
    """Of one step, on the device, float64: by row the weighted nats; KL of the rows that asked for it."""

    nats_R: torch.Tensor
    kl: torch.Tensor


class Training:
    def __init__(self, loaded: Loaded, base: Callable[[], Any], say: Callable[[str, str], None]) -> None:
        self.loaded = loaded
        self.net = loaded.net
        self.say = say
        #: A context that gives the frozen base as a module; only entered when a row asks for KL.
        self.base = base
        self.parameters = [p for p in self.net.parameters() if p.requires_grad]
        self.optimizer = _optimizer(self.parameters, loaded)
        self.most_rows = loaded.options.microBatchRows
        #: Whether activations inside blocks are computed again instead of kept: asked for, or the last resort when memory is short.
        self.recomputes = False
        if loaded.options.recompute:
            self._recompute()

    def step(self, rows: Sequence[Row], learning_rate: float, clip: float, limits: dict[str, float]) -> dict[str, Any]:
        facts = self.loaded.facts
        check_rows(rows, facts.vocabulary, facts.context)
        sums = self._gradients(rows)
        norm = self._gradient_norm()
        # The one wait for the device in a step: the decision needs the values, and they are the result anyway.
        by_source, mean = _by_source(rows, sums.nats_R.tolist())
        finite = math.isfinite(mean) and math.isfinite(norm)
        stepped = finite and mean <= limits.get("loss", math.inf) and norm <= limits.get("gradNorm", math.inf)
        if stepped:
            self._update(learning_rate, min(1.0, clip / (norm + 1e-6)))
        self.optimizer.zero_grad(set_to_none=True)
        result = {"bySource": by_source, "gradNorm": norm, "stepped": stepped, "truncated": 0}
        if any(row.kl_weight > 0 for row in rows):
            result["klSum"] = float(sums.kl.item())
        return result

    def losses(self, rows: Sequence[Row]) -> torch.Tensor:
        """Nats of each prediction of each row [R, T - 1], by the training path, without a step; for the leak test."""
        batches = self._cut(rows, len(rows))
        out = torch.zeros(batches[0].ids_RT.shape, dtype=torch.float64)
        batch = to_device(batches[0], self.loaded.device)
        # What is computed again in the backward pass needs the documents as well.
        with attention.within(batch.segments):
            objective, nats_N, _ = self.net(batch, "loss", batch.targets)
            objective.backward()
        self.optimizer.zero_grad(set_to_none=True)
        out.view(-1)[batch.picks_N.cpu()] = nats_N.double().cpu()
        return out[:, :-1]

    def _gradients(self, rows: Sequence[Row]) -> Sums:
        """Fills the gradients. When memory runs out: again with half the rows a micro-batch, the recipe is as it was."""
        while True:
            per_batch = self._rows_per_batch(rows)
            try:
                return self._accumulate(rows, per_batch)
            except torch.OutOfMemoryError as error:
                self.optimizer.zero_grad(set_to_none=True)
                # The traceback holds the activations.
                error.__traceback__ = None
                self._make_room(per_batch, error)

    def _make_room(self, per_batch: int, error: torch.OutOfMemoryError) -> None:
        if self.loaded.device.type == "cuda":
            torch.cuda.empty_cache()
        if ranks.WORLD > 1:
            next = "Set training.microBatchRows lower; ranks cannot change it one by one."
            raise WorkerError("environment", f"Memory ran out with {per_batch} rows a micro-batch.", "step", next) from error
        if per_batch > 1:
            self.most_rows = per_batch // 2
            self.say(
                "out-of-memory", f"Memory ran out: micro-batches of {self.most_rows} rows instead of {per_batch}; the step is the same."
            )
            return
        if not self.recomputes and self._recompute():
            self.say(
                "out-of-memory", "Memory ran out with one row a micro-batch: activations are now computed again, about a third slower."
            )
            return
        next = "Use shorter rows (training.rowLength), LoRA (training.method), or a larger GPU."
        raise WorkerError("environment", "One row does not fit into memory.", "step", next) from error

    def _recompute(self) -> bool:
        """False where the model has no such switch."""
        if not hasattr(self.net.causal, "gradient_checkpointing_enable"):
            return False
        self.recomputes = True
        self.net.causal.gradient_checkpointing_enable({"use_reentrant": False})
        return True

    def _rows_per_batch(self, rows: Sequence[Row]) -> int:
        mine = math.ceil(len(rows) / ranks.WORLD)
        if self.most_rows is not None:
            return max(1, min(self.most_rows, mine))
        longest = max(row.tokens.size for row in rows)
        wanted = max(1, TOKENS_PER_MICRO_BATCH.get(self.loaded.device.type, 2048) // longest)
        # As few batches as that allows, then as even as possible.
        return math.ceil(mine / math.ceil(mine / wanted))

    def _cut(self, rows: Sequence[Row], per_batch: int) -> list[MicroBatch]:
        """This rank's micro-batches: as many as any rank has, all of one shape."""
        longest = max(row.tokens.size for row in rows)
        length = math.ceil(longest / 8) * 8
        count = math.ceil(math.ceil(len(rows) / ranks.WORLD) / per_batch)
        return micro_batches(rows[ranks.RANK :: ranks.WORLD], per_batch, count, length, weight_sum(rows))

    def _accumulate(self, rows: Sequence[Row], per_batch: int) -> Sums:
        device = self.loaded.device
        nats_R = torch.zeros(len(rows), dtype=torch.float64, device=device)
        kl = torch.zeros((), dtype=torch.float64, device=device)
        batches = self._cut(rows, per_batch)
        asked = any(row.kl_weight > 0 for row in rows)
        with self.base() if asked else nullcontext() as base:
            for batch in self._ahead(batches):
                mine_N, kl_N = self._one(batch, base)
                owners_N = batch.rows_N * ranks.WORLD + ranks.RANK
                nats_R.index_add_(0, owners_N, batch.weights_N * mine_N.double())
                if batch.targets.kl_share_N is not None:
                    kl += (batch.weights_N * (batch.targets.kl_share_N > 0) * kl_N.double()).sum()
        return Sums(ranks.add(nats_R), ranks.add(kl))

    def _ahead(self, batches: list[MicroBatch]) -> Any:
        """The next micro-batch is on its way to the device while one is computed."""
        coming = to_device(batches[0], self.loaded.device)
        for following in [*batches[1:], None]:
            here, coming = coming, None if following is None else to_device(following, self.loaded.device)
            yield here

    def _one(self, batch: MicroBatch, base: Any) -> tuple[torch.Tensor, torch.Tensor]:
        frozen = self._frozen(batch, base)
        # As in losses.
        with attention.within(batch.segments):
            objective, nats_N, kl_N = self.net(batch, "loss", batch.targets, frozen)
            # FSDP averages over ranks; the shares are already of the whole step.
            (objective * ranks.WORLD).backward()
        return nats_N, kl_N

    @torch.no_grad()
    def _frozen(self, batch: MicroBatch, base: Any) -> Any:
        """The base's states of this micro-batch. Sharded, every rank must take part, whether its rows ask or not."""
        if base is None or (batch.targets.kl_share_N is None and ranks.WORLD == 1):
            return None
        if base is not self.net:
            return base(batch, "states")
        with self.net.as_base():
            return self.net(batch, "states")

    def _gradient_norm(self) -> float:
        """Euclidean norm over all ranks, summed in float64."""
        squares = [
            torch.linalg.vector_norm(ranks.local(p.grad), dtype=torch.float64).square() for p in self.parameters if p.grad is not None
        ]
        return math.sqrt(ranks.add(torch.stack(squares).sum()).item())

    @torch.no_grad()
    def _update(self, learning_rate: float, scale: float) -> None:
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        if scale < 1:
            torch._foreach_mul_(gradients, scale)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        self.optimizer.step()


def _optimizer(parameters: list[torch.nn.Parameter], loaded: Loaded) -> torch.optim.AdamW:
    """Decoupled weight decay on matrices and embeddings only, as the embedded executor has it."""
    constants = loaded.options.optimizer
    groups = [
        {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": constants["weightDecay"]},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        [group for group in groups if group["params"]],
        lr=0.0,
        betas=(constants["beta1"], constants["beta2"]),
        eps=constants["epsilon"],
        fused=True,
    )


def _by_source(rows: Sequence[Row], nats_R: list[float]) -> tuple[list[dict[str, Any]], float]:
    """In order of first appearance; `tokens` is the sum of the loss weights."""
    sums: dict[str, dict[str, Any]] = {}
    for row, nats in zip(rows, nats_R, strict=True):
        entry = sums.setdefault(row.source, {"source": row.source, "lossSum": 0.0, "tokens": 0.0})
        entry["lossSum"] += nats
        entry["tokens"] += float(row.weights.sum(dtype="float64"))
    total = sum(entry["tokens"] for entry in sums.values())
    return list(sums.values()), sum(entry["lossSum"] for entry in sums.values()) / total


def leak_test(training: Training) -> dict[str, Any]:
    """A row of two documents, twice, that differ in the first one only: no loss of the second may change in any bit."""
    facts = training.loaded.facts
    length = min(512, facts.context)
    boundary = int(length * 0.4) + 1
    one, two = (training.losses([_two_documents(length, boundary, variant, facts.vocabulary)])[0] for variant in (1, 2))
    difference = (one - two).abs()
    largest = float(difference[boundary : length - 1].max())
    # Where nothing changes in the first document either, the test saw nothing.
    saw = bool(difference[: boundary - 1].max() > 0)
    return {"largestChange": largest, "passed": largest == 0 and saw}


def _two_documents(length: int, boundary: int, variant: int, vocabulary: int) -> Row:
    import numpy as np

    t = np.arange(length)
    first = t < boundary
    tokens = np.where(first, t * variant + variant, t * 3) % vocabulary
    documents = np.where(first, 0, 1)
    positions = np.where(first, t, t - boundary)
    weights = np.where((t == 0) | (t == boundary), 0, 1).astype(np.float32)
    return Row(tokens.astype(np.int32), documents.astype(np.int32), positions.astype(np.int32), weights, "leak test", 0.0)
