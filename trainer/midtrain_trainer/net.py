"""A causal language model as one module: decoder, head and loss, so that what shards or compiles it sees all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from torch import nn

from . import attention
from .loss import Targets, linear_loss, logits_loss
from .rows import MicroBatch


class Net(nn.Module):
    def __init__(self, causal: nn.Module, precision: str) -> None:
        super().__init__()
        self.causal = causal
        self.bf16 = precision == "bf16"
        #: False where logits are more than head(hidden): then they are computed whole, as the model does.
        self.has_plain_head = False
        #: The peft wrapper of `causal`, which can switch its adapters off; not a submodule.
        self._adapters: list[Any] = []

    @property
    def decoder(self) -> nn.Module:
        return getattr(self.causal, self.causal.base_model_prefix)

    @property
    def head(self) -> Any:
        return self.causal.get_output_embeddings()

    @property
    def device(self) -> torch.device:
        return next(self.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """What matrix products are computed in."""
        return torch.bfloat16 if self.bf16 else next(self.parameters()).dtype

    def autocast(self) -> Any:
        return torch.autocast(self.device.type, torch.bfloat16) if self.bf16 else nullcontext()

    def attach_adapters(self, peft_model: Any) -> None:
        self._adapters = [peft_model]

    @property
    def adapters(self) -> Any | None:
        return self._adapters[0] if self._adapters else None

    @contextmanager
    def as_base(self) -> Iterator[Net]:
        """With adapters, the model without them is the base."""
        with self._adapters[0].disable_adapter():
            yield self

    def blocks(self) -> nn.ModuleList:
        lists = [module for module in self.decoder.modules() if isinstance(module, nn.ModuleList)]
        return max(lists, key=len) if lists else nn.ModuleList()

    def compile_blocks(self) -> None:
        """One graph for all blocks of a kind; forward alone, so that what shards or recomputes a block stays outside."""
        for block in self.blocks():
            block.forward = torch.compile(type(block).forward.__get__(block))

    def uncompile_blocks(self) -> None:
        for block in self.blocks():
            vars(block).pop("forward", None)

    def forward(self, batch: MicroBatch, mode: str, targets: Targets | None = None, base: Any = None) -> Any:
        """mode "states": what `base` of another call needs. mode "loss": (objective, nats [N], KL [N])."""
        with attention.within(batch.segments), self.autocast():
            states_NX = self._states(batch)
            if mode == "states":
                return states_NX, (self.head.weight, self.head.bias) if self.has_plain_head else (None, None)
            assert targets is not None
            if not self.has_plain_head:
                return logits_loss(states_NX, targets, None if base is None else base[0])
            frozen = None if base is None else (base[0], *base[1])
            return linear_loss(states_NX, self.head, targets, frozen, self.dtype)

    def _states(self, batch: MicroBatch) -> torch.Tensor:
        """Hidden states [N, H] of the picked positions, or their logits [N, V] where the head is not plain."""
        inputs = {"input_ids": batch.ids_RT, "position_ids": batch.positions_RT, "use_cache": False}
        states_RTX = self.decoder(**inputs).last_hidden_state if self.has_plain_head else self.causal(**inputs).logits
        return states_RTX.flatten(0, 1)[batch.picks_N]
