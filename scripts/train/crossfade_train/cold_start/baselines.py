from __future__ import annotations

from typing import Callable

import numpy as np

from .playlists import Playlists

Baseline = Callable[[np.ndarray], np.ndarray]
"""The scores of all items, of some seeds."""


def baselines_of(dataset: Playlists) -> dict[str, Baseline]:
    """What anybody could do without a model, as `crossfade eval` computes it."""
    counts = dataset.item_counts().astype(np.float64)
    playlists_of: dict[int, list[int]] = {}
    for index, playlist in enumerate(dataset.train):
        for item in playlist:
            playlists_of.setdefault(int(item), []).append(index)

    def together(seeds: np.ndarray) -> np.ndarray:
        """Popularity decides between those that were never in one playlist."""
        scores = 1e-9 * counts
        for seed in seeds:
            for index in playlists_of.get(int(seed), ()):
                others = dataset.train[index]
                scores[others] += 1 / np.sqrt(counts[seed] * counts[others])
        return scores

    return {"popularity": lambda _seeds: counts, "co_occurrence": together}
