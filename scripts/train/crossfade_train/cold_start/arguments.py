from __future__ import annotations

from argparse import ArgumentParser

from ..numbers import number, whole
from ..run_arguments import add_run
from .datasets.open_playlists import NAMES

HELP = "tracks by name, never seen before; `train cold-start --help` tells more"

DESCRIPTION = """\
Trains a network that goes on with playlists of tracks by title and artist, seen before or not, and writes a trained
folder, from which `crossfade export cold-start` makes a bundle.

  scripts/train/train cold-start --data playlists.tsv --output trained/songs
  scripts/train/train cold-start --dataset mpd-sample-1k --output trained/mpd --threads 2

A data file has tab-separated columns, named by its first line: playlist, item (an id), title, artist. A tenth of the
playlists is kept for the test, a tenth for validation; the folder gets the weights that did best on the latter. Ctrl-C
saves; the same command with --resume goes on, and gives what an unbroken training would have given.
"""


def add_cold_start(parser: ArgumentParser) -> None:
    add_run(parser, datasets=NAMES, data="a table of playlists, see above")
    _add_network(parser)
    _add_training(parser)


def _add_network(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("the network").add_argument
    add("--dims", type=whole(1), metavar="N", help="of a track's vector, which is what a score is made of")
    add("--hidden", type=whole(1), metavar="N", help="width of the projector, from names to vectors")
    add("--head-hidden", type=whole(1), metavar="N", help="width of the head, from the mean of the tracks to what is asked for")
    add("--activation", choices=("gelu", "relu", "none"))
    add("--buckets", type=whole(1), metavar="N", help="rows of the table of grams, which pieces of names are hashed to")
    add("--gram-dims", type=whole(1), metavar="N")
    add("--encoder", metavar="FILE", help="an ONNX sentence encoder reads the names, in place of grams; it is not trained")
    add("--tokenizer", metavar="FILE", help="its tokenizer.json")
    add("--pooling", choices=("mean", "cls"), help="of the encoder's tokens")
    add("--max-tokens", type=whole(4), metavar="N", help="of a name that the encoder sees")
    add("--without-text", action="store_true", default=None, help="an ablation: tracks nobody knows say nothing")
    add("--without-collaborative", action="store_true", default=None, help="an ablation: names are all there is")


def _add_training(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("training").add_argument
    add("--seed", type=whole(0), metavar="N")
    add("--epochs", type=whole(1), metavar="N", help="the learning rate falls over all of them")
    add("--dropout", type=number(0, 1), metavar="P", help="in the hidden layers")
    add("--unknown-seeds", type=number(0, 1), metavar="P", help="chance of a playlist to have tracks that are seen by their names alone")
    add("--unknown-targets", type=number(0, 1), metavar="P", help="chance of an item to be there by its name alone")
    add("--max-seeds", type=whole(1), metavar="N", help="tracks that a playlist is gone on from")
    add("--learning-rate", type=number(0), metavar="R")
    add("--gram-rate", type=number(0), metavar="F", help="times that, for the table of grams")
    add("--collaborative-rate", type=number(0), metavar="F", help="times that, for the vectors of items")
    add("--warmup-steps", type=whole(1), metavar="N")
    add("--batch-playlists", type=whole(1), metavar="N")
    add("--average-decay", type=number(0, 1), metavar="P", help="of the mean over steps that becomes the model; 0: the last step")
    add("--validate-every", type=whole(1), metavar="N", help="epochs")
    add("--patience", type=whole(1), metavar="N", help="validations without a better one, after which training ends")
