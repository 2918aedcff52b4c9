from __future__ import annotations

from typing import Any, Callable, Literal, Protocol, Sequence

import torch
from torch import Tensor, nn

from .average import WeightAverage
from .progress import Progress, duration
from .random_state import random_state, restore_random_state
from .settings import learning_rate_factor
from .stop_request import StopRequest
from .stopwatch import Stopwatch

CLIP_NORM = 5.0

End = Literal["all epochs", "no better", "out of time", "asked to stop"]


class Validating(Protocol):
    """Compares the weights of a training and keeps the best."""

    best_weights: dict[str, Any] | None

    def since_best(self) -> int: ...
    def state(self) -> dict[str, Any]: ...
    def restore(self, state: dict[str, Any]) -> None: ...


class LoopSettings(Protocol):
    epochs: int
    learning_rate: float
    warmup_steps: int
    validate_every: int
    patience: int


class TrainingLoop:
    """One training, from its first step to its best weights. All that decides the next step is in `state()`: a training
    that was stopped and resumed gives the same weights as one that was not. A family says what its batches, its loss and
    its validation are."""

    def __init__(self, network: nn.Module, optimizer: torch.optim.Optimizer, *, settings: LoopSettings, average_decay: float) -> None:
        self.network, self.optimizer, self.settings = network, optimizer, settings
        self.average = WeightAverage(network, average_decay)
        for group in optimizer.param_groups:
            group.setdefault("rate", 1.0)
        self.stopwatch = Stopwatch()
        self.epoch = self.step_of_epoch = self.steps = 0
        self.loss_sum = 0.0

    validation: Validating

    def batches(self) -> Sequence[Any]:
        """Of the epoch `self.epoch`, the same whenever it is asked."""
        raise NotImplementedError

    def loss_of(self, batch: Any) -> Tensor:
        raise NotImplementedError

    def validate(self) -> str:
        """What was found, in a line."""
        raise NotImplementedError

    def run(self, stop: StopRequest, max_minutes: float, save: Callable[[dict[str, Any]], None]) -> End:
        """Saves after each epoch and at the end. `max_minutes` counts what was trained before a resume, too."""
        batches = self.batches()
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
            batches = self.batches()
        return "no better" if self._is_stale() else "all epochs"

    def loss(self) -> float:
        """Its mean over this epoch so far."""
        return self.loss_sum / max(self.step_of_epoch, 1)

    def times(self) -> str:
        return f"{duration(self.stopwatch.seconds)}, {duration(self.stopwatch.cpu_seconds)} of CPU"

    def facts(self) -> dict[str, float]:
        return {"epoch": self.epoch, "steps": self.steps, "loss": self.loss()}

    def best_network(self) -> nn.Module:
        if self.validation.best_weights is None:
            self.validate()
        network = self.average.network
        network.load_state_dict(self.validation.best_weights)
        return network

    def _step(self, batch: Any, rate_factor: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * group["rate"] * rate_factor
        self.network.train()
        loss = self.loss_of(batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), CLIP_NORM)
        self.optimizer.step()
        self.steps += 1
        self.step_of_epoch += 1
        self.average.update(self.network, self.steps)
        self.loss_sum += loss.item()

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
