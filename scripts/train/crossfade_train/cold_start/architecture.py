from __future__ import annotations

from pathlib import Path

from ..choices import Preset, pick
from ..complaint import Complaint
from .name_features import EncodedFeatures, Encoder, Features
from .network import Architecture, EncoderText, GramText


def text_of(choice: Preset) -> int | Encoder:
    """The rows of the table of grams, or what reads names in its place."""
    if choice["encoder"] is None and choice["tokenizer"] is None:
        return choice["buckets"]
    if choice["encoder"] is None or choice["tokenizer"] is None:
        raise Complaint("--encoder and --tokenizer go together: a sentence encoder reads what its tokenizer makes of a name")
    return Encoder(Path(choice["encoder"]), Path(choice["tokenizer"]), choice["pooling"], choice["max_tokens"])


def architecture_of(choice: Preset, features: Features) -> Architecture:
    text = EncoderText(features.dims) if isinstance(features, EncodedFeatures) else GramText(**pick(choice, GramText))
    return Architecture(**pick(choice, Architecture), text=text)
