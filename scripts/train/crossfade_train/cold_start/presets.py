from __future__ import annotations

from ..choices import Preset

BASE: Preset = {
    "dims": 128,
    "gram_dims": 32,
    "buckets": 65_536,
    "hidden": 256,
    "head_hidden": 256,
    "activation": "gelu",
    "encoder": None,
    "tokenizer": None,
    "pooling": "mean",
    "max_tokens": 64,
    "seed": 0,
    "epochs": 32,
    "dropout": 0.2,
    "unknown_seeds": 0.6,
    "unknown_targets": 0.4,
    "max_seeds": 50,
    "learning_rate": 5e-3,
    "gram_rate": 40.0,
    "collaborative_rate": 0.2,
    "warmup_steps": 50,
    "batch_playlists": 100,
    "average_decay": 0.98,
    "validate_every": 4,
    "patience": 5,
    "without_text": False,
    "without_collaborative": False,
}
"""What `--data` trains with. Chosen on a fifth of the training playlists of mpd-sample-1k."""

PRESETS: dict[str, Preset] = {
    # What the demo serves must be small.
    "world": BASE
    | {
        "dims": 24,
        "gram_dims": 16,
        "buckets": 4096,
        "hidden": 48,
        "head_hidden": 48,
        "dropout": 0.05,
        "unknown_seeds": 0.4,
        "unknown_targets": 0.2,
        "collaborative_rate": 1.5,
        "batch_playlists": 50,
    },
}

WITHOUT_TEXT: Preset = {"collaborative_rate": 8.0}
"""Over the others: alone, the vectors of items learn nothing in the same steps at their usual rate."""
