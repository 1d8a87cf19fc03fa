"""A million inputs in shares that each run in a process of their own, so that one that grows or hangs is seen."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SEED = 9
OF_EACH = {"tcp": 60_000, "tls": 60_000, "http": 60_000, "websocket": 60_000, "ocpp": 260_000}
OF_EACH |= dict.fromkeys(
    ("profile", "tender", "answers", "trace", "log", "bundle", "key", "request", "photo", "v2g"), 50_000
)
OF_EACH |= dict.fromkeys(("paper", "vehicle", "mapping", "root", "kept_photo", "page", "frame"), 20_000)
AT_ONCE = 10_000
LONGEST_S = 3600.0


@dataclass(frozen=True)
class Share:
    """So many inputs of a kind, from number `first` on."""

    kind: str
    first: int
    count: int = AT_ONCE
    seed: int = SEED

    @property
    def name(self) -> str:
        """Of the part of a thorough run."""
        return f"fuzz-{self.kind}-{self.first}"

    def do(self, folder: Path) -> Sequence[str]:
        """What was wrong; nothing when every input was read or refused in words."""
        numbers = [str(number) for number in (self.seed, self.first, self.count)]
        command = [sys.executable, "-m", "tests.fuzz", self.kind, *numbers, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        last = done.stdout.strip().rpartition("\n")[2]
        if done.returncode or not last.startswith("["):
            return [f"it ended with {done.returncode}: {done.stderr[-500:]}"]
        return [str(each) for each in json.loads(last)]


def shares() -> Iterator[Share]:
    """A million inputs, one kind after the other in each round, so that the first hour has seen all kinds."""
    for first in range(0, max(OF_EACH.values()), AT_ONCE):
        yield from (Share(kind, first) for kind, count in OF_EACH.items() if first < count)
