"""What a GPU run is held against, one measurement a process, one JSON line on stdout:
    gpu_peers.py gpu                                     what this Python's torch sees
    gpu_peers.py model DIRECTORY CONFIG                  writes a model with random weights
    gpu_peers.py ARM DIRECTORY ROW_LENGTH ROWS MICRO     tokens/s and peak memory of bf16 training
ARM: bare (a plain loop on transformers, sdpa, no documents), trainer (HF Trainer, defaults but for bf16 and the fused optimizer).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, Trainer, TrainerCallback, TrainingArguments

WARM, MEASURED = 3, 8


class Tokens(torch.utils.data.Dataset):
    """Random rows without documents: plain transformers has no way to pass them on every path."""

    def __init__(self, rows: int, length: int, vocabulary: int) -> None:
        generator = torch.Generator().manual_seed(1)
        self.ids = torch.randint(0, vocabulary, (rows, length), generator=generator)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        return {"input_ids": self.ids[index], "labels": self.ids[index]}


class Clock(TrainerCallback):
    def __init__(self) -> None:
        self.ends: list[float] = []

    def on_step_end(self, *_: Any, **__: Any) -> None:
        synchronize()
        self.ends.append(time.perf_counter())


def synchronize() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def median_step(ends: list[float]) -> float:
    gaps = sorted(b - a for a, b in zip(ends[WARM - 1 :], ends[WARM:], strict=False))
    return gaps[len(gaps) // 2]


def load(directory: str) -> Any:
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, local_files_only=True)
    return model.to("cuda" if torch.cuda.is_available() else "cpu")


def bare(model: Any, data: Tokens, rows: int, micro: int) -> list[float]:
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)
    model.train()
    device = next(model.parameters()).device
    ends = []
    for step in range(WARM + MEASURED):
        for at in range(0, rows, micro):
            ids = data.ids[(step * rows + at) % len(data) :][:micro].to(device)
            with torch.autocast(device.type, torch.bfloat16):
                loss = model(input_ids=ids, labels=ids, use_cache=False).loss
            (loss * micro / rows).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        synchronize()
        ends.append(time.perf_counter())
    return ends


def trainer(model: Any, data: Tokens, rows: int, micro: int) -> list[float]:
    clock = Clock()
    with tempfile.TemporaryDirectory() as out:
        arguments = TrainingArguments(
            output_dir=out,
            per_device_train_batch_size=micro,
            gradient_accumulation_steps=rows // micro,
            max_steps=WARM + MEASURED,
            bf16=True,
            use_cpu=not torch.cuda.is_available(),
            optim="adamw_torch_fused",
            learning_rate=1e-5,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            logging_steps=100,
        )
        Trainer(model=model, args=arguments, train_dataset=data, callbacks=[clock]).train()
    return clock.ends


def within_memory(measure: Any, model: Any, data: Tokens, rows: int, micro: int) -> tuple[float, int]:
    """With half the rows a micro-batch as often as memory asks for it: whole logits need much more than ours."""
    while True:
        try:
            return median_step(measure(model, data, rows, micro)), micro
        except torch.OutOfMemoryError:
            if micro == 1:
                raise
        model.zero_grad(set_to_none=True)
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        micro //= 2


def main(arm: str, directory: str, length: int, rows: int, micro: int) -> None:
    model = load(directory)
    data = Tokens(rows * (WARM + MEASURED), length, model.config.vocab_size)
    out = sys.stdout
    sys.stdout = sys.stderr
    seconds, micro = within_memory({"bare": bare, "trainer": trainer}[arm], model, data, rows, micro)
    peak = torch.cuda.max_memory_reserved() if torch.cuda.is_available() else None
    result = {"tokensPerSecond": rows * length / seconds, "peakBytes": peak, "rowsPerMicroBatch": micro}
    print(json.dumps(result), file=out)


def make_model(directory: str, shape: str) -> None:
    from transformers import Qwen2Config

    torch.manual_seed(1)
    config = Qwen2Config(**json.loads(shape))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    with torch.device(device):
        model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    Path(directory).mkdir(parents=True, exist_ok=True)
    model.save_pretrained(directory)


if __name__ == "__main__":
    if sys.argv[1] == "model":
        make_model(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == "gpu":
        found = torch.cuda.is_available()
        facts = {"name": torch.cuda.get_device_name(), "bytes": torch.cuda.mem_get_info()[1]} if found else {}
        print(json.dumps({"torch": torch.__version__, "found": found, **facts}))
    else:
        main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))
