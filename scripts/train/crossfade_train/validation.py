from __future__ import annotations

from typing import Any

import numpy as np

from .dataset import Dataset
from .network import SequenceNetwork
from .ranking import Qualities, evaluate, uniform_negatives

NEGATIVES = 100
MAX_EXAMPLES = 10_000


class Validation:
    """Compares the weights of a training by NDCG@10 among negatives and keeps the best."""

    def __init__(self, dataset: Dataset, seed: int) -> None:
        count = len(dataset.validation)
        chosen = np.linspace(0, count - 1, min(MAX_EXAMPLES, count)).astype(int)
        self.examples = [dataset.validation[index] for index in chosen]
        self.negatives = uniform_negatives(self.examples, len(dataset.items), NEGATIVES, seed)
        self.history: list[dict[str, float]] = []
        self.best: dict[str, float] | None = None
        self.best_weights: dict[str, Any] | None = None

    def judge(self, network: SequenceNetwork, facts: dict[str, float]) -> tuple[Qualities, bool]:
        """The qualities, and whether they are the best so far. `facts` are kept with them."""
        qualities = evaluate(network, self.examples, self.negatives)
        entry = facts | qualities.flat()
        self.history.append(entry)
        is_best = self.best is None or entry["sampled_ndcg10"] > self.best["sampled_ndcg10"]
        if is_best:
            self.best = entry
            self.best_weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        return qualities, is_best

    def since_best(self) -> int:
        return 0 if self.best is None else len(self.history) - 1 - self.history.index(self.best)

    def state(self) -> dict[str, Any]:
        return {"history": self.history, "best": self.best, "best_weights": self.best_weights}

    def restore(self, state: dict[str, Any]) -> None:
        self.history, self.best, self.best_weights = state["history"], state["best"], state["best_weights"]
