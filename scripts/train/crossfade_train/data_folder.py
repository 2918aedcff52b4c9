from __future__ import annotations

import os
from pathlib import Path

from .complaint import Complaint

DEFAULT_FOLDER = Path(__file__).parents[3].parent / "shared" / "data"


def data_folder(dataset: str, subfolder: str) -> Path:
    """Of a data set that is not part of the project."""
    data = Path(os.environ.get("CROSSFADE_DATA", DEFAULT_FOLDER))
    if not (data / subfolder).is_dir():
        raise Complaint(
            f"--dataset {dataset}: there is no folder {data / subfolder}; CROSSFADE_DATA has to name the folder that holds "
            f"{subfolder}"
        )
    return data / subfolder
