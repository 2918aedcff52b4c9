from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Sequence

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Playlists, each cut at random into seeds and targets. `*_of` say which playlist each is of."""

    playlists: int
    seeds: Tensor
    seeds_of: Tensor
    is_known: Tensor
    """[seeds]: its collaborative vector is seen; else it is as if nobody knew the track."""
    targets: Tensor
    targets_of: Tensor


@dataclass(frozen=True)
class DrawOptions:
    playlists: int
    max_seeds: int
    unknown_seeds: float


def epoch_batches(train: Sequence[np.ndarray], options: DrawOptions, chance: np.random.Generator) -> list[Batch]:
    """Every playlist of two tracks or more once, in another order and cut at another place in each epoch. Few seeds are
    as likely as many: from 1 to 2 as from 16 to 32."""
    long = [playlist for playlist in train if len(playlist) > 1]
    order = chance.permutation(len(long))
    starts = range(0, len(order), options.playlists)
    return [_batch([long[i] for i in order[start : start + options.playlists]], options, chance) for start in starts]


def _batch(playlists: list[np.ndarray], options: DrawOptions, chance: np.random.Generator) -> Batch:
    seeds, targets, known = [], [], []
    for playlist in playlists:
        most = min(options.max_seeds, len(playlist) - 1)
        count = min(int(math.exp(chance.uniform(0, math.log(most + 1)))), most)
        order = chance.permutation(playlist)
        seeds.append(order[:count])
        targets.append(order[count:])
        known.append(chance.random(count) >= _unknown_share(options.unknown_seeds, chance))
    return Batch(
        playlists=len(playlists),
        seeds=torch.from_numpy(np.concatenate(seeds)),
        seeds_of=_rows(seeds),
        is_known=torch.from_numpy(np.concatenate(known)),
        targets=torch.from_numpy(np.concatenate(targets)),
        targets_of=_rows(targets),
    )


def _unknown_share(chance_of_any: float, chance: np.random.Generator) -> float:
    """Half of the playlists with unknown seeds have no others."""
    drawn, share = chance.random(2)
    if drawn >= chance_of_any:
        return 0.0
    return 1.0 if drawn < chance_of_any / 2 else share


def _rows(lists: list[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.repeat(np.arange(len(lists)), [len(each) for each in lists]))
