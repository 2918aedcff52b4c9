import unittest

import numpy as np

from crossfade_train.ranking import Quality, evaluate, uniform_negatives
from crossfade_train.scoring import score_examples

from .small import small_dataset, small_training


class RankingTest(unittest.TestCase):
    def test_quality_of_known_ranks(self) -> None:
        quality = Quality.of(np.array([0, 2, 10]))
        self.assertEqual((quality.hr1, quality.hr10), (1 / 3, 2 / 3))
        self.assertAlmostEqual(quality.ndcg10, (1 + 1 / np.log2(4)) / 3)

    def test_negatives_are_unseen(self) -> None:
        examples = small_dataset().test
        for row, example in zip(uniform_negatives(examples, 40, 100, seed=0), examples, strict=True):
            if len(set(example.sequence)) < 40:
                self.assertFalse(np.isin(row, example.sequence).any())

    def test_qualities_agree_with_sorting(self) -> None:
        data = small_dataset()
        network = small_training(data).network
        negatives = uniform_negatives(data.test, 40, 5, seed=0)
        ranks = {"sampled": [0] * len(data.test), "full": [0] * len(data.test), "full_with_seen": [0] * len(data.test)}
        for indexes, scores in score_examples(network, data.test):
            for index, row in zip(indexes, scores, strict=True):
                example = data.test[index]
                order = np.argsort(-row).tolist()
                unseen = [i for i in order if i == example.target or i not in example.sequence]
                among = sorted([example.target, *negatives[index]], key=lambda i: (-row[i], i != example.target))
                ranks["sampled"][index] = among.index(example.target)
                ranks["full_with_seen"][index] = order.index(example.target)
                if example.target not in example.sequence:
                    ranks["full"][index] = unseen.index(example.target)
                else:
                    ranks["full"][index] = sum(row[i] > row[example.target] for i in set(range(40)) - set(example.sequence))
        qualities = evaluate(network, data.test, negatives)
        for protocol, expected in ranks.items():
            self.assertEqual(getattr(qualities, protocol), Quality.of(np.array(expected)), protocol)
