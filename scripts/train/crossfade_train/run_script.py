from __future__ import annotations

import subprocess
from pathlib import Path

from .complaint import Complaint

SCRIPTS = Path(__file__).parents[1]
PROJECT = SCRIPTS.parents[1]
TSX = PROJECT / "node_modules" / ".bin" / "tsx"


def run_script(name: str, *arguments: str | Path) -> None:
    """Runs a TypeScript command of scripts/train: what serving and training have in common is written there, once."""
    command = [str(TSX), str(SCRIPTS / name), *map(str, arguments)]
    try:
        subprocess.run(command, cwd=PROJECT, check=True)
    except OSError as error:
        raise Complaint(f"{TSX}: {error.strerror}; has npm ci been run?") from None
    except subprocess.CalledProcessError as error:
        raise Complaint(f"{name} failed with exit code {error.returncode}; above is why") from None
