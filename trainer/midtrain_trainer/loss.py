"""Linear head and cross-entropy in one, a chunk of positions at a time: logits of more than a chunk never exist.

Gradients of the chunk are taken where its logits are, so the head's matrix products are done once (three, not four). The
weights of positions are already divided by the step's total, so micro-batches and ranks add up to one global mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F

LOGITS_PER_CHUNK = 2**25


def _wide(logits: torch.Tensor) -> torch.Tensor:
    return logits.to(torch.promote_types(logits.dtype, torch.float32))


@dataclass
class Targets:
    """What the picked positions N of a micro-batch are to predict, and what each counts."""

    labels_N: torch.Tensor
    #: Share of the step's mean: loss weight / sum of all loss weights of the step.
    share_N: torch.Tensor
    #: The same for KL(base || model), or None where no row of the micro-batch asks for it.
    kl_share_N: torch.Tensor | None = None


def chunk_length(vocabulary: int) -> int:
    return max(1, LOGITS_PER_CHUNK // vocabulary)


class _LinearCrossEntropy(torch.autograd.Function):
    """hidden [N, H], weight [V, H], bias [V] or None -> objective (scalar), nats [N], KL [N]."""

    @staticmethod
    def forward(ctx: Any, hidden_NH, weight_VH, bias_V, targets: Targets, base, dtype, wants_gradient: bool):
        labels_N, share_N, kl_share_N = targets.labels_N, targets.share_N, targets.kl_share_N
        x_NH, w_VH = hidden_NH.to(dtype), weight_VH.to(dtype)
        nats_N = torch.zeros(x_NH.shape[0], dtype=torch.promote_types(dtype, torch.float32), device=x_NH.device)
        kl_N = torch.zeros_like(nats_N)
        dx_NH = torch.zeros_like(hidden_NH) if wants_gradient else None
        dw_VH = torch.zeros_like(weight_VH) if wants_gradient and weight_VH.requires_grad else None
        db_V = torch.zeros_like(bias_V) if wants_gradient and bias_V is not None and bias_V.requires_grad else None
        for at in range(0, x_NH.shape[0], chunk_length(w_VH.shape[0])):
            here = slice(at, at + chunk_length(w_VH.shape[0]))
            logp = _log_probabilities(x_NH[here], w_VH, bias_V)
            nats_N[here] = -logp.gather(1, labels_N[here, None]).squeeze(1)
            base_p = None
            if base is not None and kl_share_N is not None:
                base_hidden_NH, base_weight_VH, base_bias_V = base
                base_logp = _log_probabilities(base_hidden_NH[here].to(dtype), base_weight_VH.to(dtype), base_bias_V)
                base_p = base_logp.exp()
                kl_N[here] = (base_p * (base_logp - logp)).sum(1)
                del base_logp
            if dx_NH is None:
                continue
            kl_here = None if kl_share_N is None else kl_share_N[here]
            d = _logit_gradient(logp, labels_N[here], share_N[here], base_p, kl_here)
            dx_NH[here] = (d.to(dtype) @ w_VH).to(dx_NH.dtype)
            if dw_VH is not None:
                dw_VH += d.to(dtype).T @ x_NH[here]
            if db_V is not None:
                db_V += d.sum(0)
        ctx.gradients = (dx_NH, dw_VH, db_V)
        objective = (share_N * nats_N).sum()
        if kl_share_N is not None:
            objective = objective + (kl_share_N * kl_N).sum()
        ctx.mark_non_differentiable(nats_N, kl_N)
        return objective, nats_N, kl_N

    @staticmethod
    def backward(ctx: Any, d_objective, _nats, _kl):
        gradients = (None if gradient is None else gradient * d_objective for gradient in ctx.gradients)
        return (*gradients, None, None, None, None)


def _log_probabilities(x_NH: torch.Tensor, weight_VH: torch.Tensor, bias_V: torch.Tensor | None) -> torch.Tensor:
    return F.log_softmax(_wide(F.linear(x_NH, weight_VH, None if bias_V is None else bias_V.to(x_NH.dtype))), dim=1)


def _logit_gradient(logp, labels_N, share_N, base_p, kl_share_N) -> torch.Tensor:
    """Of share * nats + kl_share * KL: (share + kl_share) p - share * onehot - kl_share * p_base."""
    scale_N = share_N if kl_share_N is None or base_p is None else share_N + kl_share_N
    d = logp.exp_().mul_(scale_N[:, None].to(logp.dtype))
    d.scatter_add_(1, labels_N[:, None], -share_N[:, None].to(d.dtype))
    if base_p is not None and kl_share_N is not None:
        d.sub_(base_p.mul_(kl_share_N[:, None].to(d.dtype)))
    return d


def linear_loss(hidden_NH, head: torch.nn.Linear, targets: Targets, base, dtype):
    """head on hidden; base: (hidden [N, H], weight, bias) of the frozen base, or None."""
    wants = torch.is_grad_enabled() and (hidden_NH.requires_grad or head.weight.requires_grad)
    return _LinearCrossEntropy.apply(hidden_NH, head.weight, head.bias, targets, base, dtype, wants)


def logits_loss(logits_NV: torch.Tensor, targets: Targets, base_logits_NV: torch.Tensor | None):
    """For heads that are more than a matrix (soft caps, scales): logits of the micro-batch at once."""
    logp = F.log_softmax(_wide(logits_NV), dim=1)
    nats_N = -logp.gather(1, targets.labels_N[:, None]).squeeze(1)
    objective = (targets.share_N * nats_N).sum()
    kl_N = torch.zeros_like(nats_N)
    if base_logits_NV is not None and targets.kl_share_N is not None:
        base_logp = F.log_softmax(_wide(base_logits_NV), dim=1)
        kl_N = (base_logp.exp() * (base_logp - logp)).sum(1)
        objective = objective + (targets.kl_share_N * kl_N).sum()
    return objective, nats_N.detach(), kl_N.detach()
