from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from .draws import Batch


def playlist_loss(scores: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy of each target among all items but the seeds; `scores` [playlists, items]. A playlist of four times
    as many targets weighs twice as much."""
    is_seed = torch.zeros_like(scores, dtype=torch.bool)
    is_seed[batch.seeds_of, batch.seeds] = True
    likely = F.log_softmax(scores.masked_fill(is_seed, -torch.inf), 1)
    counts = torch.bincount(batch.targets_of, minlength=batch.playlists).to(scores.dtype)
    weights = counts.rsqrt()[batch.targets_of]
    return -(likely[batch.targets_of, batch.targets] * weights).sum() / counts.sqrt().sum()
