"""`python -m harness.emulator.ocpp --actions`: the actions that the emulated charger has been seen to use."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from harness.emulator.ocpp._exercised import exercised


def main(argv: Sequence[str] | None = None) -> int:
    """0; 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m harness.emulator.ocpp", description=__doc__)
    parser.add_argument(
        "--actions",
        action="store_true",
        required=True,
        help="list, a line each, the actions that a live test has exercised",
    )
    parser.add_argument("--version", choices=("2.0.1", "2.1"), help="in this version of OCPP alone")
    given = parser.parse_args(argv)
    for action in sorted({e.action for e in exercised() if given.version in (None, e.version)}):
        print(action)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
