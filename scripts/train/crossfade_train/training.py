from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from .dataset import Dataset
from .network import Architecture, SequenceNetwork, is_embedding
from .ranking import Qualities
from .sampled_loss import sampled_loss
from .settings import Settings
from .softmax_loss import softmax_loss
from .spared import Spared
from .stochastic_sharing import swap_at_random
from .training_loop import TrainingLoop
from .validation import Validation
from .windows import Batch, WindowOptions, epoch_batches


class Training(TrainingLoop):
    """Of a sequence network."""

    def __init__(self, dataset: Dataset, of: Architecture, settings: Settings, device: torch.device) -> None:
        torch.manual_seed(settings.seed)
        self.dataset, self.device = dataset, device
        network = SequenceNetwork(of, len(dataset.items), len(dataset.users), settings.dropout).to(device)
        optimizer = torch.optim.AdamW(_groups(network, settings.weight_decay), settings.learning_rate)
        super().__init__(network, optimizer, settings=settings, average_decay=settings.average_decay)
        self.validation = Validation(dataset, settings.seed)

    def validate(self) -> str:
        qualities, is_best = self.validation.judge(self.average.network, self.facts())
        best = ", the best so far" if is_best else ""
        return f"epoch {self.epoch}: loss {self.loss():.4f}; validation {tell(qualities)}{best}; {self.times()}"

    def loss_of(self, batch: Batch) -> Tensor:
        settings, device = self.settings, self.device
        items = swap_at_random(batch.items.to(device), len(self.dataset.items), settings.item_sharing)
        users = batch.users.to(device)
        if self.network.architecture.user_dims:
            users = swap_at_random(users, len(self.dataset.users), settings.user_sharing)
        states = self.network(items, batch.lengths.to(device), users)
        targets = batch.targets.to(device)
        real = targets >= 0
        spared = self._spared(batch, real) if settings.spare_history else None
        return self._loss_of(states[real], targets[real], spared)

    def _loss_of(self, states: Tensor, targets: Tensor, spared: Spared | None) -> Tensor:
        table, settings = self.network.item_embedding, self.settings
        if settings.negatives:
            return sampled_loss(states, table, targets, negatives=settings.negatives, spared=spared)
        return softmax_loss(states, table, targets, spared=spared, smoothing=settings.label_smoothing)

    def _spared(self, batch: Batch, real: Tensor) -> Spared:
        mask = torch.zeros(len(batch.histories), len(self.dataset.items), dtype=torch.bool)
        for row, history in zip(mask, batch.histories, strict=True):
            row[torch.from_numpy(history)] = True
        return Spared(mask.to(self.device), real.nonzero()[:, 0])

    def batches(self) -> list[Batch]:
        chance = np.random.default_rng((self.settings.seed, self.epoch))
        settings, longest = self.settings, self.network.architecture.max_length
        options = WindowOptions(longest, positions=settings.batch_positions, horizon=settings.horizon)
        return epoch_batches(self.dataset.train, options, chance)


def tell(qualities: Qualities) -> str:
    sampled, full = qualities.sampled, qualities.full
    return (
        f"among negatives HR@10 {sampled.hr10:.4f}, NDCG@10 {sampled.ndcg10:.4f}, "
        f"among all HR@10 {full.hr10:.4f}, NDCG@10 {full.ndcg10:.4f}"
    )


def _groups(network: SequenceNetwork, weight_decay: float) -> list[dict[str, Any]]:
    """Only the layers' matrices decay: embeddings, norms and biases do not."""
    decaying, kept = [], []
    for name, weight in network.named_parameters():
        (decaying if weight.dim() == 2 and not is_embedding(name) else kept).append(weight)
    return [{"params": decaying, "weight_decay": weight_decay}, {"params": kept, "weight_decay": 0.0}]
