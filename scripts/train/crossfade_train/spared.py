from __future__ import annotations

from torch import Tensor


class Spared:
    """Items that are no negatives of a row: `mask` [groups, items], and which group each row is of."""

    def __init__(self, mask: Tensor, group_of_row: Tensor) -> None:
        self.mask, self.group_of_row = mask, group_of_row

    def of(self, rows: slice) -> Tensor:
        return self.mask[self.group_of_row[rows]]

    def among(self, items: Tensor) -> Tensor:
        """[rows, items]"""
        return self.mask[:, items][self.group_of_row]
