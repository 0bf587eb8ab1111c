"""Model directories: what is refused and how, LoRA, saving, resuming."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from conftest import CONFIGS, item, options, ragged
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from midtrain_trainer.errors import WorkerError
from midtrain_trainer.worker import Worker

ITEMS = [item(range(30)), item(range(5, 60))]


def started(model: str, **changes) -> Worker:
    worker = Worker(lambda kind, text: None)
    worker.load(**options(model, **changes))
    return worker


def hashes(directory: str | Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path(directory).iterdir()) if path.is_file()}


def refusal(model: str, **changes) -> WorkerError:
    with pytest.raises(WorkerError) as caught:
        started(model, **changes)
    assert caught.value.next
    return caught.value


@pytest.fixture()
def copy(model, tmp_path) -> Path:
    return Path(shutil.copytree(model, tmp_path / "copy"))


def change_config(directory: Path, **changes) -> None:
    file = directory / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_remote_code_is_never_run(copy):
    (copy / "evil.py").write_text("raise SystemExit('ran')")
    change_config(copy, auto_map={"AutoModelForCausalLM": "evil.Evil"})
    assert refusal(str(copy)).reason == "unsupported"


def test_pickled_weights_are_never_read(copy):
    for file in copy.glob("*.safetensors*"):
        file.unlink()
    torch.save({}, copy / "pytorch_model.bin")
    error = refusal(str(copy))
    assert error.reason == "input" and "pytorch_model.bin" in error.next


def test_a_truncated_shard_is_named(copy):
    shard = sorted(copy.glob("*.safetensors"))[1]
    with shard.open("rb+") as stream:
        stream.truncate(shard.stat().st_size - 10)
    error = refusal(str(copy))
    assert (error.reason, error.where) == ("corrupt", str(shard))


def test_a_missing_shard_and_a_shard_elsewhere_are_named(copy):
    shard = sorted(copy.glob("*.safetensors"))[0]
    shard.unlink()
    assert refusal(str(copy)).where == str(shard)
    index = copy / "model.safetensors.index.json"
    index.write_text(index.read_text().replace(shard.name, "../" + shard.name))
    assert "leaves the model directory" in str(refusal(str(copy)))


def test_values_that_are_not_numbers_are_named(copy):
    shard = sorted(copy.glob("*.safetensors"))[0]
    tensors = load_file(shard)
    name = sorted(tensors)[0]
    tensors[name].view(-1)[0] = math.nan
    save_file(tensors, shard, metadata={"format": "pt"})
    error = refusal(str(copy))
    assert error.reason == "corrupt" and "not numbers" in str(error)


def test_weights_of_another_shape_are_refused(copy):
    change_config(copy, intermediate_size=64)
    assert refusal(str(copy)).reason in ("corrupt", "unsupported")
    change_config(copy, intermediate_size=48, num_hidden_layers=3)
    assert "missing" in str(refusal(str(copy)))


def test_unknown_architectures_and_broken_configs(copy):
    change_config(copy, model_type="nosuch", architectures=["NoSuch"])
    assert refusal(str(copy)).reason == "unsupported"
    (copy / "config.json").write_text("{")
    assert refusal(str(copy)).reason == "corrupt"
    (copy / "config.json").unlink()
    assert refusal(str(copy)).reason == "input"


def test_rows_longer_than_the_positions(model):
    worker = started(model)
    with pytest.raises(WorkerError, match="outside the model's context of 64"):
        from conftest import row

        worker.step([row(1, [65])], 1e-3, 1.0, {})


def test_padding_rows_of_the_vocabulary_survive(model, tmp_path):
    """A model with more rows than its tokenizer has tokens: all rows are saved, none is cut."""
    worker = started(model)
    worker.step(ragged(1), 1e-3, 1.0, {})
    worker.saveModel(str(tmp_path / "saved"))
    saved = load_file(tmp_path / "saved" / "model.safetensors")
    assert saved["model.embed_tokens.weight"].shape == (67, 32)
    assert "lm_head.weight" not in saved


@pytest.mark.parametrize("name", CONFIGS)
def test_a_saved_model_is_what_transformers_loads(models, tmp_path, name):
    worker = started(models[name])
    before = hashes(models[name])
    worker.step(ragged(1), 1e-3, 1.0, {})
    worker.saveModel(str(tmp_path / "saved"))
    assert started(str(tmp_path / "saved")).loglik(ITEMS) == worker.loglik(ITEMS)
    plain = AutoModelForCausalLM.from_pretrained(tmp_path / "saved", dtype=torch.float32, attn_implementation="eager").eval()
    ids = torch.arange(30)[None]
    logp = torch.log_softmax(plain(input_ids=ids, use_cache=False).logits[0], -1)
    nats = logp[:-1].gather(1, ids[0, 1:, None]).sum().item()
    assert worker.loglik(ITEMS)[0]["nats"] == pytest.approx(nats, rel=1e-5)
    assert hashes(models[name]) == before
    assert shapes(tmp_path / "saved") == shapes(Path(models[name]))


def shapes(directory: Path) -> dict[str, tuple[int, ...]]:
    return {key: tuple(tensor.shape) for file in directory.glob("*.safetensors") for key, tensor in load_file(file).items()}


@pytest.mark.parametrize("lora", [{"rank": 4}, {"rank": 3, "alpha": 3.0, "targets": ["q_proj", "down_proj"]}])
def test_adapters_and_merged_weights_are_one_model(model, tmp_path, lora):
    from peft import PeftModel

    before = hashes(model)
    worker = started(model, method="lora", lora=lora)
    assert worker.divergence(ITEMS)[0]["nats"] == 0
    base_score = worker.loglik(ITEMS)
    for step in range(5):
        assert worker.step(ragged(step), 1e-2, 1.0, {})["stepped"]
    live = worker.loglik(ITEMS)
    assert live != base_score and worker.divergence(ITEMS)[0]["nats"] > 0
    worker.saveModel(str(tmp_path / "saved"))
    assert worker.loglik(ITEMS) == live, "saving leaves the model in memory as it is"
    merged = started(str(tmp_path / "saved")).loglik(ITEMS)
    assert [m["nats"] for m in merged] == pytest.approx([x["nats"] for x in live], rel=1e-5)
    base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    adapted = PeftModel.from_pretrained(base, str(tmp_path / "saved" / "adapter")).eval()
    whole = AutoModelForCausalLM.from_pretrained(tmp_path / "saved", dtype=torch.float32).eval()
    ids = torch.arange(30)[None]
    with torch.no_grad():
        assert torch.allclose(adapted(input_ids=ids).logits, whole(input_ids=ids).logits, atol=1e-4)
    assert hashes(model) == before


def test_adapters_resume_bit_for_bit_and_kl_needs_no_copy(model, tmp_path):
    def steps(worker, first, last):
        return [worker.step(ragged(step, kl=0.2), 1e-2, 1.0, {}) for step in range(first, last)]

    first = started(model, method="lora", lora={"rank": 4})
    steps(first, 0, 2)
    first.saveState(str(tmp_path / "state"))
    expected = steps(first, 2, 5)
    assert first._base is None
    second = started(model, method="lora", lora={"rank": 4})
    second.loadState(str(tmp_path / "state"))
    assert steps(second, 2, 5) == expected


def test_an_unknown_target_is_named(model):
    assert "nosuch" in str(refusal(model, method="lora", lora={"rank": 2, "targets": ["nosuch"]}))


def test_bf16_saves_bf16_and_resumes_bit_for_bit(model, tmp_path):
    first = started(model, precision="bf16")
    first.step(ragged(0), 1e-2, 1.0, {})
    first.saveState(str(tmp_path / "state"))
    expected = first.step(ragged(1), 1e-2, 1.0, {})
    second = started(model, precision="bf16")
    second.loadState(str(tmp_path / "state"))
    assert second.step(ragged(1), 1e-2, 1.0, {}) == expected
    second.saveModel(str(tmp_path / "saved"))
    saved = load_file(tmp_path / "saved" / "model.safetensors")
    assert {tensor.dtype for tensor in saved.values()} == {torch.bfloat16}
    assert json.loads((tmp_path / "saved" / "config.json").read_text())["dtype"] == "bfloat16"


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("method", ["full", "lora"])
def test_the_base_does_not_differ_from_itself(model, precision, method):
    worker = started(model, precision=precision, method=method, lora={"rank": 2})
    assert [result["nats"] for result in worker.divergence(ITEMS)] == [0.0, 0.0]
    worker.step(ragged(0), 1e-2, 1.0, {})
    assert all(result["nats"] > 0 for result in worker.divergence(ITEMS))


def test_a_state_of_another_model_is_refused(models, tmp_path):
    other = started(models["gpt2"])
    other.step(ragged(0), 1e-2, 1.0, {})
    other.saveState(str(tmp_path / "state"))
    worker = started(models["llama"])
    before = worker.loglik(ITEMS)
    with pytest.raises(WorkerError, match="of this model"):
        worker.loadState(str(tmp_path / "state"))
    assert worker.loglik(ITEMS) == before


def test_a_base_is_never_written_over(model):
    before = hashes(model)
    with pytest.raises(WorkerError, match="never written over"):
        started(model).saveModel(model)
    assert hashes(model) == before


@pytest.fixture()
def small_disk(tmp_path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk], capture_output=True).returncode != 0:
        pytest.skip("needs the right to mount a small file system")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_said_and_what_was_there_stays(model, small_disk):
    worker = started(model)
    state = str(small_disk / "state")
    worker.saveState(state)
    worker.step(ragged(0), 1e-2, 1.0, {})
    before = hashes(state)
    with pytest.raises(WorkerError, match="disk is full") as caught:
        worker.saveState(state)
    assert caught.value.reason == "environment" and caught.value.next
    assert {name: value for name, value in hashes(state).items() if name in before} == before
    started(model).loadState(state)


def test_large_weights_go_into_shards(model, tmp_path, monkeypatch):
    monkeypatch.setattr("midtrain_trainer.model_files.SHARD_BYTES", 20000)
    worker = started(model)
    worker.saveModel(str(tmp_path / "saved"))
    assert len(list((tmp_path / "saved").glob("model-*.safetensors"))) > 1
    assert started(str(tmp_path / "saved")).loglik(ITEMS) == worker.loglik(ITEMS)


def test_generation_samples_and_stop_sequences(model):
    worker = started(model)
    greedy = {"maxTokens": 8, "temperature": 0, "stopTokens": [], "seed": 1}
    (written,) = worker.generate([[1, 2, 3]], greedy)
    stopped = worker.generate([[1, 2, 3]], {**greedy, "stopSequences": [written[2:4]]})
    at = next(i for i in range(len(written)) if written[i : i + 2] == written[2:4])
    assert stopped == [written[:at]]
    warm = {**greedy, "temperature": 1.0, "samples": 3}
    many = worker.generate([[1, 2, 3], [4]], warm)
    assert len(many) == 6 and many[0] != many[1]
    assert worker.generate([[1, 2, 3]], warm) == many[:3]
