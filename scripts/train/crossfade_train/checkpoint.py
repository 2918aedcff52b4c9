from __future__ import annotations

import os
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from .complaint import Complaint

FORMAT = 1


def checkpoint_of(output: Path) -> Path:
    return output.with_name(f"{output.name}.checkpoint")


def write_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """A crash leaves the checkpoint before, or this one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.new")
    with aside.open("wb") as file:
        torch.save({"format": FORMAT, **state}, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def read_checkpoint(path: Path) -> dict[str, Any]:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise Complaint(f"--resume: there is no {path}; without --resume a training begins") from None
    except (RuntimeError, UnpicklingError, EOFError) as error:
        raise Complaint(f"--resume: {path} is not a checkpoint: {str(error).splitlines()[0]}") from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise Complaint(f"--resume: {path} was not written by this version of the trainer; remove it to begin anew")
    return state
