from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How a network is trained. With the data and the architecture, they decide every step of a training."""

    seed: int
    epochs: int
    dropout: float
    item_sharing: float
    user_sharing: float
    label_smoothing: float
    learning_rate: float
    weight_decay: float
    warmup_steps: int
    batch_positions: int
    horizon: int
    spare_history: bool
    negatives: int
    average_decay: float
    validate_every: int
    patience: int


def learning_rate_factor(step: int, steps: int, warmup_steps: int) -> float:
    """A linear rise from nothing to 1, then a linear fall to a twentieth."""
    if step < warmup_steps:
        return (step + 1) / warmup_steps
    return 1 - 0.95 * min((step - warmup_steps) / max(steps - warmup_steps, 1), 1)
