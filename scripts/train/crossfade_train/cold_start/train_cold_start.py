from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from ..checkpoint import read_checkpoint
from ..choices import Preset, choose, pick, resumed
from ..complaint import Complaint
from ..devices import choose_device
from ..places import check_data, check_places
from ..progress import duration
from ..run_saved import run_saved
from ..training_loop import End
from .architecture import architecture_of, text_of
from .datasets.open_playlists import open_playlists
from .datasets.playlist_table import read_playlist_table
from .evaluation import compare, table_lines
from .idle_options import refuse_idle
from .name_features import Encoder, name_features
from .playlists import Playlists
from .presets import BASE, PRESETS, WITHOUT_TEXT
from .references import Probes, make_probes
from .settings import Settings
from .trained_folder import write_trained_folder
from .training import Training


def train_cold_start(arguments: Namespace) -> int:
    """The exit code."""
    checkpoint = check_places(arguments)
    device = choose_device(arguments.device)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    state = read_checkpoint(checkpoint) if arguments.resume else None
    choice = resumed(arguments, state["choice"]) if state else _choice(arguments)
    text, settings = text_of(choice), _settings(choice)
    dataset = open_playlists(arguments.dataset) if arguments.dataset else read_playlist_table(arguments.data, arguments.data.name)
    probes = make_probes(dataset, settings.seed)
    features = name_features(probes.tracks, text)
    training = Training(dataset, features, of=architecture_of(choice, features), settings=settings, device=device)
    about = {"choice": choice, "data": [*dataset.fingerprint(), features.fingerprint]}
    if state:
        check_data(state["data"], about["data"], checkpoint)
        training.restore(state["training"])
    _introduce(training)
    encoder = text if isinstance(text, Encoder) else None
    write = lambda end: _write(arguments.output, training, probes=probes, encoder=encoder, end=end)
    return run_saved(training, arguments, checkpoint=checkpoint, about=about, write=write)


def _choice(arguments: Namespace) -> Preset:
    refuse_idle(arguments)
    suited = PRESETS.get(arguments.dataset, BASE)
    return choose(arguments, suited | WITHOUT_TEXT if arguments.without_text else suited)


def _settings(choice: Preset) -> Settings:
    settings = Settings(**pick(choice, Settings))
    if settings.without_text and settings.without_collaborative:
        raise Complaint("--without-text and --without-collaborative together leave nothing to train")
    return settings


def _introduce(training: Training) -> None:
    dataset: Playlists = training.dataset
    weights = sum(weight.numel() for weight in training.network.parameters() if weight.requires_grad)
    trained = (dataset.item_counts() > 0).sum()
    print(
        f"{dataset.name}: {len(dataset.items)} items, {trained} of them in {len(dataset.train)} playlists to train on, "
        f"{len(dataset.validation)} to validate with, {len(dataset.test)} for the test; a network of {weights} weights, on "
        f"{training.device}, {torch.get_num_threads()} threads",
        file=sys.stderr,
    )


def _write(output: Path, training: Training, *, probes: Probes, encoder: Encoder | None, end: End) -> None:
    network, dataset = training.best_network(), training.dataset
    watch, best = training.stopwatch, training.validation.best
    test = compare(network, dataset, training.features, probes.found[: len(dataset.items)])
    facts: dict[str, Any] = {
        "dataset": dataset.name,
        "epochs_trained": training.epoch,
        "ended_by": end,
        "seconds": round(watch.seconds, 1),
        "cpu_seconds": round(watch.cpu_seconds, 1),
        "threads": torch.get_num_threads(),
        "device": str(training.device),
        **asdict(training.settings),
        "validation": best,
        "test": test,
    }
    write_trained_folder(output, network, dataset, features=training.features, probes=probes, encoder=encoder, training=facts)
    print(
        f"{output}: the weights of epoch {best['epoch']}. Ended by: {end}, after {duration(watch.seconds)}, "
        f"{duration(watch.cpu_seconds)} of CPU.\nThe test, tracks by name:"
    )
    print("\n".join(table_lines(test)))
