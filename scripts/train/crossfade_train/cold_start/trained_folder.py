from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Iterator

import numpy as np
from torch import Tensor

from ..whole_folder import write_json, write_lines, write_tensors, write_whole
from .found_names import item_lines
from .name_features import Encoder, Features, GramFeatures
from .network import Architecture, ColdStartNetwork
from .playlist_metrics import GIVEN
from .playlists import Playlists
from .references import Probes, named, references
from .vectors import item_vectors

HOLDOUTS = 1000
TARGETS = 500


def write_trained_folder(
    folder: Path, network: ColdStartNetwork, dataset: Playlists, *, features: Features, probes: Probes, encoder: Encoder | None, training: dict[str, Any]
) -> None:
    """The layout is in scripts/train/README.md. It appears whole or not at all."""

    def write(aside: Path) -> None:
        write_tensors(aside / "model.safetensors", _tensors(network, dataset, features))
        write_json(aside / "model.json", _description(network.architecture, _text(features, encoder), training))
        write_lines(aside / "items.tsv", item_lines(dataset))
        write_lines(aside / "holdout.jsonl", map(_json, _holdouts(dataset)))
        write_lines(aside / "reference.jsonl", map(_json, references(network, dataset, features, probes)))
        if encoder:
            shutil.copyfile(encoder.model, aside / "encoder.onnx")
            shutil.copyfile(encoder.tokenizer, aside / "tokenizer.json")

    write_whole(folder, write)


def _tensors(network: ColdStartNetwork, dataset: Playlists, features: Features) -> dict[str, Tensor]:
    tensors = {name: tensor for name, tensor in network.state_dict().items() if name != "collaborative"}
    return tensors | {"item_vectors": item_vectors(network, dataset, features)}


def _text(features: Features, encoder: Encoder | None) -> dict[str, Any]:
    if isinstance(features, GramFeatures):
        return {"kind": "grams", "rules": features.rules}
    files = {"encoder": "encoder.onnx", "tokenizer": "tokenizer.json"}
    return {"kind": "encoder", **files, "pooling": encoder.pooling, "max_tokens": encoder.max_tokens}


def _description(of: Architecture, text: dict[str, Any], training: dict[str, Any]) -> dict[str, Any]:
    sizes = {"dims": of.dims, "hidden": of.hidden, "head_hidden": of.head_hidden, "activation": of.activation}
    return {"format": 1, "family": "cold-start", "architecture": sizes | vars(of.text), "text": text, "training": training}


def _holdouts(dataset: Playlists) -> Iterator[dict[str, Any]]:
    """Of the playlists of the test the first 1, 5, 25, … tracks, or as many as leave one, and what came next."""
    for index, playlist in enumerate(dataset.test[:HOLDOUTS]):
        given = min(GIVEN[index % len(GIVEN)], len(playlist) - 1)
        if given:
            targets = [dataset.items[item] for item in playlist[given : given + TARGETS]]
            yield {"tracks": named(dataset.tracks, playlist[:given]), "targets": targets}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
