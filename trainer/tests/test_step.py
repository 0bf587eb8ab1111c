"""Steps against plain eager float64, micro-batches, memory that runs out, KL online."""

from __future__ import annotations

import base64
import math

import numpy as np
import pytest
import torch
from conftest import CONFIGS, OPTIMIZER, item, options, ragged, row
from reference import trace

from midtrain_trainer import loading
from midtrain_trainer.worker import Worker


def started(model: str, **changes):
    said: list[tuple[str, str]] = []
    worker = Worker(lambda kind, text: said.append((kind, text)))
    worker.load(**options(model, **changes))
    return worker, said


def mean(result) -> float:
    return sum(s["lossSum"] for s in result["bySource"]) / sum(s["tokens"] for s in result["bySource"])


def plain(row):
    kinds = {"tokens": "<i4", "documents": "<i4", "lossWeights": "<f4"}
    return {key: np.frombuffer(base64.b64decode(row[key]), kind).tolist() for key, kind in kinds.items()}


@pytest.mark.parametrize("name", CONFIGS)
def test_fifty_steps_as_eager_float64(models, name):
    worker, _ = started(models[name])
    steps = [ragged(step)[:4] for step in range(50)]
    expected = trace(models[name], [[plain(r) for r in rows] for rows in steps], 1e-3, 1.0, OPTIMIZER)
    for rows, loss, norm in zip(steps, expected["losses"], expected["norms"], strict=True):
        result = worker.step(rows, 1e-3, 1.0, {})
        assert mean(result) == pytest.approx(loss, rel=1e-4)
        assert result["gradNorm"] == pytest.approx(norm, rel=1e-3)


@pytest.mark.parametrize("name", CONFIGS)
def test_no_document_leaks(models, name):
    assert started(models[name])[0].leakTest() == {"largestChange": 0.0, "passed": True}


def test_the_leak_test_can_fail(model, monkeypatch):
    worker, _ = started(model)
    from midtrain_trainer import attention

    monkeypatch.setattr(attention, "_with_documents", lambda mask_function: mask_function)
    monkeypatch.setattr("transformers.masking_utils.find_packed_sequence_indices", lambda position_ids: None)
    result = worker.leakTest()
    assert result["largestChange"] > 0 and not result["passed"]


def test_soft_caps_go_the_eager_way(models):
    """Gemma 2 caps its scores, which sdpa cannot: the next path is taken, and said."""
    worker, said = started(models["gemma2"])
    assert worker._training.loaded.path == "eager"
    assert any("sdpa does not serve" in text for _, text in said)


def test_micro_batches_are_one_mean(model):
    results = []
    for rows_per_batch in (1, 2, 4, 8):
        worker, _ = started(model, microBatchRows=rows_per_batch)
        result = worker.step(ragged(1, kl=0.3), 1e-3, 1.0, {})
        after = worker.loglik([item(range(30))])[0]["nats"]
        results.append([*(s["lossSum"] for s in result["bySource"]), result["gradNorm"], after])
    for result in results[1:]:
        assert result == pytest.approx(results[0], rel=1e-5)


def test_memory_that_runs_out_changes_no_number(model, monkeypatch):
    expected = started(model, microBatchRows=8)[0].step(ragged(1), 1e-3, 1.0, {})
    worker, said = started(model)
    net = worker._training.net
    forward = net.forward

    def short_of_memory(batch, *rest):
        if batch.ids_RT.shape[0] > 2:
            raise torch.OutOfMemoryError("injected")
        return forward(batch, *rest)

    monkeypatch.setattr(net, "forward", short_of_memory)
    result = worker.step(ragged(1), 1e-3, 1.0, {})
    assert mean(result) == pytest.approx(mean(expected), rel=1e-5)
    assert result["gradNorm"] == pytest.approx(expected["gradNorm"], rel=1e-5)
    told = [text for kind, text in said if kind == "out-of-memory"]
    assert len(told) == 2 and "2 rows instead of 4" in told[1]


def test_one_row_that_does_not_fit_recomputes_then_gives_up(model, monkeypatch):
    worker, said = started(model)
    net = worker._training.net
    forward = net.forward
    expected = worker.step(ragged(1), 0.0, 1.0, {})

    def short_of_memory(batch, *rest):
        if not worker._training.recomputes:
            raise torch.OutOfMemoryError("injected")
        return forward(batch, *rest)

    monkeypatch.setattr(net, "forward", short_of_memory)
    result = worker.step(ragged(1), 0.0, 1.0, {})
    assert mean(result) == pytest.approx(mean(expected), rel=1e-5)
    assert result["gradNorm"] == pytest.approx(expected["gradNorm"], rel=1e-5)
    assert any("computed again" in text for _, text in said)

    def never(*_):
        raise torch.OutOfMemoryError("injected")

    monkeypatch.setattr(net, "forward", never)
    with pytest.raises(Exception, match="One row does not fit"):
        worker.step(ragged(1), 0.0, 1.0, {})


def test_kl_is_zero_at_the_base_and_pulls_towards_it(model):
    worker, _ = started(model)
    first = worker.step(ragged(1, kl=0.5), 5e-3, 1.0, {})
    assert first["klSum"] == pytest.approx(0, abs=1e-4)
    with_kl, without = started(model)[0], started(model)[0]
    for step in range(20):
        with_kl.step(ragged(step, kl=5.0), 5e-3, 1.0, {})
        without.step(ragged(step), 5e-3, 1.0, {})
    drift = [w.divergence([item(range(40))])[0]["nats"] for w in (with_kl, without)]
    assert 0 < drift[0] < drift[1]


def test_kl_gradient_as_autograd_has_it(model):
    """The hand-written gradient against float64 autograd of the same objective."""
    from midtrain_trainer.loss import Targets, linear_loss

    torch.manual_seed(0)
    head, base_head = (torch.nn.Linear(6, 11, bias=True, dtype=torch.float64) for _ in range(2))
    hidden = torch.randn(9, 6, dtype=torch.float64, requires_grad=True)
    base_hidden = torch.randn(9, 6, dtype=torch.float64)
    labels, share, kl = torch.randint(11, (9,)), torch.rand(9, dtype=torch.float64), torch.rand(9, dtype=torch.float64)
    base = (base_hidden, base_head.weight.detach(), base_head.bias.detach())
    objective, nats, kl_nats = linear_loss(hidden, head, Targets(labels, share, kl), base, torch.float64)
    objective.backward()
    ours = [hidden.grad.clone(), head.weight.grad.clone(), head.bias.grad.clone()]
    for tensor in (hidden, head.weight, head.bias):
        tensor.grad = None
    logp = torch.log_softmax(head(hidden), 1)
    base_logp = torch.log_softmax(base_head(base_hidden), 1).detach()
    expected_nats = -logp.gather(1, labels[:, None])[:, 0]
    expected_kl = (base_logp.exp() * (base_logp - logp)).sum(1)
    expected = (share * expected_nats).sum() + (kl * expected_kl).sum()
    expected.backward()
    assert objective.item() == pytest.approx(expected.item(), rel=1e-12)
    assert torch.allclose(nats, expected_nats) and torch.allclose(kl_nats, expected_kl)
    for mine, tensor in zip(ours, (hidden, head.weight, head.bias), strict=True):
        assert torch.allclose(mine, tensor.grad, rtol=1e-10, atol=1e-12)


def test_chunks_change_nothing(model, monkeypatch):
    whole = started(model)[0].step(ragged(1, kl=0.3), 1e-3, 1.0, {})
    monkeypatch.setattr("midtrain_trainer.loss.LOGITS_PER_CHUNK", 67 * 3)
    pieces = started(model)[0].step(ragged(1, kl=0.3), 1e-3, 1.0, {})
    assert mean(pieces) == pytest.approx(mean(whole), rel=1e-6)
    assert pieces["gradNorm"] == pytest.approx(whole["gradNorm"], rel=1e-6)
    assert pieces["klSum"] == pytest.approx(whole["klSum"], abs=1e-6)


def test_bf16_follows_fp32(model):
    losses = {}
    for precision in ("fp32", "bf16"):
        worker, _ = started(model, precision=precision)
        losses[precision] = [mean(worker.step(ragged(step % 3), 3e-3, 1.0, {})) for step in range(20)]
        assert losses[precision][-1] < losses[precision][0]
    assert losses["bf16"] == pytest.approx(losses["fp32"], rel=0.03)


def test_a_head_that_is_more_than_a_matrix(model, monkeypatch):
    expected = started(model)[0].step(ragged(1, kl=0.3), 1e-3, 1.0, {})
    monkeypatch.setattr(loading, "_has_plain_head", lambda net, vocabulary: False)
    result = started(model)[0].step(ragged(1, kl=0.3), 1e-3, 1.0, {})
    assert mean(result) == pytest.approx(mean(expected), rel=1e-5)
    assert result["gradNorm"] == pytest.approx(expected["gradNorm"], rel=1e-5)


def test_a_step_that_is_not_a_number_is_refused(model):
    worker, _ = started(model)
    before = worker.loglik([item(range(9))])
    with torch.no_grad():
        worker._training.parameters[0][3] = math.nan
    result = worker.step([row(1, [12])], 1e-3, 1.0, {})
    assert not result["stepped"]
    assert worker._training.optimizer.state == {}
    assert before[0]["nats"] < 0
