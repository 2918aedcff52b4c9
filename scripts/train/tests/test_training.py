import unittest

import torch

from crossfade_train.dataset import ANONYMOUS

from .asked import Asked, stop_at, train
from .small import small_dataset, small_training


class TrainingTest(unittest.TestCase):
    def test_learns(self) -> None:
        training = small_training(epochs=15)
        end, _ = train(training, Asked())
        self.assertEqual(end, "all epochs")
        self.assertGreater(training.validation.best["full_hr10"], 0.6)  # by chance: 10 of 40

    def test_a_resumed_training_takes_the_same_steps(self) -> None:
        _, unbroken = train(small_training(), Asked())
        first = small_training()
        end, saved = train(first, stop_at(first, 9))
        self.assertEqual((end, saved["steps"]), ("asked to stop", 9))
        self.assertGreater(saved["step_of_epoch"], 0)
        second = small_training()
        second.restore(saved)
        _, resumed = train(second, Asked())
        for part in ("network", "average"):
            for name, weight in unbroken[part].items():
                self.assertTrue(torch.equal(weight, resumed[part][name]), name)
        self.assertEqual(unbroken["validation"]["history"], resumed["validation"]["history"])

    def test_seeds_differ_and_repeat(self) -> None:
        one, same, other = (train(small_training(epochs=1, seed=seed), Asked())[1] for seed in (1, 1, 2))
        table = lambda state: state["network"]["item_embedding"]
        self.assertTrue(torch.equal(table(one), table(same)))
        self.assertFalse(torch.equal(table(one), table(other)))

    def test_ends_when_time_is_out_with_something_to_write(self) -> None:
        training = small_training()
        end, _ = train(training, Asked(), max_minutes=0)
        self.assertEqual((end, training.steps), ("out of time", 0))
        training.best_network()

    def test_ends_when_nothing_gets_better(self) -> None:
        training = small_training(learning_rate=0.0, patience=2, epochs=50)
        end, _ = train(training, Asked())
        self.assertEqual((end, training.epoch), ("no better", 3))

    def test_trains_without_users(self) -> None:
        data = small_dataset()
        data.train[:] = [type(history)(ANONYMOUS, history.items) for history in data.train]
        training = small_training(data, user_dims=0, epochs=1)
        train(training, Asked())
        self.assertNotIn("user_embedding", training.network.state_dict())
