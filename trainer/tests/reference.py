"""The same steps in plain eager transformers, float64, each document alone: what both executors are held against.

    python reference.py MODEL ROWS.json   ->   {"losses": [...], "norms": [...]} on stdout
ROWS.json: {"steps": [[row, ...], ...], "learningRate", "clip", "optimizer"}; a row has plain arrays.
"""

from __future__ import annotations

import json
import sys

import torch
from transformers import AutoModelForCausalLM


def documents_of(row):
    """(tokens, weights) of each document of a row."""
    start = 0
    size = len(row["tokens"])
    for t in range(1, size + 1):
        if t == size or row["documents"][t] != row["documents"][t - 1]:
            yield row["tokens"][start:t], row["lossWeights"][start:t]
            start = t


def trace(model: str, steps, learning_rate: float, clip: float, optimizer) -> dict[str, list[float]]:
    net = AutoModelForCausalLM.from_pretrained(
        model, dtype=torch.float64, attn_implementation="eager", experts_implementation="eager"
    ).eval()
    matrices = [p for p in net.parameters() if p.ndim >= 2]
    vectors = [p for p in net.parameters() if p.ndim < 2]
    adamw = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": optimizer["weightDecay"]}, {"params": vectors, "weight_decay": 0.0}],
        lr=learning_rate,
        betas=(optimizer["beta1"], optimizer["beta2"]),
        eps=optimizer["epsilon"],
        foreach=False,
    )
    losses, norms = [], []
    for rows in steps:
        adamw.zero_grad()
        total = sum(sum(row["lossWeights"]) for row in rows)
        loss = 0.0
        for row in rows:
            for tokens, weights in documents_of(row):
                ids = torch.tensor([tokens])
                logp = torch.log_softmax(net(input_ids=ids, use_cache=False).logits[0], dim=-1)
                nats = -logp[:-1].gather(1, ids[0, 1:, None])[:, 0]
                loss = loss + (nats * torch.tensor(weights[1:], dtype=torch.float64)).sum() / total
        loss.backward()
        norm = torch.sqrt(sum((p.grad**2).sum() for p in net.parameters() if p.grad is not None))
        losses.append(loss.item())
        norms.append(norm.item())
        for p in net.parameters():
            if p.grad is not None:
                p.grad *= min(1.0, clip / (norm.item() + 1e-6))
        adamw.step()
    return {"losses": losses, "norms": norms}


if __name__ == "__main__":
    torch.set_num_threads(1)
    with open(sys.argv[2], encoding="utf-8") as stream:
        given = json.load(stream)
    print(json.dumps(trace(sys.argv[1], given["steps"], given["learningRate"], given["clip"], given["optimizer"])))
