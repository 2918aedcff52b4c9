from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from .dataset import History

LENGTH_JITTER = 8
"""Windows are sorted by length plus up to this much, so that they meet others in each epoch."""


@dataclass(frozen=True)
class Batch:
    """Windows side by side, right-padded with item 0. `targets` is what to foresee at each position, -1 at padding."""

    users: Tensor
    items: Tensor
    lengths: Tensor
    targets: Tensor
    histories: list[np.ndarray]
    """The whole ones that the windows were cut from."""


@dataclass(frozen=True)
class _Window:
    user: int
    items: np.ndarray
    targets: np.ndarray
    history: np.ndarray


@dataclass(frozen=True)
class WindowOptions:
    max_length: int
    positions: int
    """Of a batch, padding included; at least one window is in it."""
    horizon: int
    """How far ahead a target may be: 1 is the next item."""


def epoch_batches(
    train: Sequence[History], options: WindowOptions, chance: np.random.Generator
) -> list[Batch]:
    """After each item of `train` but the last of a history, one of the items that follow is foreseen, once. Histories that
    are too long are cut at a random place, so that the cuts differ between epochs. Windows of like length share a
    batch, so that next to nothing is padding."""
    windows = [window for history in train for window in _cut(history, options, chance)]
    lengths = np.array([len(window.items) for window in windows])
    order = np.argsort(lengths + chance.uniform(0, LENGTH_JITTER, len(windows)), kind="stable")
    groups = list(_groups(order, lengths, options.positions))
    return [_batch([windows[i] for i in groups[group]]) for group in chance.permutation(len(groups))]


def _cut(history: History, options: WindowOptions, chance: np.random.Generator) -> Iterator[_Window]:
    items = history.items
    end, longest = len(items) - 1, options.max_length
    following = np.arange(1, end + 1)
    ahead = chance.integers(np.minimum(options.horizon, end + 1 - following), endpoint=False) if options.horizon > 1 else 0
    targets = items[following + ahead]
    length = longest if end <= longest else int(chance.integers(max(longest // 2, 1), longest, endpoint=True))
    while end > 0:
        start = max(end - length, 0)
        yield _Window(history.user, items[start:end], targets[start:end], items)
        end, length = start, longest


def _groups(order: np.ndarray, lengths: np.ndarray, positions: int) -> Iterator[list[int]]:
    group: list[int] = []
    longest = 0
    for index in order:
        longest = max(longest, lengths[index])
        if group and longest * (len(group) + 1) > positions:
            yield group
            group, longest = [], lengths[index]
        group.append(index)
    if group:
        yield group


def _batch(windows: list[_Window]) -> Batch:
    lengths = [len(window.items) for window in windows]
    inputs = np.zeros((len(windows), max(lengths)), dtype=np.int64)
    targets = np.full_like(inputs, -1)
    for row, (window, length) in enumerate(zip(windows, lengths, strict=True)):
        inputs[row, :length] = window.items
        targets[row, :length] = window.targets
    return Batch(
        users=torch.tensor([window.user for window in windows]),
        items=torch.from_numpy(inputs),
        lengths=torch.tensor(lengths),
        targets=torch.from_numpy(targets),
        histories=[window.history for window in windows],
    )
