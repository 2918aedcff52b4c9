from __future__ import annotations

import signal
from copy import deepcopy
from typing import Any

from crossfade_train.stop_request import StopRequest
from crossfade_train.training_loop import TrainingLoop


class Asked(StopRequest):
    """A wish to stop that comes when the test says so; no signal is caught."""

    def __init__(self) -> None:
        self.signal = None


def train(training: TrainingLoop, stop: StopRequest, max_minutes: float = 10) -> tuple[str, dict[str, Any]]:
    """Why it ended, and what was saved last."""
    saved: list[dict[str, Any]] = []
    end = training.run(stop, max_minutes, lambda state: saved.append(deepcopy(state)))
    return end, saved[-1]


def stop_at(training: TrainingLoop, steps: int) -> Asked:
    stop, step = Asked(), training._step

    def counted(*arguments: Any) -> None:
        step(*arguments)
        if training.steps == steps:
            stop.signal = signal.SIGINT

    training._step = counted
    return stop
