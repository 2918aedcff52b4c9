from __future__ import annotations

from pathlib import Path

from ..playlists import Playlists, Tracks, each_once, one_line


def read_mpd(folder: Path) -> Playlists:
    """1,000 playlists of the Million Playlist Dataset: 800 to train on and 200 for the test, which say nothing of each
    other. Ids are the numbers of tracks.tsv."""
    rows = [line.split("\t") for line in _lines(folder / "tracks.tsv")]
    playlists: dict[str, dict[str, list[int]]] = {"train": {}, "test": {}}
    for line in _lines(folder / "playlists.tsv"):
        split, playlist, _, track = line.split("\t")
        playlists[split].setdefault(playlist, []).append(int(track))
    return Playlists(
        name="mpd-sample-1k",
        items=[row[0] for row in rows],
        tracks=Tracks([one_line(row[2]) for row in rows], [one_line(row[3]) for row in rows]),
        train=[each_once(items) for items in playlists["train"].values()],
        validation=[],
        test=[each_once(items) for items in playlists["test"].values()],
    )


def _lines(file: Path) -> list[str]:
    """Without the heads. A title may hold what Python takes for the end of a line."""
    return file.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]
