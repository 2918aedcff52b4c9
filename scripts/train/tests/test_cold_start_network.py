import unittest

import numpy as np
import torch
from torch.nn import functional as F

from crossfade_train.cold_start.network import Architecture, ColdStartNetwork, EncoderText
from crossfade_train.cold_start.vectors import item_vectors, track_vectors

from .small_playlists import small_features, small_playlists, small_training


class NetworkTest(unittest.TestCase):
    def test_is_what_the_readme_says(self) -> None:
        network = small_training().network.eval()
        track = 12
        means = []
        for offsets, grams in (small_features().titles, small_features().artists):
            means.append(network.gram_embedding[grams[offsets[track] : offsets[track + 1]]].mean(0))
        hidden = F.gelu(network.projector_in.weight @ torch.cat(means) + network.projector_in.bias)
        vector = network.projector_out.weight @ hidden + network.projector_out.bias
        found = network.project(small_features().of([track]))[0]
        self.assertTrue(torch.allclose(found, vector, atol=1e-5))
        query = vector + network.head_out(F.gelu(network.head_in(vector)))
        self.assertTrue(torch.allclose(network.query(vector), query, atol=1e-5))

    def test_a_track_is_its_item_or_what_its_name_says(self) -> None:
        network, data = small_training().network.eval(), small_playlists()
        items = item_vectors(network, data, small_features())
        vectors = track_vectors(network, small_features(), items, np.array([4, -1, 0]))
        self.assertTrue(torch.equal(vectors[[0, 2]], items[[4, 0]]))
        self.assertTrue(torch.allclose(vectors[1], network.project(small_features().of(np.array([1])))[0], atol=1e-6))
        beside = items - network.project(small_features().of(np.arange(len(data.items))))
        self.assertEqual((beside.abs().sum(1) > 1e-6).tolist(), (data.item_counts() > 0).tolist())

    def test_ablations_leave_a_part_out(self) -> None:
        without_text = small_training(without_text=True).network
        self.assertEqual(float(without_text.project(small_features().of([0, 1])).abs().sum()), 0)
        self.assertGreater(float(without_text.collaborative.abs().sum()), 0)
        without_collaborative = small_training(without_collaborative=True).network
        self.assertEqual(float(without_collaborative.collaborative.abs().sum()), 0)

    def test_an_encoder_stands_in_place_of_grams(self) -> None:
        of = Architecture(dims=4, hidden=6, head_hidden=5, activation="relu", text=EncoderText(3))
        network = ColdStartNetwork(of, trained_items=2)
        self.assertEqual(tuple(network.project(torch.ones(7, 3)).shape), (7, 4))
        self.assertNotIn("gram_embedding", network.state_dict())
