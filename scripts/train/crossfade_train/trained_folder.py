from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any, Iterable, Iterator

import numpy as np
from safetensors.torch import save

from .complaint import Complaint
from .dataset import ANONYMOUS, Dataset, Example
from .network import Architecture, SequenceNetwork
from .scoring import score_examples

REFERENCES = 512


def is_in_the_way(folder: Path) -> bool:
    """Something is there that no training wrote, or nobody can tell: it must not be removed."""
    return folder.is_symlink() or (folder.exists() and not (folder / "model.json").is_file())


def write_trained_folder(
    folder: Path, network: SequenceNetwork, dataset: Dataset, training: dict[str, Any]
) -> None:
    """The layout is in scripts/train/README.md. The folder is written aside and moved into place, so that a reader finds
    all of it or none; a trained one that is there already is replaced."""
    if is_in_the_way(folder):
        raise Complaint(f"{folder} is no trained folder, and is not replaced: remove it, or name another")
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    tensors = {name: tensor.detach().float().cpu().contiguous() for name, tensor in network.state_dict().items()}
    (aside / "model.safetensors").write_bytes(save(tensors))
    (aside / "model.json").write_text(json.dumps(_description(network.architecture, training), indent=2) + "\n")
    _write_lines(aside / "items.tsv", _items(dataset))
    _write_lines(aside / "users.tsv", dataset.users if network.architecture.user_dims else [])
    _write_lines(aside / "holdout.tsv", (_holdout(dataset, example) for example in dataset.test))
    _write_lines(aside / "reference.jsonl", _references(network, dataset))
    if folder.exists():
        shutil.rmtree(folder)
    aside.rename(folder)


def _description(of: Architecture, training: dict[str, Any]) -> dict[str, Any]:
    sizes = asdict(of) | {"embedding_scale": of.embedding_scale}
    return {"format": 1, "family": "sequence", "architecture": _camel(sizes), "training": _camel(training)}


def _camel(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {_camel_name(name): _camel(inner) for name, inner in value.items()}


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


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


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
