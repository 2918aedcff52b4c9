from __future__ import annotations

import json
from pathlib import Path
from typing import Iterator

import numpy as np

from ..dataset import ANONYMOUS, Dataset, Example, History

PADDING = 4606


def read_llara_lastfm(folder: Path) -> Dataset:
    """Artists that listeners came to, without ids of listeners. The rows of the training file are the growing and then
    sliding windows of 976 histories, which are put together again; validation and test are other listeners' rows."""
    lines = (folder / "id2name.txt").read_text(encoding="utf-8").splitlines()
    names = dict(line.split("::", 1) for line in lines)
    return Dataset(
        name="llara-lastfm",
        items=[str(item) for item in range(PADDING)],
        titles=[names[str(item)] for item in range(PADDING)],
        users=[],
        train=[History(ANONYMOUS, np.array(items)) for items in _histories(folder / "train_data.df.jsonl")],
        validation=list(_examples(folder / "Val_data.df.jsonl")),
        test=list(_examples(folder / "Test_data.df.jsonl")),
    )


def _histories(file: Path) -> list[list[int]]:
    histories: list[list[int]] = []
    for sequence, target in _rows(file):
        if not sequence:
            histories.append([])
        elif histories[-1][-len(sequence) :] != sequence:
            raise ValueError(f"{file}: {sequence} does not go on with the row before it")
        histories[-1].append(target)
    return histories


def _examples(file: Path) -> Iterator[Example]:
    for sequence, target in _rows(file):
        yield Example(ANONYMOUS, np.array(sequence), target)


def _rows(file: Path) -> Iterator[tuple[list[int], int]]:
    # `len_seq` is 1 for the rows without any item, too.
    for line in file.read_text().splitlines():
        row = json.loads(line)
        yield [item for item in row["seq"] if item != PADDING], row["next"]
