from __future__ import annotations

from pathlib import Path

import numpy as np

from ..dataset import Dataset, leave_one_out


def read_ml_1m(folder: Path) -> Dataset:
    """MovieLens-1M in the file that SASRec and SSE-PT are benchmarked on. Ids are that file's, from 1 without gaps."""
    pairs = np.loadtxt(folder / "ml-1m_sas.txt", dtype=np.int64)
    users, items = int(pairs[:, 0].max()), int(pairs[:, 1].max())
    starts = np.searchsorted(pairs[:, 0], np.arange(2, users + 1))
    train, validation, test = leave_one_out(np.split(pairs[:, 1] - 1, starts))
    return Dataset(
        name="ml-1m",
        items=[str(item) for item in range(1, items + 1)],
        titles=_titles(folder, items),
        users=[str(user) for user in range(1, users + 1)],
        train=train,
        validation=validation,
        test=test,
        test_negatives=_frozen_negatives(folder),
    )


def _titles(folder: Path, items: int) -> list[str]:
    movies = (folder / "movies.dat").read_text(encoding="iso-8859-1").splitlines()
    title_of = {movie: title for movie, title, _genres in (line.split("::") for line in movies)}
    movie_of = dict(line.split() for line in (folder / "sas_to_original_items.txt").read_text().splitlines())
    return [title_of[movie_of[str(item)]] for item in range(1, items + 1)]


def _frozen_negatives(folder: Path) -> np.ndarray:
    lines = (folder / "eval_test_100neg_seed0.tsv").read_text().splitlines()[1:]
    return np.array([line.split("\t")[2].split(",") for line in lines], dtype=np.int64) - 1
