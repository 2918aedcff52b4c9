from __future__ import annotations

from pathlib import Path
from typing import Iterator

import numpy as np

from ..complaint import Complaint
from ..dataset import Dataset, leave_one_out

COLUMNS = ("user", "item", "time", "title")
COMMA = ","


def read_table(file: Path, name: str) -> Dataset:
    """Tab-separated lines under a line that names the columns: `user` and `item`, and if wanted `time` (a number, by
    which each user's lines are sorted; else they are in order) and `title` (the item's; the first one counts)."""
    columns, lines = _open(file)
    items: dict[str, int] = {}
    titles: list[str] = []
    histories: dict[str, list[tuple[float, int]]] = {}
    for number, line in lines:
        values = dict(zip(columns, line.split("\t"), strict=False))
        user, item = values.get("user", ""), values.get("item", "")
        _check_ids(f"{file}, line {number}", user, item, line, columns)
        if item not in items:
            items[item] = len(items)
            titles.append(values.get("title", ""))
        time = _time(values["time"], f"{file}, line {number}") if "time" in columns else 0.0
        histories.setdefault(user, []).append((time, items[item]))
    sequences = [np.array([item for _, item in sorted(lines, key=lambda l: l[0])]) for lines in histories.values()]
    train, validation, test = leave_one_out(sequences)
    if not validation:
        raise Complaint(f"{file} has no user with 3 items or more: nothing to validate with")
    return Dataset(name, list(items), titles, list(histories), train, validation, test)


def _open(file: Path) -> tuple[list[str], Iterator[tuple[int, str]]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Complaint(f"--data {file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Complaint(f"--data {file} is not UTF-8: {error.reason} at byte {error.start}") from None
    columns = lines[0].split("\t") if lines else []
    unknown = [column for column in columns if column not in COLUMNS]
    if unknown or len(set(columns)) < len(columns) or not {"user", "item"} <= set(columns):
        raise Complaint(
            f"--data {file}: the first line has to name the columns, separated by tabs: user, item, and if wanted time "
            f"and title; it is {(lines or [''])[0][:80]!r}"
        )
    return columns, ((number, line) for number, line in enumerate(lines[1:], 2) if line)


def _check_ids(place: str, user: str, item: str, line: str, columns: list[str]) -> None:
    fields = line.count("\t") + 1
    if fields != len(columns):
        raise Complaint(f"{place} has {fields} columns, the first line names {len(columns)}: {line[:80]!r}")
    for kind, value in (("user", user), ("item", item)):
        if not value or COMMA in value:
            raise Complaint(f"{place}: the {kind} is {value!r}; an id has at least one character, and no comma")


def _time(text: str, place: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Complaint(f"{place}: time is {text!r}, not a number") from None
