from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Sequence

import numpy as np

from .dataset import Example
from .network import SequenceNetwork
from .scoring import score_examples


@dataclass(frozen=True)
class Quality:
    hr1: float
    hr10: float
    ndcg10: float

    @staticmethod
    def of(ranks: np.ndarray) -> Quality:
        """`ranks`: how many items came before the target."""
        gains = np.where(ranks < 10, 1 / np.log2(ranks + 2.0), 0.0)
        return Quality(float((ranks < 1).mean()), float((ranks < 10).mean()), float(gains.mean()))


@dataclass(frozen=True)
class Qualities:
    """Among the negatives; among all items but those of the sequence; among all items."""

    sampled: Quality
    full: Quality
    full_with_seen: Quality

    def flat(self) -> dict[str, float]:
        return {f"{protocol}_{name}": value for protocol, of in asdict(self).items() for name, value in of.items()}


def evaluate(network: SequenceNetwork, examples: Sequence[Example], negatives: np.ndarray) -> Qualities:
    """`negatives` [examples, n]. One that is the target itself does not count, one that occurs twice counts twice."""
    sampled, full, with_seen = (np.empty(len(examples), dtype=np.int64) for _ in range(3))
    for indexes, scores in score_examples(network, examples):
        for index, row in zip(indexes, scores, strict=True):
            example = examples[index]
            wanted = row[example.target]
            sampled[index] = (row[negatives[index]] > wanted).sum()
            with_seen[index] = (row > wanted).sum()
            full[index] = with_seen[index] - (row[np.unique(example.sequence)] > wanted).sum()
    return Qualities(Quality.of(sampled), Quality.of(full), Quality.of(with_seen))


def uniform_negatives(examples: Sequence[Example], items: int, count: int, seed: int) -> np.ndarray:
    """Items outside each example's sequence, drawn with replacement, as the published protocols draw them."""
    chance = np.random.default_rng(seed)
    negatives = chance.integers(items, size=(len(examples), count))
    for row, example in zip(negatives, examples, strict=True):
        seen = np.unique(example.sequence)
        while len(seen) < items and (wrong := np.isin(row, seen)).any():
            row[wrong] = chance.integers(items, size=wrong.sum())
    return negatives
