import sys

from .arguments import parse_arguments
from .complaint import Complaint
from .train_sequence import train_sequence


def main() -> int:
    arguments = parse_arguments(sys.argv[1:])
    try:
        return train_sequence(arguments)
    except Complaint as complaint:
        print(f"train: {complaint}", file=sys.stderr)
        return 2


sys.exit(main())
