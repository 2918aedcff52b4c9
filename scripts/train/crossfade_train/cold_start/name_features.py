from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

import numpy as np
import torch
from torch import Tensor

from ..complaint import Complaint
from ..run_script import run_script
from ..whole_folder import write_lines
from .playlists import Tracks


@dataclass(frozen=True)
class Encoder:
    """A sentence encoder that reads names in place of grams: its two files."""

    model: Path
    tokenizer: Path
    pooling: str
    max_tokens: int


@dataclass(frozen=True)
class Bags:
    """Lists of grams, each that occurs once: list `place[i]` is that of row i, and begins at `starts` of it."""

    grams: Tensor
    starts: Tensor
    place: Tensor

    def to(self, device: torch.device) -> Bags:
        return Bags(self.grams.to(device), self.starts.to(device), self.place.to(device))


@dataclass(frozen=True)
class GramRows:
    """What a network reads of tracks: the grams of their titles and of their artists."""

    titles: Bags
    artists: Bags

    def to(self, device: torch.device) -> GramRows:
        return GramRows(self.titles.to(device), self.artists.to(device))


class GramFeatures:
    """`rules`: by which names became grams, as models/names has them."""

    def __init__(self, folder: Path, rules: int) -> None:
        self.rules = rules
        read = lambda name: np.fromfile(folder / f"{name}.i32", dtype="<i4").astype(np.int64)
        self.titles = read("title-offsets"), read("titles")
        self.artists = read("artist-offsets"), read("artists")

    @property
    def fingerprint(self) -> str:
        return f"names by rules {self.rules}"

    def of(self, tracks: np.ndarray) -> GramRows:
        return GramRows(_bags(*self.titles, tracks), _bags(*self.artists, tracks))


class EncodedFeatures:
    """What a sentence encoder made of tracks, [tracks, dims]."""

    def __init__(self, folder: Path, dims: int) -> None:
        self.vectors = np.fromfile(folder / "embeddings.f32", dtype="<f4").reshape(-1, dims)

    @property
    def dims(self) -> int:
        return self.vectors.shape[1]

    @property
    def fingerprint(self) -> str:
        return f"names by an encoder of {self.dims} dimensions"

    def of(self, tracks: np.ndarray) -> Tensor:
        return torch.from_numpy(self.vectors[tracks])


Features = GramFeatures | EncodedFeatures


def name_features(tracks: Tracks, text: int | Encoder) -> Features:
    """`text`: how many rows the table of grams has, or an encoder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_lines(folder / "tracks.tsv", (f"{i}\t{t}\t{a}" for i, (t, a) in enumerate(zip(tracks.titles, tracks.artists, strict=True))))
        run_script("name-features.ts", "--tracks", folder / "tracks.tsv", "--out", folder, *_options(text))
        about = json.loads((folder / "features.json").read_text())
        if about["tracks"] != len(tracks):
            raise Complaint(f"name-features.ts read {about['tracks']} tracks of {len(tracks)}")
        return GramFeatures(folder, about["rules"]) if about["kind"] == "grams" else EncodedFeatures(folder, about["dims"])


def _options(text: int | Encoder) -> Sequence[str | Path]:
    if isinstance(text, int):
        return ["--buckets", str(text)]
    files = ["--encoder", text.model.absolute(), "--tokenizer", text.tokenizer.absolute()]
    return [*files, "--pooling", text.pooling, "--max-tokens", str(text.max_tokens)]


def _bags(offsets: np.ndarray, grams: np.ndarray, tracks: np.ndarray) -> Bags:
    """An artist has many tracks: what is computed of a name is computed once."""
    lists: dict[bytes, int] = {}
    starts, chosen, length = [], [], 0
    place = np.empty(len(tracks), dtype=np.int64)
    for row, track in enumerate(tracks):
        of_track = grams[offsets[track] : offsets[track + 1]]
        known = lists.setdefault(of_track.tobytes(), len(lists))
        if known == len(starts):
            starts.append(length)
            chosen.append(of_track)
            length += len(of_track)
        place[row] = known
    flat = np.concatenate(chosen) if chosen else np.empty(0, dtype=np.int64)
    return Bags(torch.from_numpy(flat), torch.tensor(starts, dtype=torch.int64), torch.from_numpy(place))
