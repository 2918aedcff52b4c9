from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace, RawDescriptionHelpFormatter
from typing import Sequence

from .cold_start import arguments as cold_start
from .cold_start.arguments import add_cold_start
from .datasets.open_dataset import NAMES
from .numbers import number, whole
from .run_arguments import add_run

DESCRIPTION = """\
Trains SSE-PT (items, users, positions; SASRec with --user-dims 0) to foresee the next item of a sequence, and writes a
trained folder, from which `crossfade export sequence` makes a bundle.

  scripts/train/train sequence --data clicks.tsv --output trained/clicks
  scripts/train/train sequence --dataset ml-1m --output trained/ml-1m --threads 2 --max-minutes 120

A data file has tab-separated columns, named by its first line: user, item, and if wanted time and title. Of each user the
last item is kept for the test and the one before it for validation; the folder gets the weights that did best on the
latter. Ctrl-C saves; the same command with --resume goes on, and gives what an unbroken training would have given.
"""

EPILOG = """\
Exit codes: 0 trained; 1 failed; 2 an option or the data is wrong; 130 or 143 stopped by SIGINT or SIGTERM, and saved.
Options of the network and of training without a value have one that suits the data set; `model.json` says which.
"""


def parse_arguments(arguments: Sequence[str]) -> Namespace:
    return _parser().parse_args(arguments)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="train", description="Trains recommenders with PyTorch.", allow_abbrev=False)
    commands = parser.add_subparsers(dest="family", required=True, metavar="FAMILY")
    about = {"epilog": EPILOG, "formatter_class": RawDescriptionHelpFormatter, "allow_abbrev": False}
    sequence = commands.add_parser("sequence", help="SSE-PT and SASRec; `train sequence --help` tells more", description=DESCRIPTION, **about)
    add_run(sequence, datasets=NAMES, data="a table of who took what, see above")
    _add_network(sequence)
    _add_training(sequence)
    add_cold_start(commands.add_parser("cold-start", help=cold_start.HELP, description=cold_start.DESCRIPTION, **about))
    return parser


def _add_network(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("the network").add_argument
    add("--item-dims", type=whole(1), metavar="N", help="of an item's vector, which is what a score is made of")
    add("--user-dims", type=whole(0), metavar="N", help="of a user's vector; 0: SASRec")
    add("--max-length", type=whole(1), metavar="N", help="items of a sequence that are seen, the last ones")
    add("--blocks", type=whole(1), metavar="N")
    add("--heads", type=whole(1), metavar="N", help="of attention; they share the dimensions evenly")
    add("--hidden", type=whole(1), metavar="N", help="width of the feed-forward layers")
    add("--activation", choices=("relu", "gelu"))


def _add_training(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("training").add_argument
    add("--seed", type=whole(0), metavar="N")
    add("--epochs", type=whole(1), metavar="N", help="the learning rate falls over all of them")
    add("--dropout", type=number(0, 1), metavar="P")
    add("--item-sharing", type=number(0, 1), metavar="P", help="chance of an item to be seen as a random one (stochastic shared embeddings)")
    add("--user-sharing", type=number(0, 1), metavar="P", help="chance of a user to be seen as a random one")
    add("--negatives", type=whole(0), metavar="N", help="random items that the right one is told from; 0: all items")
    add("--label-smoothing", type=number(0, 1), metavar="P")
    add("--learning-rate", type=number(0), metavar="R")
    add("--weight-decay", type=number(0), metavar="R")
    add("--warmup-steps", type=whole(1), metavar="N")
    add("--batch-positions", type=whole(1), metavar="N", help="items in a batch")
    add("--horizon", type=whole(1), metavar="N", help="an item that follows within N is foreseen; 1: the next one")
    add("--spare-history", action=BooleanOptionalAction, help="items of the same history are no negatives: where nothing is taken twice")
    add("--average-decay", type=number(0, 1), metavar="P", help="of the mean over steps that becomes the model; 0: the last step")
    add("--validate-every", type=whole(1), metavar="N", help="epochs")
    add("--patience", type=whole(1), metavar="N", help="validations without a better one, after which training ends")
