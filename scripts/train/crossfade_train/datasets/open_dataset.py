from __future__ import annotations

import os
from pathlib import Path
from typing import Callable

from ..complaint import Complaint
from ..dataset import Dataset
from .llara_lastfm import read_llara_lastfm
from .ml_1m import read_ml_1m
from .world import read_world

DEFAULT_FOLDER = Path(__file__).parents[4].parent / "shared" / "data"

_real: dict[str, tuple[str, Callable[[Path], Dataset]]] = {
    "ml-1m": ("ml-1m", read_ml_1m),
    "llara-lastfm": ("llara/lastfm", read_llara_lastfm),
}

NAMES = (*_real, "world")


def open_dataset(name: str) -> Dataset:
    if name == "world":
        return read_world()
    subfolder, read = _real[name]
    data = Path(os.environ.get("CROSSFADE_DATA", DEFAULT_FOLDER))
    if not (data / subfolder).is_dir():
        raise Complaint(
            f"--dataset {name}: there is no folder {data / subfolder}; CROSSFADE_DATA has to name the folder that holds "
            f"{subfolder}"
        )
    return read(data / subfolder)
