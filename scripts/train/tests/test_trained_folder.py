import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from crossfade_train.complaint import Complaint
from crossfade_train.trained_folder import write_trained_folder

from .small import small_dataset, small_training


class TrainedFolderTest(unittest.TestCase):
    def test_has_the_layout_of_the_readme(self) -> None:
        data = small_dataset()
        network = small_training(data).network
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "walks"
            write_trained_folder(folder, network, data, {"cpu_seconds": 1.5})
            write_trained_folder(folder, network, data, {"cpu_seconds": 2.5})
            self.assertEqual([path.name for path in Path(parent).iterdir()], ["walks"])
            weights = load_file(folder / "model.safetensors")
            description = json.loads((folder / "model.json").read_text())
            lines = {name: (folder / name).read_text().splitlines() for name in ("items.tsv", "users.tsv", "holdout.tsv")}
            references = [json.loads(line) for line in (folder / "reference.jsonl").read_text().splitlines()]
        self.assertEqual({name: list(w.shape) for name, w in weights.items()}, shapes(40, 60, 12, 16, 8, 4))
        self.assertEqual(description["architecture"]["embeddingScale"], 12**0.5)
        self.assertEqual(description["training"], {"cpuSeconds": 2.5})
        self.assertEqual(lines["items.tsv"][3], f"i3\t{data.item_counts()[3]}\ti3")
        self.assertEqual(lines["users.tsv"], data.users)
        self.assertEqual(lines["holdout.tsv"][0].split("\t")[2], f"i{data.test[0].target}")
        self.assertEqual((len(references), references[0]["user_id"]), (60, "u0"))
        scores = [score for _, score in references[0]["top"]]
        self.assertEqual((len(scores), scores), (10, sorted(scores, reverse=True)))
        self.assertTrue(np.isfinite(scores).all())

    def test_replaces_nothing_that_no_training_wrote(self) -> None:
        data = small_dataset()
        network = small_training(data).network
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "home"
            folder.mkdir()
            (folder / "letters.txt").write_text("dear")
            link = Path(parent) / "link"
            link.symlink_to(folder)
            for place in (folder, link, folder / "letters.txt"):
                with self.assertRaisesRegex(Complaint, "is no trained folder, and is not replaced"):
                    write_trained_folder(place, network, data, {})
            self.assertEqual((folder / "letters.txt").read_text(), "dear")
            self.assertEqual(sorted(path.name for path in Path(parent).iterdir()), ["home", "link"])


def shapes(items: int, users: int, length: int, hidden: int, item_dims: int, user_dims: int) -> dict[str, list[int]]:
    d = item_dims + user_dims
    found = {
        "item_embedding": [items, item_dims],
        "user_embedding": [users, user_dims],
        "position_embedding": [length, d],
        "final_norm.weight": [d],
        "final_norm.bias": [d],
    }
    sizes = {"attention_norm": [d], "feed_norm": [d], "feed_in": [hidden, d], "feed_out": [d, hidden]}
    sizes |= {name: [d, d] for name in ("query", "key", "value", "output")}
    for block in (0, 1):
        for name, size in sizes.items():
            found |= {f"blocks.{block}.{name}.weight": size, f"blocks.{block}.{name}.bias": size[:1]}
    return found
