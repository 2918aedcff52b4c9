from __future__ import annotations

import tempfile
from pathlib import Path

from ..dataset import Dataset
from ..run_script import run_script
from .table import read_table


def read_world() -> Dataset:
    """What the listeners of the invented music service listened to."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "listens.tsv"
        run_script("world-listens.ts", "--out", table)
        return read_table(table, "world")
