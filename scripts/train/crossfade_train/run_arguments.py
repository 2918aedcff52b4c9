from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Sequence

from .numbers import number, whole


def add_run(parser: ArgumentParser, *, datasets: Sequence[str], data: str) -> None:
    """Where the data come from, where the model goes, and what it may cost. `data`: what `--data` is."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, metavar="FILE", help=data)
    source.add_argument("--dataset", choices=datasets, help="a known data set; CROSSFADE_DATA names their folder")
    add = parser.add_argument
    add("--output", type=Path, required=True, metavar="DIR", help="appears whole or not at all; its parent holds DIR.checkpoint")
    add("--resume", action="store_true", help="go on from DIR.checkpoint, with the options it was begun with")
    add("--max-minutes", type=number(0), default=float("inf"), metavar="N", help="of training, before a resume included; then the best so far is written")
    add("--threads", type=whole(1), metavar="N", help="default: PyTorch's choice, one for each core")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="auto (the default): cuda where there is one")
