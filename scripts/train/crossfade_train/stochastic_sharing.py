from __future__ import annotations

import torch
from torch import Tensor


def swap_at_random(indexes: Tensor, size: int, probability: float) -> Tensor:
    """Stochastic shared embeddings: with `probability`, an index becomes any below `size`, so that no row of a table is
    learned by heart and rows share what they learn."""
    if not probability:
        return indexes
    swapped = torch.rand(indexes.shape, device=indexes.device) < probability
    return torch.where(swapped, torch.randint_like(indexes, size), indexes)
