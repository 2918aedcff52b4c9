from __future__ import annotations

from argparse import Namespace
from dataclasses import fields
from typing import Any

from .complaint import Complaint
from .network import Architecture
from .presets import BASE, PRESETS, Preset
from .settings import Settings


def choose(arguments: Namespace) -> Preset:
    """The options that were given, over those that suit the data set."""
    return PRESETS.get(arguments.dataset, BASE) | _given(arguments)


def resumed(arguments: Namespace, of_checkpoint: Preset) -> Preset:
    """Those of the checkpoint; options that contradict them are refused."""
    contradictions = [
        f"--{name.replace('_', '-')} is {value}, it was begun with {of_checkpoint[name]}"
        for name, value in _given(arguments).items()
        if value != of_checkpoint[name]
    ]
    if contradictions:
        raise Complaint(f"--resume goes on with the options of its training: {'; '.join(contradictions)}")
    return of_checkpoint


def architecture_of(choice: Preset) -> Architecture:
    architecture = Architecture(**_pick(choice, Architecture))
    if architecture.dims % architecture.heads:
        raise Complaint(
            f"--heads {architecture.heads} does not divide the dimensions, {architecture.item_dims} of items and "
            f"{architecture.user_dims} of users"
        )
    return architecture


def settings_of(choice: Preset) -> Settings:
    settings = Settings(**_pick(choice, Settings))
    if settings.label_smoothing and (settings.spare_history or settings.negatives):
        raise Complaint(
            f"--label-smoothing {settings.label_smoothing} gives every item a share, which needs --no-spare-history and "
            "--negatives 0"
        )
    return settings


def _given(arguments: Namespace) -> dict[str, Any]:
    return {name: value for name in BASE if (value := getattr(arguments, name)) is not None}


def _pick(choice: Preset, record: type) -> dict[str, Any]:
    return {field.name: choice[field.name] for field in fields(record) if field.name in choice}
