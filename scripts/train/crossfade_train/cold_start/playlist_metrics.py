from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Sequence

import numpy as np

GIVEN = (1, 5, 25)
CUT = 50
LIST_LENGTH = 500
PER_CLICK = 10
NEVER_CLICKS = LIST_LENGTH // PER_CLICK + 1

Figures = dict[str, float]
"""`r_precision`, `recall50`, `ndcg50`, `clicks` as the Million Playlist challenge has them (by track), `recall50_warm` of
targets that were trained on, and `recall50_cold` of those that were not: absent where there are none."""


@dataclass(frozen=True)
class Case:
    """The first tracks of a playlist, and those that are to be found."""

    seeds: np.ndarray
    targets: np.ndarray


def cases_of(playlists: Iterable[np.ndarray], given: int) -> list[Case]:
    return [Case(playlist[:given], playlist[given:]) for playlist in playlists if len(playlist) > given]


def best_of(scores: np.ndarray, excluded: np.ndarray) -> np.ndarray:
    """The first 500 items; the lower index decides a tie."""
    scores = scores.copy()
    scores[excluded] = -np.inf
    length = min(LIST_LENGTH, len(scores) - len(excluded))
    worst = -np.partition(-scores, length - 1)[length - 1]
    candidates = np.flatnonzero(scores >= worst)
    return candidates[np.argsort(-scores[candidates], kind="stable")][:length]


def figures_of(ranking: np.ndarray, targets: np.ndarray, is_warm: np.ndarray) -> Figures:
    hits = np.isin(ranking, targets)
    first = int(np.argmax(hits)) if hits.any() else -1
    parts = {"recall50_warm": targets[is_warm[targets]], "recall50_cold": targets[~is_warm[targets]]}
    return {
        "r_precision": float(hits[: len(targets)].sum() / len(targets)),
        "recall50": _recall(ranking, targets),
        "ndcg50": float((hits[:CUT] * _gains(len(hits[:CUT]))).sum() / _gains(min(CUT, len(targets))).sum()),
        "clicks": float(NEVER_CLICKS if first < 0 else first // PER_CLICK),
        **{name: _recall(ranking, part) for name, part in parts.items() if len(part)},
    }


def random_figures(targets: np.ndarray, items: int, is_warm: np.ndarray) -> Figures:
    """Of a list that chance alone has put in order."""
    count, warm = len(targets), is_warm[targets]
    recall = min(CUT, items) / items
    shown = np.arange(min(LIST_LENGTH, items))
    none = np.cumprod(np.maximum(items - count - shown, 0) / (items - shown))
    return {
        "r_precision": count / items,
        "recall50": recall,
        "ndcg50": float(count / items * _gains(min(CUT, items)).sum() / _gains(min(CUT, count)).sum()),
        "clicks": float(none[PER_CLICK - 1 :: PER_CLICK].sum() + none[-1]),
        **({"recall50_warm": recall} if warm.any() else {}),
        **({"recall50_cold": recall} if not warm.all() else {}),
    }


def mean_figures(each: Sequence[Figures]) -> Figures:
    """Each over the lists that have it."""
    names = dict.fromkeys(name for figures in each for name in figures)
    return {name: float(np.mean([figures[name] for figures in each if name in figures])) for name in names}


def tell(by_given: dict[int, Figures]) -> str:
    return ", ".join(
        f"given {given}: R-precision {f['r_precision']:.4f}, Recall@50 {f['recall50']:.4f}, NDCG@50 {f['ndcg50']:.4f}, "
        f"clicks {f['clicks']:.2f}"
        for given, f in by_given.items()
    )


def _recall(ranking: np.ndarray, targets: np.ndarray) -> float:
    return float(np.isin(ranking[:CUT], targets).sum() / len(targets))


def _gains(count: int) -> np.ndarray:
    return 1 / np.log2(np.arange(count) + 2)
