from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .name_features import Bags, GramRows

GRAM_SPREAD = 2.0
"""Of a gram's row at first: a name's mean of many rows is then about as large as a layer likes it."""
COLLABORATIVE_SPREAD = 0.02
PROJECTION_SCALE = 0.3
HEAD_SCALE = 0.1


@dataclass(frozen=True)
class GramText:
    gram_dims: int
    buckets: int

    @property
    def dims(self) -> int:
        return 2 * self.gram_dims


@dataclass(frozen=True)
class EncoderText:
    encoder_dims: int

    @property
    def dims(self) -> int:
        return self.encoder_dims


@dataclass(frozen=True)
class Architecture:
    dims: int
    hidden: int
    head_hidden: int
    activation: Literal["relu", "gelu", "none"]
    text: GramText | EncoderText


class ColdStartNetwork(nn.Module):
    """`collaborative` is what playlists say of the items that are trained on, beside what their names say. Without text
    the projection is zero, and stays it; without collaborative vectors these do."""

    def __init__(self, of: Architecture, trained_items: int, dropout: float = 0.0, *, without: str = "") -> None:
        super().__init__()
        self.architecture, self.dropout, self.without = of, dropout, without
        if isinstance(of.text, GramText):
            self.gram_embedding = nn.Parameter(torch.randn(of.text.buckets, of.text.gram_dims) * GRAM_SPREAD)
        self.projector_in = nn.Linear(of.text.dims, of.hidden)
        self.projector_out = nn.Linear(of.hidden, of.dims)
        self.head_in = nn.Linear(of.dims, of.head_hidden)
        self.head_out = nn.Linear(of.head_hidden, of.dims)
        self.collaborative = nn.Parameter(torch.randn(trained_items, of.dims) * COLLABORATIVE_SPREAD)
        self._begin()

    @torch.no_grad()
    def _begin(self) -> None:
        of = self.architecture
        nn.init.normal_(self.projector_in.weight, std=1.5 / math.sqrt(of.text.dims))
        nn.init.normal_(self.projector_out.weight, std=PROJECTION_SCALE / math.sqrt(of.hidden))
        nn.init.zeros_(self.projector_out.bias)
        self.head_out.weight *= HEAD_SCALE
        if self.without == "text":
            self.projector_out.weight.zero_().requires_grad_(False)
            self.projector_out.bias.requires_grad_(False)
        if self.without == "collaborative":
            self.collaborative.zero_().requires_grad_(False)

    def project(self, names: GramRows | Tensor) -> Tensor:
        """P(text), [rows, dims]"""
        if self.without == "text":
            rows = len(names.titles.place) if isinstance(names, GramRows) else len(names)
            return self.collaborative.new_zeros(rows, self.architecture.dims)
        text = names if isinstance(names, Tensor) else torch.cat([self._mean(names.titles), self._mean(names.artists)], 1)
        return self.projector_out(self._hidden(self.projector_in(text)))

    def query(self, mean: Tensor) -> Tensor:
        """What items are multiplied with, of the mean of a playlist's tracks."""
        return mean + self.head_out(self._hidden(self.head_in(mean)))

    def _mean(self, bags: Bags) -> Tensor:
        """A name without a gram is zeros."""
        return F.embedding_bag(bags.grams, self.gram_embedding, bags.starts, mode="mean")[bags.place]

    def _hidden(self, values: Tensor) -> Tensor:
        return F.dropout(ACTIVATIONS[self.architecture.activation](values), self.dropout, self.training)


ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu, "none": lambda values: values}
