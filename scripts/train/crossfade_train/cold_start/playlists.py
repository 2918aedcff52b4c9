from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Sequence

import numpy as np

TESTED = 0.1
VALIDATED = 0.1


@dataclass(frozen=True)
class Tracks:
    """Title and artist of each; at most one of the two is empty. No name holds a tab or the end of a line."""

    titles: list[str]
    artists: list[str]

    def __len__(self) -> int:
        return len(self.titles)

    def __add__(self, others: Tracks) -> Tracks:
        return Tracks(self.titles + others.titles, self.artists + others.artists)


@dataclass(frozen=True)
class Playlists:
    """A playlist is the indexes of its tracks in `items`, each once, in its order. Items that only playlists of the test
    or of the validation have are in the catalogue by their names alone."""

    name: str
    items: list[str]
    tracks: Tracks
    train: list[np.ndarray]
    validation: list[np.ndarray]
    """May be empty: then training ends after its epochs, and the last weights are written."""
    test: list[np.ndarray]

    def item_counts(self) -> np.ndarray:
        """How often each item occurs in `train`."""
        return np.bincount(np.concatenate(self.train), minlength=len(self.items))

    def fingerprint(self) -> list[str | int]:
        """Enough to notice that a training is resumed with other data."""
        digest = sha256("\t".join(self.tracks.titles + self.tracks.artists).encode())
        for playlist in self.train:
            digest.update(playlist.astype(np.int64).tobytes())
        return [self.name, len(self.items), len(self.train), digest.hexdigest()[:16]]


def one_line(name: str) -> str:
    """Tables have no room for tabs and ends of lines."""
    return name.replace("\t", " ").replace("\n", " ").replace("\r", " ")


def each_once(items: Sequence[int]) -> np.ndarray:
    return np.array(list(dict.fromkeys(items)), dtype=np.int64)


def split(playlists: Sequence[np.ndarray]) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """To train on, validate with and test with. A playlist of one track is only trained on."""
    long = [index for index, playlist in enumerate(playlists) if len(playlist) > 1]
    order = np.random.default_rng(0).permutation(long)
    tested, validated = (max(1, round(share * len(long))) if len(long) > 2 else 0 for share in (TESTED, VALIDATED))
    test, validation = set(order[:tested]), set(order[tested : tested + validated])
    kept = test | validation
    pick = lambda chosen: [playlists[index] for index in sorted(chosen)]
    return pick(set(range(len(playlists))) - kept), pick(validation), pick(test)
