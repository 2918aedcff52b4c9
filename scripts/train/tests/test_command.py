import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from crossfade_train.arguments import parse_arguments
from crossfade_train.complaint import Complaint
from crossfade_train.train_sequence import train_sequence

from .small import small_dataset

TINY = ["--item-dims", "8", "--user-dims", "4", "--hidden", "8", "--max-length", "10", "--threads", "1"]


def write_table(folder: Path) -> Path:
    table = folder / "walks.tsv"
    data = small_dataset()
    walks = ((data.users[e.user], [*e.sequence, e.target]) for e in data.test)
    table.write_text("user\titem\n" + "".join(f"{user}\ti{item}\n" for user, items in walks for item in items))
    return table


class CommandTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.arguments = ["sequence", "--data", str(write_table(self.folder)), "--output", str(self.folder / "out"), *TINY]

    def start(self, *more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "crossfade_train", *self.arguments, *more]
        here = Path(__file__).parents[1]
        return subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)

    def test_a_signal_saves_and_resume_goes_on(self) -> None:
        output, checkpoint = self.folder / "out", self.folder / "out.checkpoint"
        training = self.start("--epochs", "100000", "--patience", "100000")
        for line in training.stderr:
            if line.startswith("epoch "):
                break
        training.send_signal(signal.SIGINT)
        _, told = training.communicate()
        self.assertEqual(training.returncode, 130, told)
        self.assertIn("--resume goes on", told)
        self.assertTrue(checkpoint.exists() and not output.exists())

        with self.assertRaisesRegex(Complaint, "--resume goes on with it, or remove it"):
            self.run_here()
        with self.assertRaisesRegex(Complaint, "--dropout is 0.7, it was begun with 0.2"):
            self.run_here("--resume", "--dropout", "0.7")
        self.assertEqual(self.run_here("--resume", "--max-minutes", "0"), 0)
        self.assertTrue(checkpoint.exists() and (output / "model.safetensors").exists())

    def test_complains_before_it_trains(self) -> None:
        (self.folder / "out").mkdir()
        with self.assertRaisesRegex(Complaint, "out exists: remove it, or name another"):
            self.run_here()
        (self.folder / "out").rmdir()
        for options, complaint in (
            (["--heads", "5"], "--heads 5 does not divide the dimensions"),
            (["--resume"], "there is no .*out.checkpoint"),
            (["--spare-history", "--label-smoothing", "0.1"], "needs --no-spare-history"),
        ):
            with self.assertRaisesRegex(Complaint, complaint):
                self.run_here(*options)
        (self.folder / "out.checkpoint").write_text("nonsense")
        with self.assertRaisesRegex(Complaint, "is not a checkpoint"):
            self.run_here("--resume")

    def test_resume_replaces_no_folder_of_others(self) -> None:
        output = self.folder / "out"
        output.mkdir()
        (output / "letters.txt").write_text("dear")
        (self.folder / "out.checkpoint").write_text("")
        with self.assertRaisesRegex(Complaint, "out is no trained folder, and is not replaced"):
            self.run_here("--resume")
        self.assertTrue((output / "letters.txt").exists())

    def test_an_output_without_a_name_is_refused(self) -> None:
        for place in (".", "/", ".."):
            with self.assertRaisesRegex(Complaint, "has no name of its own"):
                self.run_here("--output", place)

    def run_here(self, *more: str) -> int:
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            return train_sequence(parse_arguments([*self.arguments, *more]))
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
