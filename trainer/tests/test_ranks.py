"""Two processes with gloo under torchrun: the same numbers as one, and states that move between them."""

from __future__ import annotations

import pytest
from client import Client, Remote
from conftest import item, options, ragged

ITEMS = [item(range(30)), item(range(5, 60)), item([1, 2])]


@pytest.fixture()
def clients():
    opened: list[Client] = []

    def start(processes: int) -> Client:
        opened.append(Client(processes))
        return opened[-1]

    yield start
    for client in opened:
        client.process.kill()
        client.process.wait()


def steps(client: Client, first: int, last: int, kl: float = 0.0) -> list[list[float]]:
    results = []
    for step in range(first, last):
        result = client.call("step", rows=ragged(step, kl)[: 8 - step % 2], learningRate=1e-2, clip=1.0, refuseAbove={})
        assert result["stepped"]
        results.append([*(s["lossSum"] for s in result["bySource"]), result["gradNorm"], *([result["klSum"]] if kl else [])])
    return results


def close(ours, theirs, rel: float = 1e-5) -> None:
    for mine, other in zip(ours, theirs, strict=True):
        assert mine == pytest.approx(other, rel=rel, abs=1e-4)


def test_two_processes_are_one(clients, models, tmp_path):
    one, two = clients(1), clients(2)
    for client in (one, two):
        client.call("load", **options(models["qwen2"]))
    assert "FSDP2" in two.events[-1]["text"]
    assert two.call("leakTest")["passed"]
    close(steps(two, 0, 1), steps(one, 0, 1), 1e-5)
    one.call("saveState", directory=str(tmp_path / "one"))
    two.call("saveState", directory=str(tmp_path / "two"))
    # Save on 2, resume on 1; save on 1, resume on 2: as if nothing had happened.
    ahead = steps(two, 1, 4, kl=0.2)
    one.call("loadState", directory=str(tmp_path / "two"))
    close(steps(one, 1, 4, kl=0.2), ahead)
    two.call("loadState", directory=str(tmp_path / "one"))
    close(steps(two, 1, 4, kl=0.2), ahead)
    close([[x["nats"] for x in two.call("loglik", items=ITEMS)]], [[x["nats"] for x in one.call("loglik", items=ITEMS)]])
    close([[x["nats"] for x in two.call("divergence", items=ITEMS)]], [[x["nats"] for x in one.call("divergence", items=ITEMS)]], 1e-3)
    greedy = {"maxTokens": 5, "temperature": 0, "stopTokens": [], "seed": 1}
    assert two.call("generate", prompts=[[1, 2]], options=greedy) == one.call("generate", prompts=[[1, 2]], options=greedy)
    two.call("saveModel", directory=str(tmp_path / "model"))
    one.call("load", **options(str(tmp_path / "model")))
    close([[x["nats"] for x in one.call("loglik", items=ITEMS)]], [[x["nats"] for x in two.call("loglik", items=ITEMS)]])
    two.call("exit")
    assert two.end() == 0


def test_refusals_and_snapshots_are_the_same_on_every_rank(clients, model):
    two = clients(2)
    two.call("load", **options(model))
    handle = two.call("snapshot")["id"]
    before = two.call("loglik", items=ITEMS)
    refused = two.call("step", rows=ragged(0), learningRate=1e-2, clip=1.0, refuseAbove={"loss": 0.1})
    assert not refused["stepped"] and two.call("loglik", items=ITEMS) == before
    # One row for two ranks: the other one computes a batch without weight.
    alone = two.call("step", rows=ragged(0)[:1], learningRate=1e-2, clip=1.0, refuseAbove={})
    assert alone["stepped"]
    two.call("restore", id=handle)
    assert two.call("loglik", items=ITEMS) == before
    with pytest.raises(Remote, match="different lengths"):
        row = ragged(0)[0]
        two.call("step", rows=[{**row, "documents": row["documents"][:16]}], learningRate=1e-2, clip=1.0, refuseAbove={})
    assert two.call("step", rows=ragged(0), learningRate=1e-2, clip=1.0, refuseAbove={})["stepped"]


def test_adapters_on_two_processes(clients, model, tmp_path):
    one, two = clients(1), clients(2)
    for client in (one, two):
        client.call("load", **options(model, method="lora", lora={"rank": 4}))
    close(steps(two, 0, 3, kl=0.2), steps(one, 0, 3, kl=0.2), 1e-4)
    two.call("saveModel", directory=str(tmp_path / "model"))
    one.call("load", **options(str(tmp_path / "model")))
    close([[x["nats"] for x in one.call("loglik", items=ITEMS)]], [[x["nats"] for x in two.call("loglik", items=ITEMS)]])
