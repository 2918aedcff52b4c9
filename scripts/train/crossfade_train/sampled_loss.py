from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from .spared import Spared


def sampled_loss(
    states: Tensor, items: Tensor, targets: Tensor, *, negatives: int, spared: Spared | None = None
) -> Tensor:
    """As `softmax_loss`, among the target and uniform negatives, which all rows share."""
    drawn = torch.randint(len(items), (negatives,), device=items.device)
    wanted = (states * F.embedding(targets, items)).sum(1, keepdim=True)
    wrong = drawn == targets[:, None]
    if spared:
        wrong |= spared.among(drawn)
    others = (states @ F.embedding(drawn, items).T).masked_fill(wrong, -torch.inf)
    return F.cross_entropy(torch.cat((wanted, others), 1), torch.zeros_like(targets))
