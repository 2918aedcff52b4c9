from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from ..complaint import Complaint
from ..dataset import Dataset
from .table import read_table

WRITER = Path(__file__).parents[2] / "world-listens.ts"
PROJECT = WRITER.parents[2]


def read_world() -> Dataset:
    """What the listeners of the invented music service listened to."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "listens.tsv"
        command = ["npx", "tsx", str(WRITER), "--out", str(table)]
        try:
            subprocess.run(command, cwd=PROJECT, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Complaint(f"--dataset world: {' '.join(command)}: {error}; has npm ci been run?") from None
        return read_table(table, "world")
