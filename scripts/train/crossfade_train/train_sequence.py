from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from .checkpoint import checkpoint_of, read_checkpoint, write_checkpoint
from .choices import architecture_of, choose, resumed, settings_of
from .complaint import Complaint
from .dataset import Dataset
from .datasets.open_dataset import open_dataset
from .datasets.table import read_table
from .devices import choose_device
from .progress import duration
from .ranking import Qualities, evaluate, uniform_negatives
from .stop_request import StopRequest
from .trained_folder import is_in_the_way, write_trained_folder
from .training import End, Training, tell
from .validation import NEGATIVES


def train_sequence(arguments: Namespace) -> int:
    """The exit code."""
    _check_name(arguments.output)
    checkpoint = checkpoint_of(arguments.output)
    _check_places(arguments, checkpoint)
    device = choose_device(arguments.device)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    state = read_checkpoint(checkpoint) if arguments.resume else None
    choice = resumed(arguments, state["choice"]) if state else choose(arguments)
    dataset = open_dataset(arguments.dataset) if arguments.dataset else read_table(arguments.data, arguments.data.name)
    training = Training(dataset, architecture_of(choice), settings_of(choice), device)
    about = {"choice": choice, "data": dataset.fingerprint()}
    if state:
        _check_data(state["data"], about["data"], checkpoint)
        training.restore(state["training"])
    _introduce(dataset, training)

    stop = StopRequest()
    save = lambda training: write_checkpoint(checkpoint, about | {"training": training})
    end = training.run(stop, arguments.max_minutes, save)
    if end == "asked to stop":
        print(f"Saved {checkpoint}; the same command with --resume goes on.", file=sys.stderr)
        return 128 + stop.signal
    _write(arguments.output, training, end)
    if end == "out of time":
        print(f"Kept {checkpoint}; --resume with more --max-minutes goes on.", file=sys.stderr)
    else:
        checkpoint.unlink()
    return 0


def _check_name(output: Path) -> None:
    if output.name in ("", ".."):
        raise Complaint(f"--output {output} has no name of its own, by which its checkpoint is called: name a folder, e.g. trained/clicks")


def _check_places(arguments: Namespace, checkpoint: Path) -> None:
    output = arguments.output
    if checkpoint.exists() and not arguments.resume:
        raise Complaint(f"{checkpoint} is of a training that was not ended: --resume goes on with it, or remove it")
    if output.exists() and not arguments.resume:
        raise Complaint(f"--output {output} exists: remove it, or name another")
    if is_in_the_way(output):
        raise Complaint(f"--output {output} is no trained folder, and is not replaced: remove it, or name another")


def _check_data(before: list[Any], now: list[Any], checkpoint: Path) -> None:
    if before != now:
        raise Complaint(f"--resume: {checkpoint} was trained on other data: {before}, not {now}")


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
