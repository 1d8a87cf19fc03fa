"""Starting the emulated charger as a process of its own, behind the same interfaces as a real one."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

READY_WITHIN_S = 150.0  # longer than it waits for its own SECC; one that dies is noticed at once


class EmulatorError(RuntimeError):
    """The emulated charger did not start; the text holds its last words."""


class EmulatedStation:
    """The child process. It leaves when its standard input closes, so it never outlives the campaign."""

    def __init__(self, arguments: Sequence[str], state_dir: Path, password: str | None = None) -> None:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # its keys and its password
        self._arguments, self._state_dir, self._password = list(arguments), state_dir, password
        self.start()

    def start(self) -> None:
        """Start the process, again once it was stopped; `wait_ready` is the next step."""
        self._log = (self._state_dir / "console.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "harness.emulator", *self._arguments, "--state-dir", str(self._state_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=with_password(self._password),
            start_new_session=True,  # Ctrl-C and hang-ups are ours alone: it is still there to be put right
        )
        self._stopped = False
        self._lines: queue.Queue[bytes] = queue.Queue()
        self.ready: dict[str, Any] = {}
        assert self._process.stdout is not None
        threading.Thread(target=_read, args=(self._process.stdout, self._lines), daemon=True).start()

    @property
    def process(self) -> int:
        """Its process number."""
        return self._process.pid

    def wait_ready(self, within_s: float = READY_WITHIN_S) -> dict[str, Any]:
        """Its ready line: ports, SECC and factory folder. Raises EmulatorError with its last words."""
        self.ready = self._next_line("it is ready", within_s)
        return self.ready

    def wait_car(self, within_s: float = READY_WITHIN_S) -> None:
        """Until its SECC is up, which comes after the rest; `ready["secc"]` tells where. Raises EmulatorError."""
        if self.ready.get("secc") is None:
            self.ready |= self._next_line("its side of the car is up", within_s)

    def _last_words(self) -> str:
        return (self._state_dir / "console.log").read_text(errors="replace")[-1500:]

    def _next_line(self, what: str, within_s: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=within_s)
        except queue.Empty:
            line = b""
        if not line:
            self.stop()
            words = f"the emulated charger did not say that {what} within {within_s:g} s"
            raise EmulatorError(f"{words}:\n{self._last_words()}")
        told: dict[str, Any] = json.loads(line)
        return told

    @property
    def ended_by_itself(self) -> str | None:
        """Its exit code and last words when it is gone without having been stopped; None while it lives."""
        code = self._process.poll()
        if code is None or self._stopped:
            return None
        return f"the emulated charger ended by itself ({code}): {self._last_words()}"

    def stop(self) -> None:
        """Close its input, wait a little, then insist."""
        self._stopped = True
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(4)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            try:
                self._process.wait(4)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(4)
        self._log.close()


def with_password(password: str | None) -> dict[str, str]:
    """The surroundings in which the emulated charger finds its password: nobody else on the computer can read them."""
    return {**os.environ, **({"CHARGEPROOF_STATION_PASSWORD": password} if password else {})}


def _read(stream: IO[bytes], lines: queue.Queue[bytes]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(b"")
