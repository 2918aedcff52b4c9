import sys

from .arguments import parse_arguments
from .cold_start.train_cold_start import train_cold_start
from .complaint import Complaint
from .train_sequence import train_sequence

TRAIN = {"sequence": train_sequence, "cold-start": train_cold_start}


def main() -> int:
    arguments = parse_arguments(sys.argv[1:])
    try:
        return TRAIN[arguments.family](arguments)
    except Complaint as complaint:
        print(f"train: {complaint}", file=sys.stderr)
        return 2


sys.exit(main())
