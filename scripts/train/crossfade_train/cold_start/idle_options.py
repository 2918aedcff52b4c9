from __future__ import annotations

from argparse import Namespace

from ..complaint import Complaint


def refuse_idle(arguments: Namespace) -> None:
    """Options that would change nothing, the others being what they are."""
    reads_grams = arguments.encoder is None and arguments.tokenizer is None
    rules = [
        (("pooling", "max_tokens"), reads_grams, "it is of an encoder: give --encoder and --tokenizer"),
        (("buckets", "gram_dims", "gram_rate"), not reads_grams, "it is of grams, and --encoder reads names in their place"),
        (("unknown_seeds", "unknown_targets"), arguments.without_text, "tracks are seen by their names then, and --without-text has none"),
        (("collaborative_rate",), arguments.without_collaborative, "--without-collaborative has no vectors to learn"),
    ]
    idle = [
        f"--{name.replace('_', '-')} would change nothing: {why}"
        for names, is_idle, why in rules
        for name in names
        if is_idle and getattr(arguments, name) is not None
    ]
    if idle:
        raise Complaint("\n".join(idle))
