from __future__ import annotations

from typing import Iterator, Sequence

import numpy as np
import torch

from .dataset import Example
from .network import SequenceNetwork

ROWS = 128


@torch.no_grad()
def score_examples(
    network: SequenceNetwork, examples: Sequence[Example]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Scores of the whole catalogue, some examples at a time: their indexes, and [their number, items] in float32. Of a
    sequence the last `max_length` items are seen, as when it is served."""
    network.eval()
    longest = network.architecture.max_length
    order = np.argsort([min(len(example.sequence), longest) for example in examples], kind="stable")
    for start in range(0, len(order), ROWS):
        indexes = order[start : start + ROWS]
        yield indexes, _scores(network, [examples[index] for index in indexes])


def _scores(network: SequenceNetwork, examples: Sequence[Example]) -> np.ndarray:
    device = network.item_embedding.device
    tails = [example.sequence[-network.architecture.max_length :] for example in examples]
    items = np.zeros((len(tails), max(map(len, tails))), dtype=np.int64)
    for row, tail in enumerate(tails):
        items[row, : len(tail)] = tail
    lengths = torch.tensor([len(tail) for tail in tails], device=device)
    users = torch.tensor([example.user for example in examples], device=device)
    states = network.last(torch.from_numpy(items).to(device), lengths, users)
    return (states @ network.item_embedding.T).cpu().numpy()
