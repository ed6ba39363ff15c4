"""`python -m lib.demo FOLDER [--seed N] [--scale X]`: write the demo's raw tables as Parquet exports."""

import argparse
import sys
from pathlib import Path

from lib.demo.exports import write_exports


def main() -> None:
    """Read the command line, write the exports and say how far it is."""
    parser = argparse.ArgumentParser(
        prog="python -m lib.demo", description="Write the demo's raw tables as Parquet exports."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same rows (default 1)")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="share of the ordinary accounts and visitors (default 1)"
    )
    options = parser.parse_args()
    write_exports(
        options.folder,
        seed=options.seed,
        scale=options.scale,
        on_progress=lambda step, share: print(f"{share:4.0%} {step}", file=sys.stderr),
    )


if __name__ == "__main__":
    main()
