from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..training_loop import TrainingLoop
from .draws import Batch, DrawOptions, epoch_batches
from .name_features import Features
from .network import Architecture, ColdStartNetwork
from .playlist_loss import playlist_loss
from .playlist_metrics import tell
from .playlists import Playlists
from .settings import Settings
from .validation import Validation
from .vectors import mean_of


class Training(TrainingLoop):
    """Of a cold-start network."""

    def __init__(self, dataset: Playlists, features: Features, *, of: Architecture, settings: Settings, device: torch.device) -> None:
        torch.manual_seed(settings.seed)
        self.dataset, self.features, self.device = dataset, features, device
        trained = np.flatnonzero(dataset.item_counts())
        network = ColdStartNetwork(of, len(trained), settings.dropout, without=settings.without).to(device)
        optimizer = torch.optim.Adam(_groups(network, settings), settings.learning_rate, betas=(0.9, 0.98))
        super().__init__(network, optimizer, settings=settings, average_decay=settings.average_decay)
        self.validation = Validation(dataset, features)
        self.names = features.of(trained).to(device)
        place = np.full(len(dataset.items), -1)
        place[trained] = np.arange(len(trained))
        self.playlists = [place[playlist] for playlist in dataset.train]

    def batches(self) -> list[Batch]:
        settings = self.settings
        unknown = 0.0 if settings.without_text else settings.unknown_seeds
        options = DrawOptions(settings.batch_playlists, settings.max_seeds, unknown)
        return epoch_batches(self.playlists, options, np.random.default_rng((settings.seed, self.epoch)))

    def loss_of(self, batch: Batch) -> Tensor:
        """Now and then an item is nothing but its name, so that names alone can be asked by, and recommended; not where
        names say nothing."""
        network, device = self.network, self.device
        batch = replace(batch, **{name: value.to(device) for name, value in vars(batch).items() if isinstance(value, Tensor)})
        projected = network.project(self.names)
        collaborative = network.collaborative
        seeds = projected[batch.seeds] + collaborative[batch.seeds] * batch.is_known[:, None]
        unknown = 0.0 if network.without == "text" else self.settings.unknown_targets
        is_known = torch.rand(len(collaborative), 1, device=device) >= unknown
        items = projected + collaborative * is_known
        return playlist_loss(network.query(mean_of(seeds, batch.seeds_of, batch.playlists)) @ items.T, batch)

    def validate(self) -> str:
        begin = f"epoch {self.epoch}: loss {self.loss():.4f}"
        figures, is_best = self.validation.judge(self.average.network, self.facts())
        best = ", the best so far" if is_best else ""
        return f"{begin}; validation {tell(figures)}{best}; {self.times()}" if figures else f"{begin}; {self.times()}"


def _groups(network: ColdStartNetwork, settings: Settings) -> list[dict[str, Any]]:
    rates = {"gram_embedding": settings.gram_rate, "collaborative": settings.collaborative_rate}
    return [
        {"params": [weight], "rate": rates.get(name, 1.0)}
        for name, weight in network.named_parameters()
        if weight.requires_grad
    ]
