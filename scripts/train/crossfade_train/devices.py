from __future__ import annotations

from typing import Literal

import torch

from .complaint import Complaint


def choose_device(wanted: Literal["auto", "cpu", "cuda"]) -> torch.device:
    has_cuda = torch.cuda.is_available()
    if wanted == "cuda" and not has_cuda:
        raise Complaint("--device cuda: PyTorch finds no GPU that it can use; --device cpu trains without one")
    return torch.device("cuda" if has_cuda and wanted != "cpu" else "cpu")
