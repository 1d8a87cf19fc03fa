"""`python -m tests.fuzz KIND SEED FIRST COUNT FOLDER`: so many inputs; what was wrong, as JSON on the last line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.fuzz import _files, _socket
from tests.fuzz._streams import KINDS as STREAMS


def main() -> None:
    """Fuzz in this process (files), or from it (the socket)."""
    kind, seed, first, count, folder = sys.argv[1], *map(int, sys.argv[2:5]), Path(sys.argv[5])
    folder.mkdir(parents=True, exist_ok=True)
    numbers = range(first, first + count)
    fuzz = _socket.fuzz if kind in STREAMS else _files.fuzz
    print(json.dumps(fuzz(folder, kind, seed, numbers)))


if __name__ == "__main__":
    main()
