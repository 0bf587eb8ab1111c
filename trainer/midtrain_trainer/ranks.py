"""One process or many under torchrun: every rank runs every verb on the same arguments, rank 0 speaks for all."""

from __future__ import annotations

import os
import sys
from typing import Any

import torch
import torch.distributed as dist
from torch import nn

RANK = int(os.environ.get("RANK", "0"))
WORLD = int(os.environ.get("WORLD_SIZE", "1"))


def start() -> None:
    if WORLD == 1:
        return
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    # Gloo carries the requests, and on a CPU the tensors too.
    dist.init_process_group("cuda:nccl,cpu:gloo" if torch.cuda.is_available() else "gloo")


def leave() -> None:
    """Ends this process, and no rank before all have heard that it is time.

    Without the interpreter's tear-down: gloo's threads and torch's destructors race in it, and about one end in six aborts.
    """
    if WORLD > 1:
        dist.barrier()
    sys.stderr.flush()
    os._exit(0)


def share(value: Any) -> Any:
    """Rank 0's value on every rank."""
    if WORLD == 1:
        return value
    box = [value]
    dist.broadcast_object_list(box, src=0, device=torch.device("cpu"))
    return box[0]


def gather(value: Any) -> list[Any]:
    """Every rank's value on every rank, by rank; also a barrier."""
    if WORLD == 1:
        return [value]
    values: list[Any] = [None] * WORLD
    dist.all_gather_object(values, value)
    return values


def add(tensor: torch.Tensor) -> torch.Tensor:
    """Sum over ranks, in place."""
    if WORLD > 1:
        dist.all_reduce(tensor)
    return tensor


def shard(net: nn.Module, blocks: nn.ModuleList, bf16: bool) -> None:
    """FSDP2: each block is a unit, the rest (embeddings, last norm, head) the root's."""
    if WORLD == 1:
        return
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

    mesh = init_device_mesh("cuda" if torch.cuda.is_available() else "cpu", (WORLD,))
    policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32) if bf16 else MixedPrecisionPolicy()
    for block in blocks:
        fully_shard(block, mesh=mesh, mp_policy=policy)
    fully_shard(net, mesh=mesh, mp_policy=policy)


def local(tensor: torch.Tensor) -> torch.Tensor:
    """This rank's part of a sharded tensor; the tensor itself where it is whole."""
    return tensor.to_local() if hasattr(tensor, "to_local") else tensor


def whole(tensor: torch.Tensor) -> torch.Tensor:
    """A collective call where the tensor is sharded."""
    return tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor


def local_part(tensor: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """The part of a whole tensor that this rank holds of `like`: FSDP2 cuts the first dimension as torch.chunk does."""
    if WORLD == 1 or not hasattr(like, "to_local"):
        return tensor
    chunks = tensor.chunk(WORLD)
    return chunks[RANK] if len(chunks) > RANK else tensor[:0]
