from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How a network is trained. With the data and the architecture, they decide every step of a training."""

    seed: int
    epochs: int
    dropout: float
    unknown_seeds: float
    unknown_targets: float
    max_seeds: int
    learning_rate: float
    gram_rate: float
    collaborative_rate: float
    warmup_steps: int
    batch_playlists: int
    average_decay: float
    validate_every: int
    patience: int
    without_text: bool
    without_collaborative: bool

    @property
    def without(self) -> str:
        if self.without_text:
            return "text"
        return "collaborative" if self.without_collaborative else ""
