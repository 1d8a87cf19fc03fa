"""One attack on one backend: what it cost in memory, trace and time, and whether the charger was served after it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.attackers._wire import answer, connected, message, trusting, upgrade

SERVED_WITHIN_S = 60.0


@dataclass
class Target:
    """A running backend; `cost` is known once it has ended."""

    folder: Path
    process: subprocess.Popen[str]
    port: int
    files: str
    roots: str
    cost: dict[str, Any] = field(default_factory=dict)
    held: list[socket.socket] = field(default_factory=list)  # that an attack leaves open while the charger comes

    def tell(self, word: str) -> None:
        """Ask the backend's own side to do something."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        """Its next line."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    @property
    def events(self) -> list[dict[str, Any]]:
        """What stands in the trace."""
        lines = (self.folder / "trace.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


@contextmanager
def target(folder: Path, profile: int = 1, *, fuzzed: bool = False) -> Iterator[Target]:
    """A backend of this security profile in a process of its own; what it cost stands in `cost` afterwards.

    `fuzzed`: its budgets of numbers are without bound, so that every input is read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.attackers._target", str(folder), str(profile)]
    command += ["fuzzed"] if fuzzed else []
    with (folder / "stderr.txt").open("w") as stderr:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True, encoding="utf-8"
        )
    try:
        assert process.stdout is not None and process.stdin is not None
        found = json.loads(process.stdout.readline())
        running = Target(folder, process, **found)
        yield running
        process.stdin.close()
        rest = process.stdout.read().strip().splitlines()
        running.cost = json.loads(rest[-1]) if rest else {"raised": ["it died"]}
        for sock in running.held:
            sock.close()
        running.cost["said"] = (folder / "stderr.txt").read_text()
        process.wait(30)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()  # type: ignore[union-attr]


def is_served(at: Target, within_s: float = SERVED_WITHIN_S) -> bool:
    """Whether the charger, with its name and password, is let in and answered; it tries again as chargers do."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            sock = connected(at.port, 2.0)
            if at.roots:
                sock = trusting(at.roots).wrap_socket(sock, server_hostname="localhost")
            with sock:
                sock.sendall(upgrade())
                if answer(sock, 3.0).startswith(b"HTTP/1.1 101"):
                    sock.sendall(message(2, "served", "Heartbeat", {}))
                    return b"currentTime" in sock.recv(1 << 12)
        except OSError:
            pass
        time.sleep(0.2)
    return False


@dataclass(frozen=True)
class Outcome:
    """What an attack came to. `served`: the charger was let in and answered right after it."""

    peak_mb: float
    trace_mb: float
    events: int
    took_s: float
    served: bool
    raised: list[str]
    said: str
    recorded: list[dict[str, Any]]

    @property
    def budgets(self) -> list[dict[str, Any]]:
        """The events that say that a peer went beyond its budget."""
        return [event for event in self.recorded if event["kind"] == "peer.budget"]


def measured(folder: Path, attack: Callable[[Target, float], None], for_s: float, profile: int = 1) -> Outcome:
    """Attack a fresh backend for this long."""
    began = time.monotonic()
    with target(folder, profile) as at:
        attack(at, for_s)
        served = is_served(at)
    took_s, cost = time.monotonic() - began, at.cost
    return Outcome(
        peak_mb=cost.get("peak_mb", -1.0),
        trace_mb=cost.get("trace_mb", -1.0),
        events=cost.get("events", -1),
        took_s=took_s,
        served=served,
        raised=cost["raised"],
        said=cost["said"],
        recorded=at.events if cost.get("trace_mb", 0) < 100 else [],
    )
