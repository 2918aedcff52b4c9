from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np

from .found_names import found_names
from .name_features import Features
from .network import ColdStartNetwork
from .playlists import Playlists, Tracks
from .vectors import item_vectors, scores_of, track_vectors

REFERENCES = 240
MADE_NAMES = 400
MOST = 50
TOP = 10
VARIANTS = ("{} (Live)", "{} - Remastered 2011", "{} [Deluxe Edition]")


@dataclass(frozen=True)
class Probes:
    """Tracks to ask references by: all items' names, then names that were made up; `found` is the item each is, or -1."""

    tracks: Tracks
    found: np.ndarray


def make_probes(dataset: Playlists, seed: int) -> Probes:
    """Of what is made up, half is an item's name written in another way; the others are names of two items in one, half
    of them by an artist that there is."""
    chance = np.random.default_rng(seed)
    titles, artists = dataset.tracks.titles, dataset.tracks.artists
    made = Tracks([], [])
    for index, (a, b) in enumerate(chance.integers(len(titles), size=(MADE_NAMES, 2))):
        is_variant, is_by_both = index % 2 == 0, index % 4 == 1
        made.titles.append(VARIANTS[index % 3].format(titles[a]).upper() if is_variant else f"{titles[a]} {titles[b]}")
        made.artists.append(f"{artists[a]} {artists[b]}" if is_by_both else artists[a])
    tracks = dataset.tracks + made
    return Probes(tracks, found_names(dataset, tracks))


def references(network: ColdStartNetwork, dataset: Playlists, features: Features, probes: Probes) -> list[dict[str, Any]]:
    """What is answered to playlists of 1 to 50 tracks: a third known by name, a third partly, a third not at all.
    `features` are those of the probes."""
    playlists = _playlists(dataset, probes)
    items = item_vectors(network, dataset, features)
    vectors = track_vectors(network, features, items, probes.found)
    scores = scores_of(network, vectors, playlists, items)
    return [_reference(dataset, probes.tracks, tracks, row) for tracks, row in zip(playlists, scores, strict=True)]


def _playlists(dataset: Playlists, probes: Probes) -> list[np.ndarray]:
    chance = np.random.default_rng(1)
    count = len(dataset.items)
    made = np.arange(count, len(probes.tracks))
    matched, new = made[probes.found[made] >= 0], made[probes.found[made] < 0]
    items = np.flatnonzero(probes.found[:count] >= 0)
    pools: list[Sequence[np.ndarray]] = [(items,), (items, matched, new), (new,)]
    drawn = []
    for line in range(REFERENCES):
        pool = [part for part in pools[line % 3] if len(part)] or [items]
        size = 1 + line // 3 % MOST
        of_each = -(-size // len(pool))
        mixed = np.concatenate([chance.choice(part, min(len(part), of_each), replace=False) for part in pool])
        drawn.append(_distinct(chance.permutation(mixed)[:size], probes))
    return drawn


def _distinct(tracks: np.ndarray, probes: Probes) -> np.ndarray:
    """No item and no name twice."""
    seen: set[Any] = set()
    kept = []
    for track in tracks:
        is_of = int(probes.found[track])
        same = is_of if is_of >= 0 else (probes.tracks.titles[track], probes.tracks.artists[track])
        if same not in seen:
            kept.append(track)
        seen.add(same)
    return np.array(kept)


def _reference(dataset: Playlists, tracks: Tracks, playlist: np.ndarray, scores: np.ndarray) -> dict[str, Any]:
    top = np.argsort(-scores, kind="stable")[:TOP]
    return {
        "tracks": named(tracks, playlist),
        "top": [[dataset.items[item], float(scores[item])] for item in top],
    }


def named(tracks: Tracks, chosen: np.ndarray) -> list[dict[str, str]]:
    return [{"title": tracks.titles[track], "artist": tracks.artists[track]} for track in chosen]
