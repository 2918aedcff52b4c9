from __future__ import annotations

import math
from argparse import ArgumentTypeError
from typing import Callable


def whole(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
        return int(text)

    return parse


def number(least: float, below: float = math.inf) -> Callable[[str], float]:
    bound = f"a number from {least:g} on" if below == math.inf else f"a number from {least:g} to less than {below:g}"

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value < below:
            raise ArgumentTypeError(f"{text!r} is not {bound}")
        return value

    return parse
