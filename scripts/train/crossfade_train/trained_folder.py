from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Iterator

import numpy as np

from .dataset import ANONYMOUS, Dataset, Example
from .network import Architecture, SequenceNetwork
from .scoring import score_examples
from .whole_folder import write_json, write_lines, write_tensors, write_whole

REFERENCES = 512


def write_trained_folder(
    folder: Path, network: SequenceNetwork, dataset: Dataset, training: dict[str, Any]
) -> None:
    """The layout is in scripts/train/README.md. It appears whole or not at all."""

    def write(aside: Path) -> None:
        write_tensors(aside / "model.safetensors", network.state_dict())
        write_json(aside / "model.json", _description(network.architecture, training))
        write_lines(aside / "items.tsv", _items(dataset))
        write_lines(aside / "users.tsv", dataset.users if network.architecture.user_dims else [])
        write_lines(aside / "holdout.tsv", (_holdout(dataset, example) for example in dataset.test))
        write_lines(aside / "reference.jsonl", _references(network, dataset))

    write_whole(folder, write)


def _description(of: Architecture, training: dict[str, Any]) -> dict[str, Any]:
    sizes = asdict(of) | {"embedding_scale": of.embedding_scale}
    return {"format": 1, "family": "sequence", "architecture": sizes, "training": training}


def _items(dataset: Dataset) -> Iterator[str]:
    for item, count, title in zip(dataset.items, dataset.item_counts(), dataset.titles, strict=True):
        yield f"{item}\t{count}\t{title}"


def _holdout(dataset: Dataset, example: Example) -> str:
    sequence = ",".join(dataset.items[item] for item in example.sequence)
    return f"{_user_id(dataset, example)}\t{sequence}\t{dataset.items[example.target]}"


def _references(network: SequenceNetwork, dataset: Dataset) -> Iterator[str]:
    chosen = np.linspace(0, len(dataset.test) - 1, min(REFERENCES, len(dataset.test))).astype(int)
    examples = [dataset.test[index] for index in chosen]
    lines = [""] * len(examples)
    for indexes, scores in score_examples(network, examples):
        for index, row in zip(indexes, scores, strict=True):
            lines[index] = json.dumps(_reference(dataset, examples[index], row), ensure_ascii=False)
    yield from lines


def _reference(dataset: Dataset, example: Example, scores: np.ndarray) -> dict[str, Any]:
    top = np.argsort(-scores, kind="stable")[:10]
    return {
        "user_id": _user_id(dataset, example),
        "sequence": [dataset.items[item] for item in example.sequence],
        "top": [[dataset.items[item], float(scores[item])] for item in top],
    }


def _user_id(dataset: Dataset, example: Example) -> str:
    return "" if example.user == ANONYMOUS else dataset.users[example.user]
