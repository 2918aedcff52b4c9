from __future__ import annotations

import tempfile
from pathlib import Path

from ...data_folder import data_folder
from ...run_script import run_script
from ..playlists import Playlists
from .mpd import read_mpd
from .playlist_table import read_playlist_table

MPD = "mpd-sample-1k"
NAMES = (MPD, "world")


def open_playlists(name: str) -> Playlists:
    return read_mpd(data_folder(MPD, MPD)) if name == MPD else _world()


def _world() -> Playlists:
    """Of the invented music service."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "playlists.tsv"
        run_script("world-playlists.ts", "--out", table)
        return read_playlist_table(table, "world")
