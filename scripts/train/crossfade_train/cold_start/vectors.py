from __future__ import annotations

from typing import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from .name_features import Features
from .network import ColdStartNetwork
from .playlists import Playlists

ROWS = 64


def mean_of(vectors: Tensor, rows: Tensor, count: int) -> Tensor:
    """[count, dims]: of the vectors of each row."""
    sums = vectors.new_zeros(count, vectors.shape[1]).index_add(0, rows, vectors)
    return sums / torch.bincount(rows, minlength=count)[:, None].to(vectors.dtype)


@torch.no_grad()
def item_vectors(network: ColdStartNetwork, dataset: Playlists, features: Features) -> Tensor:
    """Of the whole catalogue. The first features are those of the items."""
    network.eval()
    vectors = _name_vectors(network, features, np.arange(len(dataset.items)))
    trained = torch.from_numpy(np.flatnonzero(dataset.item_counts())).to(vectors.device)
    return vectors.index_add(0, trained, network.collaborative)


@torch.no_grad()
def track_vectors(network: ColdStartNetwork, features: Features, items: Tensor, found: np.ndarray) -> Tensor:
    """Of tracks that are asked for by name: of the item that each was found to be, or, where it is -1, of what its name
    says. `features` of the first tracks are those of `found`."""
    vectors = items.new_empty(len(found), items.shape[1])
    is_known = found >= 0
    vectors[is_known] = items[found[is_known]]
    if not is_known.all():
        vectors[~is_known] = _name_vectors(network, features, np.flatnonzero(~is_known))
    return vectors


def _name_vectors(network: ColdStartNetwork, features: Features, tracks: np.ndarray) -> Tensor:
    return network.project(features.of(tracks).to(network.collaborative.device))


@torch.no_grad()
def scores_of(network: ColdStartNetwork, vectors: Tensor, seeds: Sequence[np.ndarray], items: Tensor) -> Iterator[np.ndarray]:
    """For each playlist the scores of all items, in float32. `seeds` are rows of `vectors`."""
    network.eval()
    for start in range(0, len(seeds), ROWS):
        some = seeds[start : start + ROWS]
        rows = torch.from_numpy(np.repeat(np.arange(len(some)), [len(each) for each in some])).to(vectors.device)
        means = mean_of(vectors[torch.from_numpy(np.concatenate(some)).to(vectors.device)], rows, len(some))
        yield from (network.query(means) @ items.T).cpu().numpy()
