from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Sequence

import numpy as np

ANONYMOUS = -1


@dataclass(frozen=True)
class History:
    """`items` are indexes into `Dataset.items`, oldest first; `user` one into `Dataset.users`, or ANONYMOUS."""

    user: int
    items: np.ndarray


@dataclass(frozen=True)
class Example:
    """A history whose next item is known."""

    user: int
    sequence: np.ndarray
    target: int


@dataclass(frozen=True)
class Dataset:
    name: str
    items: list[str]
    titles: list[str]
    users: list[str]
    train: list[History]
    validation: list[Example]
    test: list[Example]
    test_negatives: np.ndarray | None = field(default=None, repr=False)
    """[tests, negatives], where the data come with them."""

    def item_counts(self) -> np.ndarray:
        """How often each item occurs in `train`."""
        trained = np.concatenate([history.items for history in self.train])
        return np.bincount(trained, minlength=len(self.items))

    def fingerprint(self) -> list[str | int]:
        """Enough to notice that a training is resumed with other data."""
        digest = sha256()
        for history in self.train:
            digest.update(history.items.astype(np.int64).tobytes())
        return [self.name, len(self.items), len(self.users), digest.hexdigest()[:16]]


def leave_one_out(sequences: Sequence[np.ndarray]) -> tuple[list[History], list[Example], list[Example]]:
    """Of each user the last item is the test and the one before it the validation, which the test's sequence includes;
    the rest trains. Users with fewer than 3 items only train."""
    train, validation, test = [], [], []
    for user, items in enumerate(sequences):
        if len(items) < 3:
            train.append(History(user, items))
            continue
        train.append(History(user, items[:-2]))
        validation.append(Example(user, items[:-2], int(items[-2])))
        test.append(Example(user, items[:-1], int(items[-1])))
    return train, validation, test
