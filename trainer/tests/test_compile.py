"""Blocks compiled for training: the same steps, nothing compiled for scoring, and a compiler that is not there."""

from __future__ import annotations

import shutil

import pytest
import torch
from conftest import item, options, ragged

from midtrain_trainer.worker import Worker

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="torch.compile on a CPU needs g++")


def losses(model: str, **changes) -> tuple[list[list[float]], list[tuple[str, str]], Worker]:
    said: list[tuple[str, str]] = []
    worker = Worker(lambda kind, text: said.append((kind, text)))
    worker.load(**options(model, **changes))
    results = [worker.step(ragged(step)[:4], 1e-3, 1.0, {}) for step in range(3)]
    return [[sum(s["lossSum"] for s in r["bySource"]), r["gradNorm"]] for r in results], said, worker


@needs_compiler
def test_compiled_blocks_do_the_same_steps(model):
    compare(model, {})


@pytest.mark.parametrize("changes", [{"recompute": True}, {"method": "lora", "lora": {"rank": 4}}], ids=["recompute", "lora"])
def test_what_is_traced_does_the_same_steps(model, changes, monkeypatch):
    # All of torch.compile but the code it makes at the end, which takes most of a minute.
    compile = torch.compile
    monkeypatch.setattr(torch, "compile", lambda function: compile(function, backend="aot_eager"))
    compare(model, changes)


def compare(model: str, changes) -> None:
    plain, _, eager = losses(model, **changes)
    compiled, said, worker = losses(model, **changes, compile=True)
    assert "compile" not in dict(said)
    assert worker._trained().net.blocks()[0].forward is not eager._trained().net.blocks()[0].forward
    for ours, theirs in zip(compiled, plain, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-5)
    assert worker.leakTest() == {"largestChange": 0.0, "passed": True}
    items = [item(range(30)), item(range(5, 60)), item([1, 2])]
    before = torch._dynamo.utils.counters["stats"]["unique_graphs"]
    scores = [score["nats"] for score in worker.loglik(items)]
    assert scores == pytest.approx([score["nats"] for score in eager.loglik(items)], rel=1e-5)
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == before


def test_without_a_compiler_the_steps_are_as_they_are_and_the_log_says_so(model, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("no C compiler")

    monkeypatch.setattr(torch, "compile", lambda function: lambda *args, **kwargs: broken())
    plain, _, _ = losses(model)
    compiled, said, _ = losses(model, compile=True)
    assert compiled == plain
    assert "no C compiler" in dict(said)["compile"]
