from __future__ import annotations

from .choices import Preset

BASE: Preset = {
    "item_dims": 64,
    "user_dims": 16,
    "max_length": 200,
    "blocks": 2,
    "heads": 1,
    "hidden": 192,
    "activation": "gelu",
    "seed": 0,
    "epochs": 60,
    "dropout": 0.2,
    "item_sharing": 0.05,
    "user_sharing": 0.9,
    "label_smoothing": 0.0,
    "learning_rate": 1.5e-3,
    "weight_decay": 0.01,
    "warmup_steps": 500,
    "batch_positions": 4096,
    "horizon": 1,
    "spare_history": False,
    "negatives": 0,
    "average_decay": 0.999,
    "validate_every": 2,
    "patience": 8,
}
"""What `--data` trains with."""

PRESETS: dict[str, Preset] = {
    # Sparing what a user watched as negatives is worth half a point of HR@10, and 24 epochs then say as much as 60.
    "ml-1m": BASE | {"spare_history": True, "learning_rate": 2e-3, "epochs": 24},
    # Which artist comes next says little; which ones come at all says more.
    "llara-lastfm": BASE
    | {
        "user_dims": 0,
        "max_length": 10,
        "dropout": 0.4,
        "item_sharing": 0.1,
        "horizon": 1000,
        "negatives": 256,
        "spare_history": True,
        "learning_rate": 4e-3,
        "warmup_steps": 100,
        "batch_positions": 1024,
    },
    "world": BASE
    | {
        "item_dims": 16,
        "user_dims": 8,
        "max_length": 50,
        "hidden": 48,
        "dropout": 0.1,
        "epochs": 30,
        "learning_rate": 3e-3,
        "warmup_steps": 200,
    },
}
