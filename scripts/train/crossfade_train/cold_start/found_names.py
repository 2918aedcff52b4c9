from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from ..run_script import run_script
from ..whole_folder import write_lines
from .playlists import Playlists, Tracks


def found_names(dataset: Playlists, tracks: Tracks) -> np.ndarray:
    """Of each track the item that a server finds it to be by its name, or -1."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_lines(folder / "items.tsv", item_lines(dataset))
        write_lines(folder / "tracks.tsv", (f"\t{title}\t{artist}" for title, artist in zip(tracks.titles, tracks.artists, strict=True)))
        options = ["--items", folder / "items.tsv", "--tracks", folder / "tracks.tsv", "--out", folder / "found.i32"]
        run_script("find-names.ts", *options)
        return np.fromfile(folder / "found.i32", dtype="<i4").astype(np.int64)


def item_lines(dataset: Playlists) -> list[str]:
    """As `items.tsv` of a trained folder has them."""
    tracks = dataset.tracks
    rows = zip(dataset.items, dataset.item_counts(), tracks.titles, tracks.artists, strict=True)
    return [f"{item}\t{count}\t{title}\t{artist}" for item, count, title, artist in rows]
