import unittest

import numpy as np

from crossfade_train.windows import WindowOptions, epoch_batches

from .small import small_dataset

TRAIN = small_dataset().train


class WindowsTest(unittest.TestCase):
    def test_every_step_of_every_history_is_learned_once(self) -> None:
        batches = epoch_batches(TRAIN, WindowOptions(7, positions=50, horizon=1), np.random.default_rng(1))
        learned = sorted(
            (int(batch.users[row]), int(batch.items[row, step]), int(batch.targets[row, step]))
            for batch in batches
            for row in range(len(batch.users))
            for step in range(int(batch.lengths[row]))
        )
        steps = ((h.user, *pair) for h in TRAIN for pair in zip(h.items, h.items[1:], strict=False))
        self.assertEqual(learned, sorted((user, int(item), int(target)) for user, item, target in steps))

    def test_batches_keep_their_bounds_and_mark_padding(self) -> None:
        for batch in epoch_batches(TRAIN, WindowOptions(7, positions=50, horizon=1), np.random.default_rng(1)):
            self.assertLessEqual(batch.items.numel(), 50)
            self.assertLessEqual(batch.items.shape[1], 7)
            for targets, length in zip(batch.targets, batch.lengths, strict=True):
                self.assertTrue((targets[:length] >= 0).all() and (targets[length:] == -1).all())

    def test_a_horizon_looks_ahead_within_the_history(self) -> None:
        options = WindowOptions(100, positions=100, horizon=3)
        found = set()
        for batch in epoch_batches(TRAIN, options, np.random.default_rng(1)):
            for user, targets, length in zip(batch.users, batch.targets, batch.lengths, strict=True):
                items = next(h.items for h in TRAIN if h.user == user)
                for step in range(int(length)):
                    ahead = items[step + 1 : step + 4].tolist()
                    self.assertIn(int(targets[step]), ahead)
                    found.add(ahead.index(int(targets[step])))
        self.assertEqual(found, {0, 1, 2})
