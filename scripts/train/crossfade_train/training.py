from __future__ import annotations

from dataclasses import asdict
from typing import Any, Callable, Literal

import numpy as np
import torch
from torch import Tensor

from .average import WeightAverage
from .dataset import Dataset
from .network import Architecture, SequenceNetwork, is_embedding
from .progress import Progress, duration
from .random_state import random_state, restore_random_state
from .ranking import Qualities
from .sampled_loss import sampled_loss
from .settings import Settings, learning_rate_factor
from .softmax_loss import softmax_loss
from .spared import Spared
from .stochastic_sharing import swap_at_random
from .stop_request import StopRequest
from .stopwatch import Stopwatch
from .validation import Validation
from .windows import Batch, WindowOptions, epoch_batches

CLIP_NORM = 5.0

End = Literal["all epochs", "no better", "out of time", "asked to stop"]


class Training:
    """One training, from its first step to its best weights. All that decides the next step is in `state()`: a training
    that was stopped and resumed gives the same weights as one that was not."""

    def __init__(self, dataset: Dataset, of: Architecture, settings: Settings, device: torch.device) -> None:
        torch.manual_seed(settings.seed)
        self.dataset, self.settings, self.device = dataset, settings, device
        network = SequenceNetwork(of, len(dataset.items), len(dataset.users), settings.dropout)
        self.network = network.to(device)
        self.average = WeightAverage(self.network, settings.average_decay)
        self.optimizer = torch.optim.AdamW(_groups(self.network, settings.weight_decay), settings.learning_rate)
        self.validation = Validation(dataset, settings.seed)
        self.stopwatch = Stopwatch()
        self.epoch = self.step_of_epoch = self.steps = 0
        self.loss_sum = 0.0

    def run(self, stop: StopRequest, max_minutes: float, save: Callable[[dict[str, Any]], None]) -> End:
        """Saves after each epoch and at the end. `max_minutes` counts what was trained before a resume, too."""
        batches = self._batches()
        total = self.settings.epochs * len(batches)
        progress = Progress(total, self.steps)

        def why_stop() -> End | None:
            if stop.signal:
                return "asked to stop"
            return "out of time" if self.stopwatch.seconds >= max_minutes * 60 else None

        while self.epoch < self.settings.epochs and not self._is_stale():
            for batch in batches[self.step_of_epoch :]:
                if why := why_stop():
                    save(self.state())
                    return why
                self._step(batch, learning_rate_factor(self.steps, total, self.settings.warmup_steps))
                progress.advance(f"epoch {self.epoch + 1} of {self.settings.epochs}, loss {self.loss():.4f}")
            self.epoch += 1
            if self.epoch % self.settings.validate_every == 0 or self.epoch == self.settings.epochs:
                progress.say(self.validate())
            self.step_of_epoch, self.loss_sum = 0, 0.0
            save(self.state())
            batches = self._batches()
        return "no better" if self._is_stale() else "all epochs"

    def loss(self) -> float:
        """Its mean over this epoch so far."""
        return self.loss_sum / max(self.step_of_epoch, 1)

    def validate(self) -> str:
        facts = {"epoch": self.epoch, "steps": self.steps, "loss": self.loss()}
        qualities, is_best = self.validation.judge(self.average.network, facts)
        times = f"{duration(self.stopwatch.seconds)}, {duration(self.stopwatch.cpu_seconds)} of CPU"
        best = ", the best so far" if is_best else ""
        return f"epoch {self.epoch}: loss {self.loss():.4f}; validation {tell(qualities)}{best}; {times}"

    def best_network(self) -> SequenceNetwork:
        if self.validation.best_weights is None:
            self.validate()
        network = self.average.network
        network.load_state_dict(self.validation.best_weights)
        return network

    def _step(self, batch: Batch, rate_factor: float) -> None:
        settings, device = self.settings, self.device
        for group in self.optimizer.param_groups:
            group["lr"] = settings.learning_rate * rate_factor
        self.network.train()
        items = swap_at_random(batch.items.to(device), len(self.dataset.items), settings.item_sharing)
        users = batch.users.to(device)
        if self.network.architecture.user_dims:
            users = swap_at_random(users, len(self.dataset.users), settings.user_sharing)
        states = self.network(items, batch.lengths.to(device), users)
        targets = batch.targets.to(device)
        real = targets >= 0
        spared = self._spared(batch, real) if settings.spare_history else None
        loss = self._loss_of(states[real], targets[real], spared)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), CLIP_NORM)
        self.optimizer.step()
        self.steps += 1
        self.step_of_epoch += 1
        self.average.update(self.network, self.steps)
        self.loss_sum += loss.item()

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

    def _batches(self) -> list[Batch]:
        chance = np.random.default_rng((self.settings.seed, self.epoch))
        settings, longest = self.settings, self.network.architecture.max_length
        options = WindowOptions(longest, positions=settings.batch_positions, horizon=settings.horizon)
        return epoch_batches(self.dataset.train, options, chance)

    def _is_stale(self) -> bool:
        return self.validation.since_best() >= self.settings.patience

    def state(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "average": self.average.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": random_state(),
            "validation": self.validation.state(),
            "seconds": self.stopwatch.seconds,
            "cpu_seconds": self.stopwatch.cpu_seconds,
            **{name: getattr(self, name) for name in COUNTERS},
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.average.network.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        restore_random_state(state["random"])
        self.validation.restore(state["validation"])
        self.stopwatch = Stopwatch(state["seconds"], state["cpu_seconds"])
        for name in COUNTERS:
            setattr(self, name, state[name])


COUNTERS = ("epoch", "step_of_epoch", "steps", "loss_sum")


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
