import unittest

import numpy as np
import torch

from crossfade_train.cold_start.found_names import found_names
from crossfade_train.cold_start.name_features import name_features
from crossfade_train.cold_start.playlists import Playlists, Tracks


def catalogue(names: list[tuple[str, str]], train: list[list[int]]) -> Playlists:
    tracks = Tracks([title for title, _ in names], [artist for _, artist in names])
    ids = [f"i{index}" for index in range(len(names))]
    return Playlists("names", ids, tracks, [np.array(playlist) for playlist in train], [], [])


class NamesTest(unittest.TestCase):
    def test_tracks_are_found_as_a_server_finds_them(self) -> None:
        names = [("Halo", "Beyoncé"), ("Halo", "Beyoncé"), ("HALO", "Beyonce"), ("Ash", "Noor")]
        asked = [("Halo", "Beyoncé"), ("HALO", "Beyonce"), ("halo - Live", "BEYONCE"), ("Ash (Remastered 2011)", "Noor"), ("Ash", "Beyoncé")]
        tracks = Tracks([title for title, _ in asked], [artist for _, artist in asked])
        for train, expected in (
            ([[0, 1], [1, 2], [2, 3], [2, 0, 1, 1]], [1, 2, 1, 3, -1]),  # the very name first, then the most popular
            ([[0], [0], [2, 3]], [0, 2, 0, 3, -1]),
        ):
            self.assertEqual(found_names(catalogue(names, train), tracks).tolist(), expected)

    def test_grams_are_read_as_they_were_written(self) -> None:
        tracks = Tracks(["Halo", "", "HALO", "Ash"], ["Beyoncé", "Noor", "Beyonce", "Noor"])
        rows = name_features(tracks, 64).of(np.array([3, 0, 1, 2]))
        lists = lambda bags: np.split(bags.grams.numpy(), bags.starts[1:].numpy())
        titles, artists = lists(rows.titles), lists(rows.artists)
        self.assertEqual((rows.titles.place.tolist(), rows.artists.place.tolist()), ([0, 1, 2, 1], [0, 1, 0, 1]))
        self.assertEqual((len(titles), len(artists), len(titles[2])), (3, 2, 0))
        self.assertTrue(all((np.diff(grams) > 0).all() and grams.max() < 64 for grams in titles[:2] + artists))
        self.assertEqual(rows.titles.grams.dtype, torch.int64)
