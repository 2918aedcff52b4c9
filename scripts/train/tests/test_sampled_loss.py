import unittest

import torch
from torch.nn import functional as F

from crossfade_train.sampled_loss import sampled_loss
from crossfade_train.spared import Spared


class SampledLossTest(unittest.TestCase):
    def test_tells_the_target_from_drawn_items_that_are_not_spared(self) -> None:
        torch.manual_seed(0)
        states, items, targets = torch.randn(50, 5), torch.randn(30, 5), torch.randint(30, (50,))
        spared = Spared(torch.rand(9, 30) < 0.3, torch.randint(9, (50,)))
        torch.manual_seed(7)
        loss = sampled_loss(states, items, targets, negatives=12, spared=spared)
        torch.manual_seed(7)
        drawn = torch.randint(30, (12,)).tolist()
        losses = []
        for row, (state, target) in enumerate(zip(states, targets.tolist(), strict=True)):
            mask = spared.mask[spared.group_of_row[row]]
            among = [target, *(item for item in drawn if item != target and not mask[item])]
            losses.append(F.cross_entropy(items[among] @ state, torch.tensor(0)))
        torch.testing.assert_close(loss, torch.stack(losses).mean())
