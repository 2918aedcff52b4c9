import json
import tempfile
import unittest
from collections import Counter
from math import erf
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from crossfade_train.cold_start.found_names import found_names
from crossfade_train.cold_start.name_features import name_features
from crossfade_train.cold_start.playlists import Tracks
from crossfade_train.cold_start.trained_folder import write_trained_folder

from .asked import Asked, train
from .small_playlists import CHOICE, small_features, small_playlists, small_probes, small_training


class Written:
    """The network once more, in float64, from the files alone."""

    def __init__(self, folder: Path) -> None:
        self.weights = {name: values.astype(np.float64) for name, values in load_file(folder / "model.safetensors").items()}
        self.buckets = json.loads((folder / "model.json").read_text())["architecture"]["buckets"]

    def layer(self, name: str, values: np.ndarray) -> np.ndarray:
        return values @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def feed(self, first: str, second: str, values: np.ndarray) -> np.ndarray:
        hidden = self.layer(first, values)
        return self.layer(second, hidden * 0.5 * (1 + np.vectorize(erf)(hidden / np.sqrt(2))))

    def vectors(self, tracks: Tracks, found: np.ndarray) -> np.ndarray:
        features = name_features(tracks, self.buckets)
        return np.array([self.vector(features, row, item) for row, item in enumerate(found)])

    def scores(self, vectors: np.ndarray) -> np.ndarray:
        mean = np.mean(vectors, axis=0)
        return self.weights["item_vectors"] @ (mean + self.feed("head_in", "head_out", mean))

    def vector(self, features: Any, row: int, item: int) -> np.ndarray:
        if item >= 0:
            return self.weights["item_vectors"][item]
        lists = [grams[offsets[row] : offsets[row + 1]] for offsets, grams in (features.titles, features.artists)]
        means = [self.weights["gram_embedding"][grams].mean(0) if len(grams) else np.zeros(CHOICE["gram_dims"]) for grams in lists]
        return self.feed("projector_in", "projector_out", np.concatenate(means))


class ColdStartFolderTest(unittest.TestCase):
    def test_has_the_layout_of_the_readme(self) -> None:
        training = small_training(epochs=3)
        train(training, Asked())
        data, probes = small_playlists(), small_probes()
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "songs"
            for seconds in (1.5, 2.5):
                write_trained_folder(
                    folder,
                    training.best_network(),
                    data,
                    features=small_features(),
                    probes=probes,
                    encoder=None,
                    training={"cpu_seconds": seconds},
                )
            self.assertEqual([path.name for path in Path(parent).iterdir()], ["songs"])
            shapes = {name: list(values.shape) for name, values in load_file(folder / "model.safetensors").items()}
            description = json.loads((folder / "model.json").read_text())
            items = (folder / "items.tsv").read_text().split("\n")
            holdouts, references = (
                [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()] for name in ("holdout", "reference")
            )
            written = Written(folder)
        self.assertEqual(shapes, expected_shapes(12, 8, 512, 16, 16, 80))
        architecture = {"dims": 12, "hidden": 16, "headHidden": 16, "activation": "gelu", "gramDims": 8, "buckets": 512}
        self.assertEqual(
            description,
            {
                "format": 1,
                "family": "cold-start",
                "architecture": architecture,
                "text": {"kind": "grams", "rules": 1},
                "training": {"cpuSeconds": 2.5},
            },
        )
        self.assertEqual(items[11], f"s11\t{data.item_counts()[11]}\tAsh\tTin Lanterns")
        self.assertEqual(items[9].split("\t")[1], "0")
        first = data.test[1]
        self.assertEqual(holdouts[1]["targets"], [f"s{item}" for item in first[5:]])
        self.assertEqual(holdouts[1]["tracks"][0], {"title": data.tracks.titles[first[0]], "artist": data.tracks.artists[first[0]]})

        asked = [track for reference in references for track in reference["tracks"]]
        tracks = Tracks([track["title"] for track in asked], [track["artist"] for track in asked])
        found = found_names(data, tracks)
        is_item = lambda track, item: (data.tracks.titles[item], data.tracks.artists[item]) == (track["title"], track["artist"])
        kinds = Counter(
            "new" if item < 0 else "known" if is_item(track, item) else "matched" for track, item in zip(asked, found, strict=True)
        )
        self.assertTrue(len(kinds) == 3 and min(kinds.values()) > 20, kinds)
        vectors, ends = written.vectors(tracks, found), np.cumsum([len(reference["tracks"]) for reference in references])
        for reference, of_reference in zip(references, np.split(vectors, ends[:-1]), strict=True):
            scores = written.scores(of_reference)
            best = np.sort(scores)[::-1][:10]
            self.assertTrue(np.allclose([score for _, score in reference["top"]], best, atol=1e-4))
            self.assertTrue(np.allclose([scores[data.items.index(item)] for item, _ in reference["top"]], best, atol=1e-4))
        sizes = [len(reference["tracks"]) for reference in references]
        self.assertTrue(len(references) >= 200 and min(sizes) == 1 and max(sizes) > 30, sizes)


def expected_shapes(dims: int, gram_dims: int, buckets: int, hidden: int, head_hidden: int, items: int) -> dict[str, list[int]]:
    sizes = {
        "projector_in": [hidden, 2 * gram_dims],
        "projector_out": [dims, hidden],
        "head_in": [head_hidden, dims],
        "head_out": [dims, head_hidden],
    }
    linear = {f"{name}.{part}": size if part == "weight" else size[:1] for name, size in sizes.items() for part in ("weight", "bias")}
    return linear | {"gram_embedding": [buckets, gram_dims], "item_vectors": [items, dims]}
