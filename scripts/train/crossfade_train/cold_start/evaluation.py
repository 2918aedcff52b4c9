from __future__ import annotations

from typing import Callable, Iterable, Sequence

import numpy as np

from .baselines import baselines_of
from .name_features import Features
from .network import ColdStartNetwork
from .playlist_metrics import GIVEN, Case, Figures, best_of, cases_of, figures_of, mean_figures, random_figures
from .playlists import Playlists
from .vectors import item_vectors, scores_of, track_vectors

Rank = Callable[[Sequence[Case]], Iterable[np.ndarray]]
"""The scores of all items, for each case."""


def evaluate(
    network: ColdStartNetwork, dataset: Playlists, features: Features, playlists: Sequence[np.ndarray]
) -> dict[int, Figures]:
    """By how many tracks are given; tracks are asked for as the items they are."""
    is_warm = dataset.item_counts() > 0
    rank = _by_network(network, dataset, features, np.arange(len(dataset.items)))
    found = {given: _figures(rank, cases_of(playlists, given), is_warm) for given in GIVEN}
    return {given: mean_figures(each) for given, each in found.items() if each}


Table = dict[str, dict[str, dict[str, Figures]]]
"""By what was given ("given5"), which playlists ("all", "unseen": none of the seeds was trained on) and who answered."""


def compare(network: ColdStartNetwork, dataset: Playlists, features: Features, found: np.ndarray) -> Table:
    """The test, beside what needs no model. `found`: which item a server finds the name of each item to be, or -1."""
    is_warm = dataset.item_counts() > 0
    is_seen = (found >= 0) & is_warm[found]
    ranks = {"model": _by_network(network, dataset, features, found)} | {
        name: (lambda cases, score=score: (score(case.seeds) for case in cases))
        for name, score in baselines_of(dataset).items()
    }
    table: Table = {}
    for given in GIVEN:
        if not (cases := cases_of(dataset.test, given)):
            continue
        answers = {name: _figures(rank, cases, is_warm) for name, rank in ranks.items()}
        open_items = len(dataset.items) - given
        answers["random"] = [random_figures(case.targets, open_items, is_warm) for case in cases]
        is_unseen = [not is_seen[case.seeds].any() for case in cases]
        groups = {"all": [True] * len(cases), "unseen": is_unseen}
        table[f"given{given}"] = {
            group: {name: _of_group(each, chosen) for name, each in answers.items()}
            for group, chosen in groups.items()
            if any(chosen)
        }
    return table


HEAD = f"{'':28}playlists  R-precision  Recall@50  NDCG@50  clicks  Recall@50 warm   cold"


def table_lines(table: Table) -> list[str]:
    cells = ((given, group, name, f) for given, groups in table.items() for group, of in groups.items() for name, f in of.items())
    return [HEAD, *(_line(f"{given} {'unseen ' if group == 'unseen' else ''}{name}", f) for given, group, name, f in cells)]


def _line(of: str, f: Figures) -> str:
    warm, cold = (f"{f[name]:.4f}" if name in f else "-" for name in ("recall50_warm", "recall50_cold"))
    return (
        f"{of:28}{f['playlists']:9.0f}  {f['r_precision']:11.4f}  {f['recall50']:9.4f}  {f['ndcg50']:7.4f}  {f['clicks']:6.2f}  "
        f"{warm:>14} {cold:>6}"
    )


def _by_network(network: ColdStartNetwork, dataset: Playlists, features: Features, found: np.ndarray) -> Rank:
    def rank(cases: Sequence[Case]) -> Iterable[np.ndarray]:
        items = item_vectors(network, dataset, features)
        vectors = track_vectors(network, features, items, found)
        return scores_of(network, vectors, [case.seeds for case in cases], items)

    return rank


def _figures(rank: Rank, cases: Sequence[Case], is_warm: np.ndarray) -> list[Figures]:
    answers = zip(cases, rank(cases), strict=True)
    return [figures_of(best_of(scores, case.seeds), case.targets, is_warm) for case, scores in answers]


def _of_group(each: list[Figures], chosen: list[bool]) -> Figures:
    of_group = [figures for figures, is_chosen in zip(each, chosen, strict=True) if is_chosen]
    return mean_figures(of_group) | {"playlists": float(len(of_group))}
