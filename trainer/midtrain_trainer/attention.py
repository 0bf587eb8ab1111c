"""Attention that never crosses a document, on every path.

One carrier of boundaries: the segment number of each position, set for the micro-batch that is being computed. It enters
transformers' own mask construction (so sliding windows and the like stay right), or, for varlen kernels, becomes the
cumulative lengths. Nothing is inferred from positions or from end-of-text tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.flex_attention import flex_attention_forward
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import and_masks, eager_mask, flex_attention_mask, sdpa_mask

# Eager attention is each model's own function: there only the mask is ours.
PATHS = {"varlen": "midtrain_varlen", "flex": "midtrain_flex", "sdpa": "midtrain_sdpa", "eager": "eager"}


@dataclass(frozen=True)
class Segments:
    """Documents of one micro-batch: running numbers [R, T], and for varlen the flat cumulative lengths."""

    numbers_RT: torch.Tensor
    starts: torch.Tensor
    longest: int


_current: Segments | None = None


@contextmanager
def within(segments: Segments | None) -> Iterator[None]:
    """Attention of forward passes inside the block stays within these segments."""
    global _current
    before, _current = _current, segments
    try:
        yield
    finally:
        _current = before


def segments_of(numbers_RT: torch.Tensor) -> Segments:
    """numbers_RT int [R, T] on the CPU; equal neighbours of a row belong together."""
    rows, length = numbers_RT.shape
    changes = torch.ones((rows, length), dtype=torch.bool)
    changes[:, 1:] = numbers_RT[:, 1:] != numbers_RT[:, :-1]
    starts = torch.cat([changes.flatten().nonzero().flatten(), torch.tensor([rows * length])])
    # Running numbers, so that a document number that returns later in a row is another segment.
    return Segments(changes.cumsum(dim=1), starts.to(torch.int32), int(starts.diff().max()))


def on_device(segments: Segments, device: torch.device) -> Segments:
    def move(tensor: torch.Tensor) -> torch.Tensor:
        return tensor if device.type == "cpu" else tensor.pin_memory().to(device, non_blocking=True)

    return Segments(move(segments.numbers_RT), move(segments.starts), segments.longest)


def _with_documents(mask_function: Any) -> Any:
    if _current is None:
        return mask_function
    numbers_RT = _current.numbers_RT

    def same_document(batch: Any, head: Any, query: Any, key: Any) -> Any:
        return numbers_RT[batch, query] == numbers_RT[batch, key]

    return and_masks(mask_function, same_document)


def _sdpa_mask(*args: Any, mask_function: Any, allow_is_causal_skip: bool = True, **kwargs: Any) -> Any:
    skip = allow_is_causal_skip and _current is None
    return sdpa_mask(*args, mask_function=_with_documents(mask_function), allow_is_causal_skip=skip, **kwargs)


def _eager_mask(*args: Any, mask_function: Any, **kwargs: Any) -> Any:
    return eager_mask(*args, mask_function=_with_documents(mask_function), **kwargs)


def _flex_mask(*args: Any, mask_function: Any, **kwargs: Any) -> Any:
    return flex_attention_mask(*args, mask_function=_with_documents(mask_function), **kwargs)


def _no_mask(*args: Any, **kwargs: Any) -> None:
    return None


# Its boundaries change with every micro-batch: compiled, it would be compiled again and again.
@torch.compiler.disable
def _varlen(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: Any,
    scaling: float | None = None,
    sliding_window: int | None = None,
    softcap: float | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """query [R, heads, T, D]; key and value may have fewer heads."""
    from torch.nn.attention.varlen import varlen_attn

    if _current is None or softcap is not None:
        raise ValueError("varlen attention needs the documents of the batch and has no soft cap")
    q, k, v = (x.transpose(1, 2).flatten(0, 1) for x in (query, key, value))
    window = (-1, 0) if sliding_window is None else (sliding_window - 1, 0)
    starts, longest = _current.starts, _current.longest
    shared_heads = q.shape[1] != k.shape[1]
    out = varlen_attn(q, k, v, starts, starts, longest, longest, scale=scaling, window_size=window, enable_gqa=shared_heads)
    return out.unflatten(0, (query.shape[0], query.shape[2])), None


AttentionInterface.register(PATHS["sdpa"], sdpa_attention_forward)
AttentionMaskInterface.register(PATHS["sdpa"], _sdpa_mask)
AttentionMaskInterface.register(PATHS["eager"], _eager_mask)
AttentionInterface.register(PATHS["flex"], flex_attention_forward)
AttentionMaskInterface.register(PATHS["flex"], _flex_mask)
AttentionInterface.register(PATHS["varlen"], _varlen)
AttentionMaskInterface.register(PATHS["varlen"], _no_mask)


def candidates(device: torch.device, precision: str) -> list[str]:
    """Attention paths in order of speed; the first that works on this model and passes the leak test is taken."""
    if device.type != "cuda":
        return ["sdpa", "eager"]
    # The varlen kernels exist for half precision only.
    return [*(["varlen"] if precision == "bf16" else []), "flex", "sdpa", "eager"]
