from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from crossfade_train.choices import architecture_of, settings_of
from crossfade_train.dataset import Dataset, leave_one_out
from crossfade_train.presets import BASE
from crossfade_train.training import Training

CHOICE = BASE | {
    "item_dims": 8,
    "user_dims": 4,
    "max_length": 12,
    "hidden": 16,
    "epochs": 4,
    "warmup_steps": 5,
    "batch_positions": 200,
    "validate_every": 1,
    "learning_rate": 0.02,
    "average_decay": 0.9,
}


def small_dataset(users: int = 60, items: int = 40) -> Dataset:
    """Everybody goes through the catalogue in steps of one or two: the next item can be learned."""
    chance = np.random.default_rng(0)
    walks = [
        (chance.integers(items) + np.cumsum(chance.integers(1, 3, chance.integers(6, 30)))) % items
        for _ in range(users)
    ]
    train, validation, test = leave_one_out(walks)
    names = [f"i{item}" for item in range(items)]
    return Dataset("walks", names, names, [f"u{user}" for user in range(users)], train, validation, test)


def small_training(dataset: Dataset | None = None, **changes: object) -> Training:
    torch.set_num_threads(1)
    choice = CHOICE | changes
    data = dataset or small_dataset()
    users = data.users if choice["user_dims"] else []
    return Training(replace(data, users=users), architecture_of(choice), settings_of(choice), torch.device("cpu"))
