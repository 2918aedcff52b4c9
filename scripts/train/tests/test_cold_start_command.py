import json
import signal
import tempfile
import unittest
from pathlib import Path

from safetensors.numpy import load_file

from crossfade_train.arguments import parse_arguments
from crossfade_train.checkpoint import read_checkpoint, write_checkpoint
from crossfade_train.cold_start.datasets.playlist_table import read_playlist_table
from crossfade_train.cold_start.train_cold_start import train_cold_start
from crossfade_train.complaint import Complaint

from .small_playlists import small_playlists

TINY = ["--dims", "6", "--hidden", "8", "--head-hidden", "8", "--threads", "1"]
TINY_GRAMS = ["--gram-dims", "4", "--buckets", "64"]
ENCODER = Path(__file__).parents[3] / "models" / "cold-start" / "encoder" / "fixtures" / "distilbert"
HEAD = "playlist\titem\ttitle\tartist\n"


def write_table(file: Path) -> None:
    data = small_playlists()
    rows = ((p, data.items[i], data.tracks.titles[i], data.tracks.artists[i]) for p, items in enumerate(data.train) for i in items)
    file.write_text(HEAD + "".join(f"p{playlist}\t{item}\t{title}\t{artist}\n" for playlist, item, title, artist in rows))


class ColdStartCommandTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.table = self.folder / "playlists.tsv"

    def run_here(self, *more: str) -> int:
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        text = [] if "--encoder" in more else TINY_GRAMS
        options = ["cold-start", "--data", str(self.table), "--output", str(self.folder / "out"), *TINY, *text, *more]
        try:
            return train_cold_start(parse_arguments(options))
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def test_trains_stops_and_goes_on(self) -> None:
        write_table(self.table)
        output, checkpoint = self.folder / "out", self.folder / "out.checkpoint"
        self.assertEqual(self.run_here("--epochs", "3", "--max-minutes", "0"), 0)
        self.assertTrue(checkpoint.exists() and (output / "model.safetensors").exists())
        with self.assertRaisesRegex(Complaint, "--dropout is 0.7, it was begun with 0.2"):
            self.run_here("--resume", "--dropout", "0.7")
        state = read_checkpoint(checkpoint)
        write_checkpoint(checkpoint, state | {"data": [*state["data"][:-1], "names by rules 0"]})
        with self.assertRaisesRegex(Complaint, "'names by rules 0'.*, not .*'names by rules 1'"):
            self.run_here("--resume")
        write_checkpoint(checkpoint, state)
        self.assertEqual(self.run_here("--resume"), 0)
        self.assertFalse(checkpoint.exists())
        training = json.loads((output / "model.json").read_text())["training"]
        self.assertEqual((training["epochsTrained"], training["endedBy"], training["dataset"]), (3, "all epochs", "playlists.tsv"))
        self.assertEqual(set(training["test"]["given1"]["all"]), {"model", "popularity", "coOccurrence", "random"})

    def test_trains_on_what_an_encoder_says(self) -> None:
        write_table(self.table)
        encoder, tokenizer = (ENCODER / name for name in ("encoder.onnx", "tokenizer.json"))
        self.assertEqual(self.run_here("--epochs", "1", "--encoder", str(encoder), "--tokenizer", str(tokenizer), "--max-tokens", "24"), 0)
        model = json.loads((self.folder / "out" / "model.json").read_text())
        weights = load_file(self.folder / "out" / "model.safetensors")
        dims = model["architecture"]["encoderDims"]
        self.assertEqual((weights["projector_in.weight"].shape, "gram_embedding" in weights), ((8, dims), False))
        text = {"kind": "encoder", "encoder": "encoder.onnx", "tokenizer": "tokenizer.json", "pooling": "mean", "maxTokens": 24}
        self.assertEqual(model["text"], text)
        self.assertEqual((self.folder / "out" / "encoder.onnx").read_bytes(), encoder.read_bytes())

    def test_complains_before_it_trains(self) -> None:
        write_table(self.table)
        for options, complaint in (
            (["--encoder", "model.onnx"], "--encoder and --tokenizer go together"),
            (["--without-text", "--without-collaborative"], "leave nothing to train"),
            (["--pooling", "cls"], "--pooling would change nothing: it is of an encoder"),
            (["--encoder", "model.onnx", "--buckets", "64"], "--buckets would change nothing: it is of grams"),
            (["--without-text", "--unknown-seeds", "0.5"], "--unknown-seeds would change nothing"),
            (["--without-collaborative", "--collaborative-rate", "2"], "--collaborative-rate would change nothing"),
        ):
            with self.assertRaisesRegex(Complaint, complaint):
                self.run_here(*options)

    def test_a_table_is_read_or_refused(self) -> None:
        rows = "".join(f"p{p}\ti{p + i}\tsong {p + i}\t\n" for p in range(10) for i in (0, 1, 0, 2))
        self.table.write_text(HEAD + rows + "p0\ti0\tanother name\tnobody\n")
        data = read_playlist_table(self.table, "here")
        self.assertEqual((data.tracks.titles[0], data.tracks.artists[0], len(data.items)), ("song 0", "", 12))
        self.assertEqual((len(data.train), len(data.validation), len(data.test)), (8, 1, 1))
        self.assertTrue(all(len(playlist) == 3 for playlist in data.train))
        for text, complaint in (
            ("user\titem\n", "the first line has to name the columns"),
            (HEAD + "p\ti\tonly three\n", "line 2 has 3 columns"),
            (HEAD + "p\t\ttitle\tartist\n", "line 2: the item is empty"),
            (HEAD + "p\ti\t\t\n", "has neither title nor artist"),
            (HEAD + "p\ti\ttitle\tartist\n", "not three playlists"),
        ):
            self.table.write_text(text)
            with self.assertRaisesRegex(Complaint, complaint):
                read_playlist_table(self.table, "here")
