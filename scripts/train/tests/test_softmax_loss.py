import unittest

import torch
from torch.nn import functional as F

from crossfade_train.softmax_loss import CHUNK_ROWS, softmax_loss
from crossfade_train.spared import Spared


class SoftmaxLossTest(unittest.TestCase):
    def test_loss_and_gradients_are_those_of_cross_entropy(self) -> None:
        torch.manual_seed(0)
        rows = CHUNK_ROWS + 7
        targets = torch.randint(30, (rows,))
        spared = Spared(torch.rand(9, 30) < 0.3, torch.randint(9, (rows,)))
        outside = spared.mask[spared.group_of_row].scatter(1, targets[:, None], False)
        nothing = torch.zeros_like(outside)
        for smoothing, left_out, mask in ((0.0, None, nothing), (0.2, None, nothing), (0.0, spared, outside)):
            states, items = torch.randn(rows, 5), torch.randn(30, 5)
            mine = [tensor.clone().requires_grad_() for tensor in (states, items)]
            theirs = [tensor.clone().requires_grad_() for tensor in (states, items)]
            loss = softmax_loss(*mine, targets, spared=left_out, smoothing=smoothing)
            logits = (theirs[0] @ theirs[1].T).masked_fill(mask, -torch.inf)
            expected = F.cross_entropy(logits, targets, label_smoothing=smoothing)
            torch.testing.assert_close(loss, expected)
            (3 * loss).backward()
            (3 * expected).backward()
            for one, other in zip(mine, theirs, strict=True):
                torch.testing.assert_close(one.grad, other.grad)
