"""Leak, token ledger and accumulation of each peer: `measure.py WORK`, one JSON document on stdout.

WORK holds documents.json ({rowLength, vocabulary, documents}) and rows.json (the same documents as Midtrain packs them).
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import arms
import torch

SPLITS = ((1, 8), (2, 4), (4, 2), (8, 1))
#: Batches in which leaks are looked for.
LEAK_BATCHES = 12


class Corpus:
    def __init__(self, given: dict[str, Any]) -> None:
        self.documents: list[list[int]] = given["documents"]
        self.row_length: int = given["rowLength"]
        self.bodies = [[token for token in document if token >= arms.FIRST_BODY] for document in self.documents]
        #: By token, its document.
        self.owner = {token: index for index, body in enumerate(self.bodies) for token in body}

    def changed(self) -> list[list[int]]:
        """Every second document the other way round: as long as before, of the same tokens."""
        return [[*reversed(body), arms.END] if index % 2 == 0 else [*body, arms.END] for index, body in enumerate(self.bodies)]


def seen_by_model(trainer: Any, batches: int) -> list[dict[str, Any]]:
    """Arguments with which the trainer itself calls its model, for its first batches."""
    calls: list[dict[str, Any]] = []

    def record(_module: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> None:
        assert not positional
        calls.append(dict(named))

    trainer.model.train()
    for index, batch in enumerate(trainer.get_train_dataloader()):
        if index == batches:
            break
        hook = trainer.model.register_forward_pre_hook(record, with_kwargs=True)
        with torch.no_grad():
            trainer.compute_loss(trainer.model, trainer._prepare_inputs(batch))
        hook.remove()
    return calls


def losses_by_token(model: Any, calls: list[dict[str, Any]]) -> tuple[dict[int, float], dict[int, torch.Tensor]]:
    """Loss and (some) logits of each body token that has a label, with exactly these arguments."""
    losses, logits = {}, {}
    for call in calls:
        # Labels out, so that logits come back whole.
        rest = {key: value for key, value in call.items() if key not in ("labels", "num_items_in_batch", "fused_lm_head")}
        with torch.no_grad():
            logits_RTV = model(**rest).logits
        for r, labels in enumerate(call["labels"].tolist()):
            for t, token in enumerate(labels[1:]):
                if token >= arms.FIRST_BODY:
                    logp = torch.log_softmax(logits_RTV[r, t].double(), 0)
                    losses[token], logits[token] = -logp[token].item(), logits_RTV[r, t, :512].clone()
    return losses, logits


def leak(arm: str, corpus: Corpus, model: str) -> dict[str, float]:
    found = []
    for documents in (corpus.documents, corpus.changed()):
        with tempfile.TemporaryDirectory() as out:
            trainer = arms.make(arm, documents, model=model, out=out, row_length=corpus.row_length)
            found.append(losses_by_token(trainer.model, seen_by_model(trainer, LEAK_BATCHES)))
    (one, one_logits), (two, two_logits) = found
    kept = [token for token in one if corpus.owner[token] % 2 == 1 and token in two]
    changed = [abs(one[token] - two[token]) for token in kept]
    logit = max((one_logits[token] - two_logits[token]).abs().max().item() for token in kept)
    return {
        "leakLoss": max(changed),
        "leakLogit": logit,
        "leakTokens": sum(change > 0 for change in changed),
        "leakCompared": len(kept),
    }


def ledger(predictions: list[tuple[int, int]], positions: int, longest: int, corpus: Corpus) -> dict[str, float]:
    """predictions: (the token before in the row, the token predicted), of one epoch, where there is a loss."""
    counts = Counter(token for _, token in predictions if token >= arms.FIRST_BODY)
    body = len(corpus.owner)
    firsts = {tokens[0] for tokens in corpus.bodies if tokens}
    ends = sum(token == arms.END for _, token in predictions)
    across = sum(
        1
        for before, token in predictions
        if token in firsts and (before == arms.END or corpus.owner.get(before, corpus.owner[token]) != corpus.owner[token])
    )
    never = [token for token in corpus.owner if counts[token] == 0]
    return {
        "bodyTokens": body,
        "never": len(never),
        "neverInside": sum(token not in firsts for token in never),
        "more": sum(count > 1 for count in counts.values()),
        "acrossDocuments": across,
        "endsMissing": len(corpus.documents) - ends,
        "positions": positions,
        "longestRow": longest,
    }


def peer_ledger(arm: str, corpus: Corpus, model: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as out:
        trainer = arms.make(arm, corpus.documents, model=model, out=out, row_length=corpus.row_length)
        predictions, positions, longest = [], 0, 0
        for batch in trainer.get_train_dataloader():
            positions += batch["input_ids"].numel()
            starts = batch["position_ids"] if "position_ids" in batch else torch.arange(batch["input_ids"].shape[1])
            longest = max(longest, int(starts.max()) + 1)
            for ids, labels in zip(batch["input_ids"].tolist(), batch["labels"].tolist(), strict=True):
                predictions += [(ids[t], label) for t, label in enumerate(labels[1:]) if label != -100]
    return ledger(predictions, positions, longest, corpus)


def accumulation(arm: str, corpus: Corpus, model: str) -> dict[str, float]:
    results = []
    for batch, steps in SPLITS:
        with tempfile.TemporaryDirectory() as out:
            trainer = arms.make(
                arm, corpus.documents, model=model, out=out, row_length=corpus.row_length, batch=batch, accumulation=steps, steps=1
            )
            results.append(first_step(trainer))
    return spread(results)


def first_step(trainer: Any) -> tuple[float, float]:
    """The loss that the micro-batches add up to, and the norm that clipping sees; what is logged of both is rounded."""
    parts: list[float] = []
    norms: list[float] = []
    original, clip = trainer.training_step, trainer.accelerator.clip_grad_norm_

    def recorded(*positional: Any, **named: Any) -> Any:
        loss = original(*positional, **named)
        parts.append(loss.item())
        return loss

    def clipped(*positional: Any, **named: Any) -> Any:
        norm = clip(*positional, **named)
        norms.append(float(norm))
        return norm

    trainer.training_step, trainer.accelerator.clip_grad_norm_ = recorded, clipped
    trainer.train()
    return math.fsum(parts), norms[0]


def spread(results: list[tuple[float, float]]) -> dict[str, float]:
    names = ("accumulationLoss", "accumulationNorm")
    return {name: max(abs(result[i] / results[0][i] - 1) for result in results) for i, name in enumerate(names)}


def midtrain(work: Path, corpus: Corpus, model: str) -> dict[str, float]:
    """The rows as packed by Midtrain, through its worker's training path; its ledger."""
    import numpy as np
    from midtrain_trainer.rows import Row
    from midtrain_trainer.worker import Worker

    def row(given: dict[str, Any]) -> Row:
        ints = (np.array(given[key], np.int32) for key in ("tokens", "documents", "positions"))
        return Row(*ints, np.array(given["lossWeights"], np.float32), "domain", 0.0)

    given = json.loads((work / "rows.json").read_text())
    rows, changed = given["rows"], given["changed"]
    worker = Worker(lambda kind, text: None)
    optimizer = {"beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "weightDecay": 0.1}
    worker.load(model=model, precision="fp32", method="full", seed=1, optimizer=optimizer, threads=1, device="cpu")

    def losses(given: list[dict[str, Any]]) -> dict[int, float]:
        found = {}
        for each in given:
            nats = worker._training.losses([row(each)])[0].tolist()
            found |= {token: nats[t] for t, token in enumerate(each["tokens"][1:]) if each["lossWeights"][t + 1] > 0}
        return {token: value for token, value in found.items() if token >= arms.FIRST_BODY}

    one, two = losses(rows[: 2 * LEAK_BATCHES]), losses(changed[: 2 * LEAK_BATCHES])
    kept = [token for token in one if corpus.owner[token] % 2 == 1 and token in two]
    changes = [abs(one[token] - two[token]) for token in kept]
    predictions = [
        (each["tokens"][t], token) for each in rows for t, token in enumerate(each["tokens"][1:]) if each["lossWeights"][t + 1] > 0
    ]
    positions = sum(len(each["tokens"]) for each in rows)
    longest = max(max(each["positions"]) + 1 for each in rows)
    return {
        "leakLoss": max(changes),
        "leakTokens": sum(change > 0 for change in changes),
        "leakCompared": len(kept),
        **ledger(predictions, positions, longest, corpus),
    }


def main(work: Path) -> None:
    given = json.loads((work / "documents.json").read_text())
    corpus = Corpus(given)
    model = str(work / "model")
    arms.write_model(Path(model), given["vocabulary"], corpus.row_length)
    results: dict[str, Any] = {"Midtrain, torch": midtrain(work, corpus, model)}
    for arm in arms.ARMS:
        print(f"torch-peers {arm}", file=sys.stderr, flush=True)
        measured = {}
        for part in (leak, peer_ledger, accumulation):
            try:
                # Stdout is for the one document.
                with contextlib.redirect_stdout(io.StringIO()):
                    measured |= part(arm, corpus, model)
            except Exception as error:
                measured[f"{part.__name__}Failed"] = f"{type(error).__name__}: {error}"[:300]
        results[arm] = measured
    print(json.dumps({"versions": arms.versions(), "arms": results}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
