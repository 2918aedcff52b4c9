from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from .checkpoint import checkpoint_of
from .complaint import Complaint
from .whole_folder import is_in_the_way


def check_places(arguments: Namespace) -> Path:
    """Complains before anything is trained that could not be written. Returns where the checkpoint is, or will be."""
    output = arguments.output
    if output.name in ("", ".."):
        raise Complaint(f"--output {output} has no name of its own, by which its checkpoint is called: name a folder, e.g. trained/clicks")
    checkpoint = checkpoint_of(output)
    if checkpoint.exists() and not arguments.resume:
        raise Complaint(f"{checkpoint} is of a training that was not ended: --resume goes on with it, or remove it")
    if output.exists() and not arguments.resume:
        raise Complaint(f"--output {output} exists: remove it, or name another")
    if is_in_the_way(output):
        raise Complaint(f"--output {output} is no trained folder, and is not replaced: remove it, or name another")
    return checkpoint


def check_data(before: list[Any], now: list[Any], checkpoint: Path) -> None:
    if before != now:
        raise Complaint(f"--resume: {checkpoint} was trained on other data: {before}, not {now}")
