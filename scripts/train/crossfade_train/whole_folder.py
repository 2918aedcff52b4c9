from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Callable, Iterable

from safetensors.torch import save
from torch import Tensor

from .complaint import Complaint


def is_in_the_way(folder: Path) -> bool:
    """Something is there that no training wrote, or nobody can tell: it must not be removed."""
    return folder.is_symlink() or (folder.exists() and not (folder / "model.json").is_file())


def write_whole(folder: Path, write: Callable[[Path], None]) -> None:
    """The folder is written aside and moved into place, so that a reader finds all of it or none; a trained one that is
    there already is replaced."""
    if is_in_the_way(folder):
        raise Complaint(f"{folder} is no trained folder, and is not replaced: remove it, or name another")
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    write(aside)
    if folder.exists():
        shutil.rmtree(folder)
    aside.rename(folder)


def write_tensors(path: Path, tensors: dict[str, Tensor]) -> None:
    path.write_bytes(save({name: tensor.detach().float().cpu().contiguous() for name, tensor in tensors.items()}))


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Names as JSON has them: `itemDims`, not `item_dims`."""
    path.write_text(json.dumps(_camel(value), indent=2, allow_nan=False) + "\n")


def write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def _camel(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {_camel_name(name): _camel(inner) for name, inner in value.items()}


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
