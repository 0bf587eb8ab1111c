"""Model directories in Hugging Face layout: checked before a tensor is read, written file by file with the manifest last."""

from __future__ import annotations

import json
import os
import shutil
import struct
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from .errors import WorkerError, explain_write_error

COMPANIONS = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "generation_config.json",
    "vocab.json",
    "merges.txt",
    "added_tokens.json",
    "chat_template.jinja",
)
SHARD_BYTES = 4 * 2**30
_RESTORE = "Restore the file from the model's source."


def read_config(model: str) -> dict[str, Any]:
    """config.json, refused where the model would need code of its own or is not one of plain weights."""
    file = Path(model) / "config.json"
    try:
        raw = json.loads(file.read_text("utf-8"))
    except FileNotFoundError as error:
        message = "The model directory has no readable config.json."
        next = "Give a directory in Hugging Face layout (config.json, *.safetensors, tokenizer.json)."
        raise WorkerError("input", message, str(file), next) from error
    except ValueError as error:
        raise WorkerError("corrupt", f"config.json is not valid JSON: {error}", str(file), _RESTORE) from error
    if not isinstance(raw, dict):
        raise WorkerError("corrupt", "config.json does not hold a JSON object.", str(file), _RESTORE)
    if "auto_map" in raw:
        next = "Use a model whose architecture transformers has itself."
        raise WorkerError("unsupported", "The model asks for code of its own (auto_map), which is never run.", str(file), next)
    if raw.get("quantization_config"):
        next = "Use the weights before quantization."
        raise WorkerError("unsupported", "The model's weights are quantized (quantization_config).", str(file), next)
    return raw


def check_weights(model: str) -> list[Path]:
    """Every safetensors file of the model, whole by its header; pickled weights are never read."""
    root = Path(model)
    single, index = root / "model.safetensors", root / "model.safetensors.index.json"
    if single.exists():
        files = [single]
    elif index.exists():
        files = [root / name for name in _shards(index)]
    else:
        found = sorted(path.name for path in root.iterdir() if path.suffix in (".bin", ".pt", ".pth"))
        has = f"It has {found[0]}, which is pickled. " if found else ""
        message = "The model directory has neither model.safetensors nor model.safetensors.index.json."
        raise WorkerError("input", message, model, f"{has}Give a model with safetensors weights; pickled ones are never read.")
    for file in files:
        _check_safetensors(file)
    return files


def _shards(index: Path) -> list[str]:
    try:
        names = sorted(set(json.loads(index.read_text("utf-8"))["weight_map"].values()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkerError("corrupt", "The index of the weights cannot be read.", str(index), _RESTORE) from error
    for name in names:
        # The index is data from elsewhere: a shard lies beside it and nowhere else.
        if not isinstance(name, str) or os.path.basename(name) != name:
            raise WorkerError("corrupt", f"The shard name {name!r} leaves the model directory.", str(index), _RESTORE)
    return names


def _check_safetensors(file: Path) -> None:
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            (header_length,) = struct.unpack("<Q", stream.read(8))
            header = json.loads(stream.read(header_length)) if header_length < size else None
        end = max((entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"), default=0)
    except FileNotFoundError as error:
        raise WorkerError("corrupt", "A shard that the index names is missing.", str(file), _RESTORE) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError, struct.error) as error:
        raise WorkerError("corrupt", "The file's safetensors header cannot be read.", str(file), _RESTORE) from error
    if 8 + header_length + end != size:
        message = f"The file has {size} bytes, its header describes {8 + header_length + end}: it is truncated or damaged."
        raise WorkerError("corrupt", message, str(file), _RESTORE)


def write_model(directory: str, source: str, config: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
    """Tokenizer files and config.json first, weights last, each by temp + fsync + rename; large weights in shards."""
    target = Path(directory)
    try:
        target.mkdir(parents=True, exist_ok=True)
        if target.resolve() == Path(source).resolve():
            next = "Save into another directory."
            raise WorkerError("input", "A base is never written over.", directory, next)
        for name in COMPANIONS:
            if (Path(source) / name).exists():
                shutil.copyfile(Path(source) / name, target / name)
        write_json(target / "config.json", config)
        _write_weights(target, tensors)
    except OSError as error:
        raise explain_write_error(error, directory) from error


def _write_weights(target: Path, tensors: dict[str, torch.Tensor]) -> None:
    groups: list[dict[str, torch.Tensor]] = [{}]
    size = 0
    for name, tensor in tensors.items():
        if groups[-1] and size + tensor.nbytes > SHARD_BYTES:
            groups.append({})
            size = 0
        groups[-1][name] = tensor
        size += tensor.nbytes
    if len(groups) == 1:
        write_tensors(target / "model.safetensors", groups[0])
        return
    names = [f"model-{i + 1:05d}-of-{len(groups):05d}.safetensors" for i in range(len(groups))]
    for name, group in zip(names, groups, strict=True):
        write_tensors(target / name, group)
    weight_map = {key: name for name, group in zip(names, groups, strict=True) for key in group}
    total = sum(tensor.nbytes for tensor in tensors.values())
    write_json(target / "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": weight_map})


def write_tensors(file: Path, tensors: dict[str, torch.Tensor]) -> None:
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, temporary, metadata={"format": "pt"})
        _settle(temporary, file)
    except Exception as error:
        temporary.unlink(missing_ok=True)
        raise explain_write_error(error, str(file)) from error


def write_json(file: Path, value: Any) -> None:
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(json.dumps(value, indent=2) + "\n", "utf-8")
        _settle(temporary, file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise explain_write_error(error, str(file)) from error


def _settle(temporary: Path, file: Path) -> None:
    """fsync, rename, fsync of the directory: a reader sees the whole file or none."""
    # The safetensors writer makes files that only their owner may read; a model is a file like others.
    os.umask(mask := os.umask(0))
    temporary.chmod(0o666 & ~mask)
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    os.replace(temporary, file)
    if os.name == "posix":
        descriptor = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
