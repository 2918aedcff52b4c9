from __future__ import annotations

import copy

import torch
from torch import nn


class WeightAverage:
    """The running mean of a network's weights. It is what is validated and exported, as it ranks better than the
    weights of any single step."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """`step` counts from 1. Early means are short, so that they forget how the weights began."""
        decay = min(self.decay, step / (step + 10))
        for mean, weight in zip(self.network.parameters(), network.parameters(), strict=True):
            mean.lerp_(weight, 1 - decay)
