from __future__ import annotations

from pathlib import Path
from typing import Callable

from ..data_folder import data_folder
from ..dataset import Dataset
from .llara_lastfm import read_llara_lastfm
from .ml_1m import read_ml_1m
from .world import read_world

_real: dict[str, tuple[str, Callable[[Path], Dataset]]] = {
    "ml-1m": ("ml-1m", read_ml_1m),
    "llara-lastfm": ("llara/lastfm", read_llara_lastfm),
}

NAMES = (*_real, "world")


def open_dataset(name: str) -> Dataset:
    if name == "world":
        return read_world()
    subfolder, read = _real[name]
    return read(data_folder(name, subfolder))
