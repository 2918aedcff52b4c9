from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any, Callable

from .checkpoint import write_checkpoint
from .stop_request import StopRequest
from .training_loop import End, TrainingLoop


def run_saved(
    training: TrainingLoop,
    arguments: Namespace,
    *,
    checkpoint: Path,
    about: dict[str, Any],
    write: Callable[[End], None],
) -> int:
    """Trains to an end and writes what was trained; a signal saves, and nothing is written.

    Returns the exit code. `about` is kept in the checkpoint beside the training's state."""
    stop = StopRequest()
    save = lambda state: write_checkpoint(checkpoint, about | {"training": state})
    end = training.run(stop, arguments.max_minutes, save)
    if end == "asked to stop":
        print(f"Saved {checkpoint}; the same command with --resume goes on.", file=sys.stderr)
        return 128 + stop.signal
    write(end)
    if end == "out of time":
        print(f"Kept {checkpoint}; --resume with more --max-minutes goes on.", file=sys.stderr)
    else:
        checkpoint.unlink()
    return 0
