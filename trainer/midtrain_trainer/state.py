"""Everything for a bit-exact resume: trainable parameters, both moments, steps. In host memory, and on disk as safetensors.

On disk each rank writes its own part, and the manifest comes last with every hash: parts are cut along the first dimension
in rank order, so that any number of ranks can read what any number wrote.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from . import ranks
from .errors import WorkerError, explain_write_error
from .model_files import write_json, write_tensors
from .training import Training

MANIFEST = "state.json"
FORMAT = "midtrain-torch-state-1"
KINDS = ("parameters", "first", "second")
_MOMENTS = {"first": "exp_avg", "second": "exp_avg_sq"}

Snapshot = dict[str, Any]


def _tensors(training: Training) -> dict[str, dict[str, torch.Tensor]]:
    """This rank's parts by kind and name; moments only once there are some."""
    named = {name: p for name, p in training.net.named_parameters() if p.requires_grad}
    parts = {"parameters": {name: ranks.local(p.detach()) for name, p in named.items()}}
    if training.optimizer.state:
        for kind, key in _MOMENTS.items():
            parts[kind] = {name: ranks.local(training.optimizer.state[p][key]) for name, p in named.items()}
    return parts


def _steps(training: Training) -> int:
    states = list(training.optimizer.state.values())
    return int(states[0]["step"].item()) if states else 0


def _put(training: Training, parts: dict[str, dict[str, torch.Tensor]], steps: int) -> None:
    with torch.no_grad():
        for name, parameter in training.net.named_parameters():
            if not parameter.requires_grad:
                continue
            ranks.local(parameter.data).copy_(parts["parameters"][name])
            if steps == 0:
                continue
            entry = training.optimizer.state[parameter]
            if not entry:
                entry["step"] = torch.zeros((), dtype=torch.float32, device=training.loaded.device)
                entry["exp_avg"], entry["exp_avg_sq"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
            entry["step"].fill_(steps)
            for kind, key in _MOMENTS.items():
                ranks.local(entry[key]).copy_(parts[kind][name])
    if steps == 0:
        training.optimizer.state.clear()


def take_snapshot(training: Training) -> Snapshot:
    pinned = training.loaded.device.type == "cuda"

    def copy(tensor: torch.Tensor) -> torch.Tensor:
        host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=pinned)
        return host.copy_(tensor, non_blocking=pinned)

    parts = {kind: {name: copy(t) for name, t in group.items()} for kind, group in _tensors(training).items()}
    if pinned:
        torch.cuda.synchronize()
    return {"parts": parts, "steps": _steps(training)}


def put_snapshot(training: Training, snapshot: Snapshot) -> None:
    _put(training, snapshot["parts"], snapshot["steps"])


def save(training: Training, directory: str) -> None:
    target = Path(directory)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain_write_error(error, directory) from error
    mine = [_write(target, kind, group) for kind, group in _tensors(training).items()]
    pieces = [piece for rank in ranks.gather(mine) for piece in rank]
    if ranks.RANK == 0:
        write_json(target / MANIFEST, {"format": FORMAT, "steps": _steps(training), "files": pieces})
        named = {piece["name"] for piece in pieces}
        for path in target.iterdir():
            # What the directory held before, now that the manifest no longer names it.
            if re.fullmatch(r"(parameters|first|second)-\d+-[0-9a-f]{16}\.safetensors", path.name) and path.name not in named:
                path.unlink(missing_ok=True)
    ranks.gather(None)


def _write(target: Path, kind: str, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
    """The name carries the content's hash: a crash at any point leaves the state that the directory held before."""
    pending = target / f".{kind}-{ranks.RANK}.safetensors"
    write_tensors(pending, {name: t.detach().cpu() for name, t in tensors.items() if t.numel() > 0})
    digest, size = _hash(pending)
    name = f"{kind}-{ranks.RANK}-{digest[:16]}.safetensors"
    pending.replace(target / name)
    return {"kind": kind, "rank": ranks.RANK, "name": name, "bytes": size, "sha256": digest}


def _hash(file: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with file.open("rb") as stream:
        while block := stream.read(2**20):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def load(training: Training, directory: str) -> None:
    """Reads what any number of ranks wrote, after checking every hash. Nothing is touched before all of it was read."""
    manifest = _read_manifest(Path(directory) / MANIFEST)
    for piece in manifest["files"]:
        _check_piece(Path(directory) / piece["name"], piece)
    parts = {kind: _read_kind(training, Path(directory), manifest, kind) for kind in KINDS if kind == "parameters" or manifest["steps"]}
    _put(training, parts, manifest["steps"])


def _read_kind(training: Training, directory: Path, manifest: dict[str, Any], kind: str) -> dict[str, torch.Tensor]:
    pieces = sorted((p for p in manifest["files"] if p["kind"] == kind), key=lambda piece: piece["rank"])
    files = [safe_open(directory / piece["name"], "pt") for piece in pieces]
    known = [set(file.keys()) for file in files]
    result = {}
    for name, parameter in training.net.named_parameters():
        if not parameter.requires_grad:
            continue
        found = [file.get_tensor(name) for file, names in zip(files, known, strict=True) if name in names]
        tensor = torch.cat(found) if len(found) > 1 else found[0] if found else None
        if tensor is None or tensor.shape != parameter.shape:
            raise _corrupt(directory / pieces[0]["name"] if pieces else directory / MANIFEST, f"does not hold {name} of this model")
        result[name] = ranks.local_part(tensor, parameter)
    return result


def _read_manifest(file: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _corrupt(file, "is missing or not JSON") from error
    pieces = manifest.get("files") if isinstance(manifest, dict) else None
    sound = isinstance(pieces, list) and manifest.get("format") == FORMAT and isinstance(manifest.get("steps"), int)
    if not sound or not all(_is_piece(piece) for piece in pieces):
        raise _corrupt(file, f"is not a state manifest of format {FORMAT}")
    return manifest


def _is_piece(piece: Any) -> bool:
    if not isinstance(piece, dict) or piece.get("kind") not in KINDS or not isinstance(piece.get("sha256"), str):
        return False
    return piece.get("name") == f"{piece['kind']}-{piece.get('rank')}-{piece['sha256'][:16]}.safetensors"


def _check_piece(file: Path, piece: dict[str, Any]) -> None:
    try:
        digest, size = _hash(file)
    except OSError as error:
        raise _corrupt(file, "is missing or unreadable") from error
    if size != piece["bytes"]:
        raise _corrupt(file, f"has {size} bytes instead of {piece['bytes']}: it is truncated")
    if digest != piece["sha256"]:
        raise _corrupt(file, "does not match its recorded hash")


def _corrupt(file: Path, what: str) -> WorkerError:
    message = f"The saved training state cannot be used: this file {what}."
    next = "Resume from an earlier checkpoint of the run, or start a new run."
    return WorkerError("corrupt", message, str(file), next)
