"""From a model directory to a module that trains: only what transformers has itself, only safetensors, nothing missing."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import torch
import transformers
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM

from . import attention
from .errors import WorkerError
from .model_files import read_config
from .net import Net

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()


@dataclass(frozen=True)
class LoadOptions:
    model: str
    precision: str
    method: str
    seed: int
    optimizer: dict[str, float]
    threads: int | None = None
    device: str | None = None
    #: {rank, alpha, targets?}; targets by module name, all linear layers but the head by default.
    lora: dict[str, Any] | None = None
    #: Rows per micro-batch; chosen by the worker where it is None.
    microBatchRows: int | None = None
    #: Whether activations inside blocks are computed again in the backward pass.
    recompute: bool = False
    #: Whether the blocks are compiled for training; scoring stays as it is.
    compile: bool = False


@dataclass(frozen=True)
class Facts:
    parameters: int
    trainable: int
    vocabulary: int
    context: int
    architecture: str


@dataclass
class Loaded:
    net: Net
    facts: Facts
    raw: dict[str, Any]
    options: LoadOptions
    device: torch.device
    path: str = ""
    notes: list[str] = field(default_factory=list)


def pick_device(asked: str | None) -> torch.device:
    if asked is None or asked == "auto":
        return torch.device("cuda", torch.cuda.current_device()) if torch.cuda.is_available() else torch.device("cpu")
    if asked.startswith("cuda") and not torch.cuda.is_available():
        next = "Check the driver with nvidia-smi, or train on the CPU."
        raise WorkerError("environment", "There is no GPU that this torch build can use.", asked, next)
    return torch.device(asked)


def load(options: LoadOptions, path: str | None = None) -> Loaded:
    """The model with its trainable parameters in fp32 (bf16 is what products are computed in). path: attention path."""
    raw = read_config(options.model)
    device = pick_device(options.device)
    path = path or attention.candidates(device, options.precision)[0]
    torch.manual_seed(options.seed)
    causal = _read_model(options, path)
    _require_finite(causal, options.model)
    config = causal.config.get_text_config()
    parameters = sum(parameter.numel() for parameter in causal.parameters())
    net = Net(causal.to(device), options.precision)
    net.has_plain_head = _has_plain_head(net, config.vocab_size)
    if options.method == "lora":
        _add_adapters(net, options.lora or {})
    net.train()
    trainable = sum(parameter.numel() for parameter in net.parameters() if parameter.requires_grad)
    architecture = (raw.get("architectures") or [type(causal).__name__])[0]
    facts = Facts(parameters, trainable, config.vocab_size, _context_of(config), architecture)
    return Loaded(net, facts, raw, options, device, path)


def _read_model(options: LoadOptions, path: str) -> Any:
    frozen_bf16 = options.method == "lora" and options.precision == "bf16"
    common = {"trust_remote_code": False, "local_files_only": True}
    try:
        config = AutoConfig.from_pretrained(options.model, **common)
        _without_dropout(config)
        causal, report = AutoModelForCausalLM.from_pretrained(
            options.model,
            config=config,
            dtype=torch.bfloat16 if frozen_bf16 else torch.float32,
            attn_implementation=attention.PATHS[path],
            use_safetensors=True,
            output_loading_info=True,
            **common,
        )
    except (ValueError, KeyError, AttributeError, OSError, RuntimeError, ImportError) as error:
        message = f"transformers {transformers.__version__} cannot load the model: {_first_lines(error)}"
        next = "Check the directory with from_pretrained, or choose another model."
        raise WorkerError("unsupported", message, options.model, next) from error
    for kind in ("missing_keys", "mismatched_keys"):
        if report.get(kind):
            names = ", ".join(sorted(str(key) for key in report[kind])[:3])
            message = f"The weights do not fit config.json ({kind.replace('_', ' ')}: {names})."
            next = "Restore config.json and the weights from one and the same model."
            raise WorkerError("corrupt", message, options.model, next)
    return causal


def _first_lines(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _without_dropout(config: Any) -> None:
    """A step is a function of weights and rows alone: that is what makes a resume bit-exact."""
    for part in {id(part): part for part in (config, config.get_text_config())}.values():
        for key, value in list(vars(part).items()):
            if ("dropout" in key or key.endswith("pdrop")) and isinstance(value, float):
                setattr(part, key, 0.0)


def _context_of(config: Any) -> int:
    for key in ("max_position_embeddings", "n_positions", "max_seq_len"):
        value = getattr(config, key, None)
        if isinstance(value, int) and value > 0:
            return value
    return 2048


def _require_finite(causal: nn.Module, model: str) -> None:
    for name, parameter in causal.named_parameters():
        # A sum is not finite exactly if an element is not (or it overflows, which is no better).
        if not math.isfinite(parameter.detach().double().sum().item()):
            message = f"The tensor {name} holds values that are not numbers."
            raise WorkerError("corrupt", message, model, "Restore the weights from the model's source.")


@torch.no_grad()
def _has_plain_head(net: Net, vocabulary: int) -> bool:
    """Whether head(hidden) is what the model itself calls its logits: soft caps and scales are found, not guessed."""
    head = net.head
    if type(head) is not nn.Linear or head.out_features < 1:
        return False
    ids = (torch.arange(16, device=net.device) * 7 % vocabulary)[None]
    inputs = {"input_ids": ids, "position_ids": torch.arange(16, device=net.device)[None], "use_cache": False}
    segments = attention.on_device(attention.segments_of(torch.zeros(1, 16, dtype=torch.int64)), net.device)
    with attention.within(segments), net.autocast():
        whole = net.causal(**inputs).logits
        ours = head(net.decoder(**inputs).last_hidden_state)
    return bool(torch.allclose(whole.float(), ours.float(), rtol=1e-4, atol=1e-4))


def _add_adapters(net: Net, lora: dict[str, Any]) -> None:
    from peft import LoraConfig, get_peft_model

    rank = int(lora.get("rank", 16))
    targets = lora.get("targets") or "all-linear"
    names = {name.rsplit(".", 1)[-1] for name, module in net.causal.named_modules() if isinstance(module, nn.Linear)}
    unknown = [name for name in targets if name not in names] if isinstance(targets, list) else []
    if unknown:
        message = f"The model has no linear layer called {unknown[0]}."
        raise WorkerError("input", message, "training.lora.targets", f"Choose among {', '.join(sorted(names))}.")
    config = LoraConfig(
        r=rank,
        lora_alpha=float(lora.get("alpha", 2 * rank)),
        target_modules=targets,
        lora_dropout=0.0,
        bias="none",
        task_type="CAUSAL_LM",
    )
    net.attach_adapters(get_peft_model(net.causal, config))
    for name, parameter in net.named_parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
        elif "lora_" in name:
            raise WorkerError("internal", f"The adapter tensor {name} is not trainable.", "lora")
    if type(net.head) is not nn.Linear:
        net.has_plain_head = False
