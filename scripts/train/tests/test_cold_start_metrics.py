import math
import unittest

import numpy as np

from crossfade_train.cold_start.baselines import baselines_of
from crossfade_train.cold_start.playlist_metrics import best_of, figures_of, random_figures

from .test_cold_start_names import catalogue


class MetricsTest(unittest.TestCase):
    def test_figures_of_a_ranking(self) -> None:
        is_warm = np.ones(1000, dtype=bool)
        is_warm[700:] = False
        ranking = np.arange(500)
        found = figures_of(ranking, np.array([1, 30, 60, 800]), is_warm)
        ideal = sum(1 / math.log2(rank + 2) for rank in range(4))
        expected = {
            "r_precision": 1 / 4,
            "recall50": 2 / 4,
            "ndcg50": (1 / math.log2(3) + 1 / math.log2(32)) / ideal,
            "clicks": 0,
            "recall50_warm": 2 / 3,
            "recall50_cold": 0,
        }
        self.assertEqual(found.keys(), expected.keys())
        for name, value in expected.items():
            self.assertAlmostEqual(found[name], value, msg=name)
        never = figures_of(ranking, np.array([999]), is_warm)
        self.assertEqual((never["clicks"], "recall50_warm" in never, never["recall50_cold"]), (51, False, 0))
        self.assertEqual(figures_of(ranking, np.array([25, 499]), is_warm)["clicks"], 2)

    def test_chance_is_what_shuffled_lists_reach(self) -> None:
        chance, is_warm, targets = np.random.default_rng(0), np.ones(900, dtype=bool), np.arange(7)
        each = [figures_of(chance.permutation(900)[:500], targets, is_warm) for _ in range(1500)]
        expected = random_figures(targets, 900, is_warm)
        self.assertEqual(expected.keys(), each[0].keys())
        for name in expected:
            values = [figures[name] for figures in each]
            self.assertLess(abs(np.mean(values) - expected[name]), 5 * np.std(values) / math.sqrt(len(values)), name)

    def test_the_lower_of_equals_comes_first_and_seeds_are_left_out(self) -> None:
        scores = np.array([1.0, 3.0, 2.0, 3.0, 2.0])
        self.assertEqual(best_of(scores, np.array([1])).tolist(), [3, 2, 4, 0])
        many = best_of(np.zeros(2000), np.array([0, 5]))
        self.assertEqual((len(many), many[:6].tolist()), (500, [1, 2, 3, 4, 6, 7]))

    def test_baselines(self) -> None:
        data = catalogue([(f"song {i}", "a") for i in range(5)], [[0, 1, 2], [0, 1], [2, 3], [0]])
        score = baselines_of(data)
        self.assertEqual(score["popularity"](np.array([3])).tolist(), [3, 2, 2, 1, 0])
        together = score["co_occurrence"](np.array([1, 4]))
        self.assertAlmostEqual(together[0], 2 / math.sqrt(6), places=6)
        self.assertAlmostEqual(together[2], 1 / 2, places=6)
        self.assertEqual(np.argsort(-together, kind="stable").tolist()[3:], [3, 4])
