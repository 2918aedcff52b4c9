from __future__ import annotations

from functools import cache

import numpy as np
import torch

from crossfade_train.cold_start.architecture import architecture_of
from crossfade_train.cold_start.name_features import Features, name_features
from crossfade_train.cold_start.playlists import Playlists, Tracks
from crossfade_train.cold_start.presets import BASE
from crossfade_train.cold_start.references import Probes, make_probes
from crossfade_train.cold_start.settings import Settings
from crossfade_train.cold_start.training import Training
from crossfade_train.choices import pick

ARTISTS = ["Åsa Blåvik", "Tin Lanterns", "Mother of Rivers", "DJ Ørsted", "The Quiet Cars", "Noor & Sons", "Velvet Ohm", "Ünder Glas"]
SONGS = ["Harbour", "Ash", "Winter Bus", "Nine Doors", "Salt", "Paper Moon", "Low Tide", "Old Radio", "Ember", "Last Train"]
UNHEARD = 9
"""The last song of each artist is in no playlist that is trained on."""

CHOICE = BASE | {
    "dims": 12,
    "gram_dims": 8,
    "buckets": 512,
    "hidden": 16,
    "head_hidden": 16,
    "epochs": 6,
    "batch_playlists": 30,
    "warmup_steps": 5,
    "validate_every": 2,
    "average_decay": 0.9,
}


@cache
def small_playlists() -> Playlists:
    """Everybody likes two artists."""
    chance = np.random.default_rng(0)

    def playlist(songs: int) -> np.ndarray:
        liked = chance.choice(len(ARTISTS), 2, replace=False)
        return np.concatenate([artist * len(SONGS) + chance.choice(songs, 4, replace=False) for artist in liked])

    return Playlists(
        name="small",
        items=[f"s{item}" for item in range(len(ARTISTS) * len(SONGS))],
        tracks=Tracks(SONGS * len(ARTISTS), [artist for artist in ARTISTS for _ in SONGS]),
        train=[chance.permutation(playlist(UNHEARD)) for _ in range(120)],
        validation=[chance.permutation(playlist(UNHEARD)) for _ in range(10)],
        test=[chance.permutation(playlist(len(SONGS))) for _ in range(20)],
    )


@cache
def small_probes() -> Probes:
    return make_probes(small_playlists(), 0)


@cache
def small_features() -> Features:
    return name_features(small_probes().tracks, CHOICE["buckets"])


def small_training(**changes: object) -> Training:
    torch.set_num_threads(1)
    choice = CHOICE | changes
    settings, features = Settings(**pick(choice, Settings)), small_features()
    of = architecture_of(choice, features)
    return Training(small_playlists(), features, of=of, settings=settings, device=torch.device("cpu"))
