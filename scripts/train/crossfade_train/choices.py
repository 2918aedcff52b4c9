from __future__ import annotations

from argparse import Namespace
from dataclasses import fields
from typing import Any

from .complaint import Complaint
from .network import Architecture
from .settings import Settings

Preset = dict[str, Any]
"""Options of a network and of its training, by name. They decide what is trained, so a checkpoint remembers them."""


def choose(arguments: Namespace, suited: Preset) -> Preset:
    """The options that were given, over those that suit the data set."""
    return suited | _given(arguments, suited)


def resumed(arguments: Namespace, of_checkpoint: Preset) -> Preset:
    """Those of the checkpoint; options that contradict them are refused."""
    contradictions = [
        f"--{name.replace('_', '-')} is {value}, it was begun with {of_checkpoint[name]}"
        for name, value in _given(arguments, of_checkpoint).items()
        if value != of_checkpoint[name]
    ]
    if contradictions:
        raise Complaint(f"--resume goes on with the options of its training: {'; '.join(contradictions)}")
    return of_checkpoint


def pick(choice: Preset, record: type) -> dict[str, Any]:
    """The options that a record of settings has."""
    return {field.name: choice[field.name] for field in fields(record) if field.name in choice}


def architecture_of(choice: Preset) -> Architecture:
    architecture = Architecture(**pick(choice, Architecture))
    if architecture.dims % architecture.heads:
        raise Complaint(
            f"--heads {architecture.heads} does not divide the dimensions, {architecture.item_dims} of items and "
            f"{architecture.user_dims} of users"
        )
    return architecture


def settings_of(choice: Preset) -> Settings:
    settings = Settings(**pick(choice, Settings))
    if settings.label_smoothing and (settings.spare_history or settings.negatives):
        raise Complaint(
            f"--label-smoothing {settings.label_smoothing} gives every item a share, which needs --no-spare-history and "
            "--negatives 0"
        )
    return settings


def _given(arguments: Namespace, known: Preset) -> dict[str, Any]:
    return {name: value for name in known if (value := getattr(arguments, name, None)) is not None}
