"""The trained model in Hugging Face layout: whole weights for every reader; with adapters, those beside it in adapter/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers.core_model_loading import revert_weight_conversion

from . import ranks
from .loading import Loaded
from .model_files import write_model


def save_model(loaded: Loaded, directory: str) -> None:
    tensors = _whole_weights(loaded)
    # peft names what it wraps with a prefix of its own.
    causal: Any = loaded.net.causal
    adapters = {f"base_model.model.{name}": ranks.whole(p.detach()).cpu() for name, p in causal.named_parameters() if "lora_" in name}
    if ranks.RANK == 0:
        _write(loaded, directory, tensors, adapters)
    ranks.gather(None)


def _write(loaded: Loaded, directory: str, tensors: dict[str, torch.Tensor], adapters: dict[str, torch.Tensor]) -> None:
    precision = "float32" if loaded.options.precision == "fp32" else "bfloat16"
    # transformers 5 spells the key `dtype`; a file keeps the spelling that it has.
    key = "dtype" if "dtype" in loaded.raw else "torch_dtype"
    config = {**loaded.raw, key: precision}
    write_model(directory, loaded.options.model, config, tensors)
    if loaded.net.adapters is not None:
        target = Path(directory) / "adapter"
        loaded.net.adapters.save_pretrained(str(target), safe_serialization=True, state_dict=adapters)
        (target / "README.md").unlink(missing_ok=True)


@torch.no_grad()
def _whole_weights(loaded: Loaded) -> dict[str, torch.Tensor]:
    """Names and layout as on disk; adapters added to copies, so that the model in memory stays as it is."""
    dtype = torch.float32 if loaded.options.precision == "fp32" else torch.bfloat16
    causal: Any = loaded.net.causal
    merged: dict[str, torch.Tensor] = {}
    for name, module in causal.named_modules():
        if hasattr(module, "get_delta_weight") and hasattr(module, "base_layer"):
            base = ranks.whole(module.base_layer.weight).float()
            delta = module.get_delta_weight("default") if ranks.WORLD == 1 else _delta(module)
            merged[f"{name}.weight"] = base + delta.float()
    tensors: dict[str, torch.Tensor] = {}
    seen: dict[int, str] = {}
    for name, parameter in causal.state_dict(keep_vars=True).items():
        if "lora_" in name:
            continue
        # Tied weights are stored once, under their first name.
        if id(parameter) in seen:
            continue
        seen[id(parameter)] = name
        plain = name.replace(".base_layer", "")
        value = merged[plain] if plain in merged else ranks.whole(parameter)
        tensors[plain] = value.detach().to(dtype if value.is_floating_point() else value.dtype).cpu()
    # In memory transformers may hold other tensors than the files do (experts in one): back to what every reader knows.
    return revert_weight_conversion(causal, tensors)


def _delta(module: Any) -> torch.Tensor:
    a, b = (ranks.whole(getattr(module, part)["default"].weight).float() for part in ("lora_A", "lora_B"))
    return (b @ a) * module.scaling["default"]
