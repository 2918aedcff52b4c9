import math
import unittest
from dataclasses import replace

import numpy as np
import torch

from crossfade_train.cold_start.draws import DrawOptions, epoch_batches
from crossfade_train.cold_start.playlist_loss import playlist_loss

TRAIN = [np.array(items) for items in ([3, 1, 4], [5], [9, 2], [6, 5, 3, 8, 7], [0, 1])]
OPTIONS = DrawOptions(playlists=3, max_seeds=3, unknown_seeds=0.0)


def draw(seed: int, **changes: object) -> list[list[tuple[list[int], list[int], list[bool]]]]:
    batches = epoch_batches(TRAIN, replace(OPTIONS, **changes), np.random.default_rng(seed))
    return [
        [
            tuple(part[of == row].tolist() for part, of in ((b.seeds, b.seeds_of), (b.targets, b.targets_of), (b.is_known, b.seeds_of)))
            for row in range(b.playlists)
        ]
        for b in batches
    ]


class DrawsTest(unittest.TestCase):
    def test_every_playlist_is_cut_once(self) -> None:
        self.assertEqual(draw(1), draw(1))
        self.assertNotEqual(draw(1), draw(2))
        for seed in range(20):
            batches = draw(seed)
            self.assertEqual([len(batch) for batch in batches], [3, 1])
            cut = [cut for batch in batches for cut in batch]
            self.assertEqual(sorted(sorted(s + t) for s, t, _ in cut), sorted(sorted(p) for p in TRAIN if len(p) > 1))
            self.assertTrue(all(1 <= len(s) <= 3 and t and all(known) for s, t, known in cut))

    def test_some_seeds_are_unknown(self) -> None:
        known = [known for seed in range(40) for batch in draw(seed, unknown_seeds=1.0) for _, _, known in batch]
        all_unknown = sum(not any(each) for each in known) / len(known)
        self.assertTrue(0.5 <= all_unknown < 0.9, all_unknown)
        self.assertTrue(any(any(each) for each in known))


class LossTest(unittest.TestCase):
    def test_seeds_are_no_negatives_and_long_playlists_do_not_decide_alone(self) -> None:
        batch = epoch_batches([np.array([0, 1]), np.array([2, 3, 4, 5, 1])], DrawOptions(2, 1, 0.0), np.random.default_rng(0))[0]
        scores = torch.randn(2, 6, dtype=torch.float64)
        sums, weights = 0.0, 0.0
        for row in range(2):
            seeds = set(batch.seeds[batch.seeds_of == row].tolist())
            targets = batch.targets[batch.targets_of == row].tolist()
            total = math.log(sum(math.exp(scores[row, item]) for item in range(6) if item not in seeds))
            sums += sum(total - float(scores[row, target]) for target in targets) / math.sqrt(len(targets))
            weights += math.sqrt(len(targets))
        self.assertAlmostEqual(float(playlist_loss(scores, batch)), sums / weights)
