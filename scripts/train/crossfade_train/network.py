from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Architecture:
    item_dims: int
    user_dims: int
    max_length: int
    blocks: int
    heads: int
    hidden: int
    activation: Literal["relu", "gelu"]
    layer_norm_epsilon: float = 1e-8

    @property
    def dims(self) -> int:
        return self.item_dims + self.user_dims

    @property
    def embedding_scale(self) -> float:
        return math.sqrt(self.dims)


class Block(nn.Module):
    def __init__(self, of: Architecture, dropout: float) -> None:
        super().__init__()
        self.heads = of.heads
        self.dropout = dropout
        self.activation = F.relu if of.activation == "relu" else F.gelu
        self.attention_norm = nn.LayerNorm(of.dims, eps=of.layer_norm_epsilon)
        self.query = nn.Linear(of.dims, of.dims)
        self.key = nn.Linear(of.dims, of.dims)
        self.value = nn.Linear(of.dims, of.dims)
        self.output = nn.Linear(of.dims, of.dims)
        self.feed_norm = nn.LayerNorm(of.dims, eps=of.layer_norm_epsilon)
        self.feed_in = nn.Linear(of.dims, of.hidden)
        self.feed_out = nn.Linear(of.hidden, of.dims)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self._drop(self._attend(self.attention_norm(x)))
        fed = self._drop(self.activation(self.feed_in(self.feed_norm(x))))
        return x + self._drop(self.feed_out(fed))

    def _attend(self, a: Tensor) -> Tensor:
        q, k, v = (self._split(linear(a)) for linear in (self.query, self.key, self.value))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.output(mixed.transpose(1, 2).reshape(a.shape))

    def _split(self, x: Tensor) -> Tensor:
        rows, length, dims = x.shape
        return x.view(rows, length, self.heads, dims // self.heads).transpose(1, 2)

    def _drop(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.dropout, self.training)


class SequenceNetwork(nn.Module):
    """SSE-PT; SASRec when `user_dims` is 0. The parameters' names are those of the trained folder.

    Sequences come RIGHT-padded, with any item: under a causal mask no real item attends to padding then, so that no
    mask of it is needed. The last item has the last position row, whatever the length, as when served left-padded.
    """

    def __init__(self, of: Architecture, items: int, users: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.architecture = of
        self.dropout = dropout
        self.item_embedding = nn.Parameter(torch.empty(items, of.item_dims))
        if of.user_dims:
            self.user_embedding = nn.Parameter(torch.empty(users, of.user_dims))
        self.position_embedding = nn.Parameter(torch.empty(of.max_length, of.dims))
        self.blocks = nn.ModuleList(Block(of, dropout) for _ in range(of.blocks))
        self.final_norm = nn.LayerNorm(of.dims, eps=of.layer_norm_epsilon)
        self._initialize()

    def _initialize(self) -> None:
        for name, parameter in self.named_parameters():
            if is_embedding(name):
                nn.init.normal_(parameter, std=self.architecture.dims**-0.5)
            elif parameter.dim() == 2:
                nn.init.xavier_normal_(parameter)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, items: Tensor, lengths: Tensor, users: Tensor) -> Tensor:
        """The state after each item: [rows, length, item_dims]. A negative user is an unknown one: the mean of all."""
        of = self.architecture
        x = F.embedding(items, self.item_embedding)
        if of.user_dims:
            user = self._user_vectors(users)[:, None].expand(-1, x.shape[1], -1)
            x = torch.cat((x, user), dim=2)
        steps = torch.arange(items.shape[1], device=items.device)
        rows = (of.max_length - lengths[:, None] + steps).clamp(max=of.max_length - 1)
        x = x * of.embedding_scale + F.embedding(rows, self.position_embedding)
        x = F.dropout(x, self.dropout, self.training)
        for block in self.blocks:
            x = block(x)
        return self.final_norm(x)[..., : of.item_dims]

    def last(self, items: Tensor, lengths: Tensor, users: Tensor) -> Tensor:
        """The state after the last item of each row: [rows, item_dims]."""
        states = self(items, lengths, users)
        return states[torch.arange(len(items), device=items.device), lengths - 1]

    def _user_vectors(self, users: Tensor) -> Tensor:
        known = F.embedding(users.clamp(min=0), self.user_embedding)
        return torch.where(users[:, None] < 0, self.user_embedding.mean(0), known)


def is_embedding(parameter_name: str) -> bool:
    return parameter_name.endswith("_embedding")
