# /// script
# requires-python = ">=3.11"
# dependencies = ["torch==2.15.0", "onnx==1.23.2", "onnxscript==0.7.2"]
# ///
"""Exports the model of a trained folder the way most people do: a module in plain PyTorch, every block over every position, int64 ids,
an explicit mask and softmax, logits of the last position over the whole catalogue, torch.onnx.export.

  plain_export.py TRAINED OUT.onnx
"""

import json
import math
import sys
from pathlib import Path

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, of: dict, dims: int) -> None:
        super().__init__()
        self.heads = of["heads"]
        self.attention_norm = nn.LayerNorm(dims, eps=of["layerNormEpsilon"])
        self.query, self.key, self.value, self.output = (nn.Linear(dims, dims) for _ in range(4))
        self.feed_norm = nn.LayerNorm(dims, eps=of["layerNormEpsilon"])
        self.feed_in = nn.Linear(dims, of["hidden"])
        self.feed_out = nn.Linear(of["hidden"], dims)
        self.activation = nn.ReLU() if of["activation"] == "relu" else nn.GELU()

    def forward(self, x, mask):
        rows, length, dims = x.shape
        split = lambda t: t.view(rows, length, self.heads, dims // self.heads).transpose(1, 2)
        a = self.attention_norm(x)
        q, k, v = split(self.query(a)), split(self.key(a)), split(self.value(a))
        scores = q @ k.transpose(2, 3) / math.sqrt(dims // self.heads) + mask
        mixed = (torch.softmax(scores, dim=-1) @ v).transpose(1, 2).reshape(rows, length, dims)
        x = x + self.output(mixed)
        return x + self.feed_out(self.activation(self.feed_in(self.feed_norm(x))))


class Plain(nn.Module):
    """Sequences are padded on the left, with the index behind the last item."""

    def __init__(self, of: dict, items: int, users: int) -> None:
        super().__init__()
        self.of = of
        self.padding = items
        dims = of["itemDims"] + of["userDims"]
        self.item_embedding = nn.Embedding(items + 1, of["itemDims"])
        if of["userDims"]:
            self.user_embedding = nn.Embedding(users, of["userDims"])
        self.position_embedding = nn.Embedding(of["maxLength"], dims)
        self.blocks = nn.ModuleList(Block(of, dims) for _ in range(of["blocks"]))
        self.final_norm = nn.LayerNorm(dims, eps=of["layerNormEpsilon"])

    def forward(self, sequence, user):
        of, length = self.of, sequence.shape[1]
        x = self.item_embedding(sequence)
        if of["userDims"]:
            x = torch.cat((x, self.user_embedding(user).unsqueeze(1).expand(-1, length, -1)), dim=2)
        places = torch.arange(of["maxLength"] - length, of["maxLength"], device=sequence.device)
        x = x * of["embeddingScale"] + self.position_embedding(places)
        later = torch.ones(length, length, dtype=torch.bool).triu(1)
        hidden = later | (sequence == self.padding)[:, None, None, :]
        mask = torch.zeros(hidden.shape).masked_fill(hidden, -1e9)
        for block in self.blocks:
            x = block(x, mask)
        last = self.final_norm(x)[:, -1, : of["itemDims"]]
        return last @ self.item_embedding.weight[:-1].T


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    body = bytearray(data[8 + length :])
    return {
        name: torch.frombuffer(body, dtype=torch.float32, offset=one["data_offsets"][0], count=math.prod(one["shape"]))
        .view(one["shape"])
        .clone()
        for name, one in header.items()
    }


def main(trained: Path, out: Path) -> None:
    of = json.loads((trained / "model.json").read_text())["architecture"]
    tensors = read_tensors(trained / "model.safetensors")
    items = tensors["item_embedding"]
    users = tensors.get("user_embedding")
    plain = Plain(of, len(items), 0 if users is None else len(users)).eval()
    state = {
        f"{name}.weight" if name.endswith("_embedding") else name: tensor for name, tensor in tensors.items()
    }
    state["item_embedding.weight"] = torch.cat((items, torch.zeros(1, items.shape[1])))
    plain.load_state_dict(state)
    sequence = torch.full((2, of["maxLength"]), len(items), dtype=torch.int64)
    sequence[:, -3:] = 1
    user = torch.zeros(2, dtype=torch.int64)
    torch.onnx.export(
        plain,
        (sequence, user),
        str(out),
        dynamo=False,
        opset_version=17,
        input_names=["sequence", "user"],
        output_names=["logits"],
        dynamic_axes={"sequence": {0: "batch", 1: "length"}, "user": {0: "batch"}, "logits": {0: "batch"}},
    )


main(Path(sys.argv[1]), Path(sys.argv[2]))
