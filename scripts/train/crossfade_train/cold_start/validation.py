from __future__ import annotations

from typing import Any

import numpy as np

from .evaluation import evaluate
from .name_features import Features
from .network import ColdStartNetwork
from .playlist_metrics import Figures
from .playlists import Playlists


class Validation:
    """Compares the weights of a training by NDCG@50, its mean over what is given, and keeps the best. Without playlists to
    validate with, the last ones are the best."""

    def __init__(self, dataset: Playlists, features: Features) -> None:
        self.dataset, self.features = dataset, features
        self.history: list[dict[str, Any]] = []
        self.best: dict[str, Any] | None = None
        self.best_weights: dict[str, Any] | None = None

    def judge(self, network: ColdStartNetwork, facts: dict[str, float]) -> tuple[dict[int, Figures], bool]:
        """The figures by how many tracks are given, and whether they are the best so far. `facts` are kept with them."""
        figures = self._figures(network)
        ndcg50 = float(np.mean([f["ndcg50"] for f in figures.values()])) if figures else None
        entry = facts | {"ndcg50": ndcg50}
        self.history.append(entry)
        is_best = self.best is None or ndcg50 is None or ndcg50 > self.best["ndcg50"]
        if is_best:
            self.best = entry
            self.best_weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        return figures, is_best

    def since_best(self) -> int:
        return 0 if self.best is None else len(self.history) - 1 - self.history.index(self.best)

    def _figures(self, network: ColdStartNetwork) -> dict[int, Figures]:
        if not self.dataset.validation:
            return {}
        return evaluate(network, self.dataset, self.features, self.dataset.validation)

    def state(self) -> dict[str, Any]:
        return {"history": self.history, "best": self.best, "best_weights": self.best_weights}

    def restore(self, state: dict[str, Any]) -> None:
        self.history, self.best, self.best_weights = state["history"], state["best"], state["best_weights"]
