from __future__ import annotations

from pathlib import Path

from ...complaint import Complaint
from ..playlists import Playlists, Tracks, each_once, one_line, split

COLUMNS = {"playlist", "item", "title", "artist"}


def read_playlist_table(file: Path, name: str) -> Playlists:
    """Tab-separated lines under a line that names the columns, in any order: `playlist`, `item` (an id), `title`, `artist`.
    The first line of an item says its name."""
    columns, lines = _open(file)
    items: dict[str, int] = {}
    titles, artists = [], []
    playlists: dict[str, list[int]] = {}
    for number, line in enumerate(lines, 2):
        if not line:
            continue
        row = _row(columns, line, f"{file}, line {number}")
        if row["item"] not in items:
            items[row["item"]] = len(items)
            titles.append(one_line(row["title"]))
            artists.append(one_line(row["artist"]))
        playlists.setdefault(row["playlist"], []).append(items[row["item"]])
    train, validation, test = split([each_once(playlist) for playlist in playlists.values()])
    if not test:
        raise Complaint(f"{file} has not three playlists of 2 tracks or more: nothing to validate and to test with")
    return Playlists(name, list(items), Tracks(titles, artists), train, validation, test)


def _open(file: Path) -> tuple[list[str], list[str]]:
    try:
        head, *lines = file.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise Complaint(f"--data {file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Complaint(f"--data {file} is not UTF-8: {error.reason} at byte {error.start}") from None
    columns = head.rstrip("\r").split("\t")
    if set(columns) != COLUMNS or len(columns) != len(COLUMNS):
        raise Complaint(
            f"--data {file}: the first line has to name the columns, separated by tabs: playlist, item, title, artist; it is "
            f"{head[:80]!r}"
        )
    return columns, lines


def _row(columns: list[str], line: str, place: str) -> dict[str, str]:
    values = line.rstrip("\r").split("\t")
    if len(values) != len(columns):
        raise Complaint(f"{place} has {len(values)} columns, the first line names {len(columns)}: {line[:80]!r}")
    row = dict(zip(columns, values, strict=True))
    for column in ("playlist", "item"):
        if not row[column]:
            raise Complaint(f"{place}: the {column} is empty: {line[:80]!r}")
    if not row["title"] and not row["artist"]:
        raise Complaint(f"{place}: item {row['item']!r} has neither title nor artist")
    return row
