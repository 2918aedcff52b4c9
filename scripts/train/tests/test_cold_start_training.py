import unittest

import numpy as np
import torch

from crossfade_train.cold_start.evaluation import compare

from .asked import Asked, stop_at, train
from .small_playlists import small_features, small_playlists, small_probes, small_training


class ColdStartTrainingTest(unittest.TestCase):
    def test_learns_and_recommends_what_it_never_saw(self) -> None:
        training = small_training(epochs=30)
        end, _ = train(training, Asked())
        self.assertIn(end, ("all epochs", "no better"))
        data = small_playlists()
        found = small_probes().found[: len(data.items)]
        self.assertEqual(found.tolist(), list(range(len(data.items))))
        table = compare(training.best_network(), data, small_features(), found)
        for given in ("given1", "given5"):
            answers = table[given]["all"]
            for other in ("popularity", "random"):
                self.assertGreater(answers["model"]["ndcg50"], answers[other]["ndcg50"])
                self.assertGreater(answers["model"]["r_precision"], 1.5 * answers[other]["r_precision"])
        self.assertGreater(table["given1"]["all"]["model"]["recall50_cold"], 50 / 79)

    def test_a_resumed_training_takes_the_same_steps(self) -> None:
        _, unbroken = train(small_training(), Asked())
        first = small_training()
        end, saved = train(first, stop_at(first, 6))
        self.assertEqual((end, saved["steps"], saved["step_of_epoch"]), ("asked to stop", 6, 2))
        second = small_training()
        second.restore(saved)
        _, resumed = train(second, Asked())
        for part in ("network", "average"):
            for name, weight in unbroken[part].items():
                self.assertTrue(torch.equal(weight, resumed[part][name]), name)
        self.assertEqual(unbroken["validation"]["history"], resumed["validation"]["history"])

    def test_without_validation_the_last_weights_are_the_best(self) -> None:
        training = small_training(epochs=2)
        training.validation.dataset = type(small_playlists())(**vars(small_playlists()) | {"validation": []})
        end, saved = train(training, Asked())
        self.assertEqual(end, "all epochs")
        best = training.best_network().state_dict()
        self.assertTrue(all(torch.equal(best[name], weight) for name, weight in saved["average"].items()))

    def test_names_that_say_nothing_are_not_learned_from(self) -> None:
        training = small_training(epochs=3, without_text=True)
        train(training, Asked())
        self.assertEqual(float(training.best_network().projector_out.weight.abs().sum()), 0)
        self.assertTrue(np.isfinite(training.validation.best["ndcg50"]))
