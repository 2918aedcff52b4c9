from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

import torch

from .checkpoint import read_checkpoint
from .choices import architecture_of, choose, resumed, settings_of
from .dataset import Dataset
from .datasets.open_dataset import open_dataset
from .datasets.table import read_table
from .devices import choose_device
from .places import check_data, check_places
from .presets import BASE, PRESETS
from .progress import duration
from .ranking import Qualities, evaluate, uniform_negatives
from .run_saved import run_saved
from .trained_folder import write_trained_folder
from .training import Training, tell
from .training_loop import End
from .validation import NEGATIVES


def train_sequence(arguments: Namespace) -> int:
    """The exit code."""
    checkpoint = check_places(arguments)
    device = choose_device(arguments.device)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    state = read_checkpoint(checkpoint) if arguments.resume else None
    choice = resumed(arguments, state["choice"]) if state else choose(arguments, PRESETS.get(arguments.dataset, BASE))
    dataset = open_dataset(arguments.dataset) if arguments.dataset else read_table(arguments.data, arguments.data.name)
    training = Training(dataset, architecture_of(choice), settings_of(choice), device)
    about = {"choice": choice, "data": dataset.fingerprint()}
    if state:
        check_data(state["data"], about["data"], checkpoint)
        training.restore(state["training"])
    _introduce(dataset, training)
    write = lambda end: _write(arguments.output, training, end)
    return run_saved(training, arguments, checkpoint=checkpoint, about=about, write=write)


def _introduce(dataset: Dataset, training: Training) -> None:
    weights = sum(weight.numel() for weight in training.network.parameters())
    print(
        f"{dataset.name}: {len(dataset.items)} items, {len(dataset.users)} users, {dataset.item_counts().sum()} "
        f"interactions to train on; a network of {weights} weights, on {training.device}, "
        f"{torch.get_num_threads()} threads",
        file=sys.stderr,
    )


def _write(output: Path, training: Training, end: End) -> None:
    network, dataset, settings = training.best_network(), training.dataset, training.settings
    negatives = dataset.test_negatives
    if negatives is None:
        negatives = uniform_negatives(dataset.test, len(dataset.items), NEGATIVES, settings.seed)
    test = evaluate(network, dataset.test, negatives)
    best = training.validation.best
    facts = {
        "dataset": dataset.name,
        "epochs_trained": training.epoch,
        "ended_by": end,
        "seconds": round(training.stopwatch.seconds, 1),
        "cpu_seconds": round(training.stopwatch.cpu_seconds, 1),
        "threads": torch.get_num_threads(),
        "device": str(training.device),
        "loss": best["loss"],
        **asdict(settings),
        "validation": best,
        "test": test.flat(),
    }
    write_trained_folder(output, network, dataset, facts)
    _report(output, training, end, test)


def _report(output: Path, training: Training, end: End, test: Qualities) -> None:
    seen = test.full_with_seen
    watch = training.stopwatch
    print(
        f"{output}: the weights of epoch {training.validation.best['epoch']}. Ended by: {end}, after "
        f"{duration(watch.seconds)}, {duration(watch.cpu_seconds)} of CPU.\n"
        f"test: {tell(test)}; with seen items kept HR@10 {seen.hr10:.4f}, NDCG@10 {seen.ndcg10:.4f}"
    )
