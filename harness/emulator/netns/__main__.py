"""`python -m harness.emulator.netns -- COMMAND`: run a command in the private network (`--probe`: does it work?)."""

from __future__ import annotations

import os
import sys

from harness.emulator.netns._enter import INSIDE, furnish, unshare


def main(arguments: list[str]) -> int:
    """Exit code 2 on wrong usage, 3 when no namespace is permitted, else the command's own."""
    if arguments == ["--probe"]:
        try:
            unshare()
            print(furnish())
        except OSError as error:
            print(error.strerror or str(error))
            return 3
        return 0
    if len(arguments) < 2 or arguments[0] != "--":
        print("usage: python -m harness.emulator.netns -- COMMAND [ARGUMENT ...] | --probe", file=sys.stderr)
        return 2
    try:
        unshare()
        os.environ[INSIDE] = furnish()
        os.execvp(arguments[1], arguments[1:])
    except OSError as error:
        print(f"cannot run {arguments[1]} in its own network: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
