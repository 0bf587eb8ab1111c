"""The peers, each with its own data path, as their documentation shows it; settings that they leave open are the same for all.

Documents are lists of ids, each ends with END. A body token's id occurs once in the whole corpus: it says where it came from.
"""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path
from typing import Any

# Equal bits whatever else the machine does; the same switch that Midtrain gives its worker.
os.environ.setdefault("MKL_CBWR", "AVX2,STRICT")
for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE", "DO_NOT_TRACK"):
    os.environ[name] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import datasets  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
import trl  # noqa: E402
from transformers import (  # noqa: E402  # noqa: E402
    AutoModelForCausalLM,
    DataCollatorForLanguageModeling,
    DataCollatorWithFlattening,
    LlamaConfig,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
    default_data_collator,
)

torch.set_num_threads(1)
warnings.filterwarnings("ignore")
transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
logging.disable(logging.WARNING)
datasets.utils.logging.set_verbosity_error()
datasets.disable_progress_bars()
datasets.disable_caching()

END, PADDING, FIRST_BODY = 0, 1, 256
CONCATENATED, PADDED, PADDING_FREE = "HF Trainer, concatenated", "HF Trainer, padded", "HF Trainer, padding-free"
TRL_BFD, TRL_SPLIT, TRL_WRAPPED = "TRL SFTTrainer, bfd", "TRL SFTTrainer, bfd_split", "TRL SFTTrainer, wrapped"
ARMS = (CONCATENATED, PADDED, PADDING_FREE, TRL_BFD, TRL_SPLIT, TRL_WRAPPED)
STRATEGIES = {TRL_BFD: "bfd", TRL_SPLIT: "bfd_split", TRL_WRAPPED: "wrapped"}


def versions() -> dict[str, str]:
    return {module.__name__: module.__version__ for module in (torch, transformers, trl, datasets)}


def write_model(directory: Path, vocabulary: int, row_length: int) -> None:
    """A Llama-shaped model with random weights, and a tokenizer that nothing is tokenized with but peers ask for."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=row_length,
        initializer_range=0.1,
        tie_word_embeddings=True,
        bos_token_id=END,
        eos_token_id=END,
        pad_token_id=PADDING,
    )
    AutoModelForCausalLM.from_config(config, dtype=torch.float32).save_pretrained(directory)
    words = {"<end>": END, "<padding>": PADDING, **{f"t{number}": number for number in range(2, vocabulary)}}
    tokenizer = Tokenizer(WordLevel(words, unk_token="<end>"))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>", pad_token="<padding>").save_pretrained(directory)


def make(
    arm: str,
    documents: list[list[int]],
    *,
    model: str,
    out: str,
    row_length: int,
    batch: int = 2,
    accumulation: int = 2,
    steps: int = -1,
    save_every: int | None = None,
    callbacks: list[Any] | None = None,
) -> Trainer:
    common = {
        "output_dir": out,
        "per_device_train_batch_size": batch,
        "gradient_accumulation_steps": accumulation,
        "max_steps": steps,
        "num_train_epochs": 1,
        "learning_rate": 1e-3,
        "logging_steps": 1,
        "save_strategy": "no" if save_every is None else "steps",
        "save_steps": save_every or 500,
        "save_total_limit": 3,
        "report_to": "none",
        # Values as they are in what is kept of the log; nothing of it on stdout.
        "log_level": "error",
        "disable_tqdm": True,
        "use_cpu": True,
        "bf16": False,
        "seed": 1,
    }
    dataset = datasets.Dataset.from_dict({"input_ids": documents})
    if arm in STRATEGIES:
        arguments = trl.SFTConfig(**common, max_length=row_length, packing=True, packing_strategy=STRATEGIES[arm])
        return trl.SFTTrainer(
            model=model_of(model),
            args=arguments,
            train_dataset=dataset,
            processing_class=PreTrainedTokenizerFast.from_pretrained(model),
            callbacks=callbacks,
        )
    dataset, collator = _plain(arm, dataset, model, row_length)
    return Trainer(
        model=model_of(model), args=TrainingArguments(**common), train_dataset=dataset, data_collator=collator, callbacks=callbacks
    )


def model_of(directory: str) -> Any:
    return AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32)


def _plain(arm: str, dataset: Any, model: str, row_length: int) -> tuple[Any, Any]:
    if arm == CONCATENATED:
        return dataset.map(_joined, batched=True, fn_kwargs={"row_length": row_length}), default_data_collator
    if arm == PADDED:
        cut = dataset.map(lambda each: {"input_ids": each["input_ids"][:row_length]})
        return cut, DataCollatorForLanguageModeling(PreTrainedTokenizerFast.from_pretrained(model), mlm=False)
    return dataset, DataCollatorWithFlattening()


def _joined(batch: dict[str, Any], row_length: int) -> dict[str, Any]:
    """What guides to pretraining with HF Trainer do: documents one after another, cut into rows, the rest of each map batch left out."""
    ids = [token for document in batch["input_ids"] for token in document]
    rows = [ids[at : at + row_length] for at in range(0, len(ids) - row_length + 1, row_length)]
    return {"input_ids": rows, "labels": [list(row) for row in rows]}
