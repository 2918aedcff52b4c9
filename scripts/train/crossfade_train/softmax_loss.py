from __future__ import annotations

import torch
from torch import Tensor
from torch.autograd import Function

from .spared import Spared

CHUNK_ROWS = 512


class _SoftmaxLoss(Function):
    """The gradients are made on the way forward, a chunk of rows at a time: the logits of all rows (as many as rows
    times items) would not fit the processor's caches, and nothing else needs them."""

    @staticmethod
    def forward(ctx, states: Tensor, items: Tensor, targets: Tensor, spared: Spared | None, smoothing: float) -> Tensor:
        of_states = torch.empty_like(states)
        of_items = torch.zeros_like(items)
        loss = states.new_zeros(())
        for start in range(0, len(states), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            here, wanted = states[rows], targets[rows, None]
            logits = here @ items.T
            if spared:
                kept = logits.gather(1, wanted)
                logits.masked_fill_(spared.of(rows), -torch.inf).scatter_(1, wanted, kept)
            log_shares = torch.log_softmax(logits, 1)
            loss -= (1 - smoothing) * log_shares.gather(1, wanted).sum()
            if smoothing:
                loss -= smoothing * log_shares.mean(1).sum()
            error = log_shares.exp_()
            if smoothing:
                error -= smoothing / len(items)
            error.scatter_add_(1, wanted, error.new_full(wanted.shape, smoothing - 1))
            torch.mm(error, items, out=of_states[rows])
            of_items.addmm_(error.T, here)
        ctx.save_for_backward(of_states, of_items)
        return loss / len(states)

    @staticmethod
    def backward(ctx, outer: Tensor):
        of_states, of_items = ctx.saved_tensors
        scale = outer / len(of_states)
        return of_states * scale, of_items * scale, None, None, None


def softmax_loss(
    states: Tensor, items: Tensor, targets: Tensor, *, spared: Spared | None = None, smoothing: float = 0.0
) -> Tensor:
    """Mean cross-entropy of `targets` [rows] over all `items` [items, dims], given `states` [rows, dims]. `smoothing`
    cannot be had where items are spared: their share is 0."""
    return _SoftmaxLoss.apply(states, items, targets, spared, smoothing)
