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

READY_WITHIN_S = 40.0


class EmulatorError(RuntimeError):
    """The emulated charger did not start; the text holds its last words."""


class EmulatedStation:
    """The child process. It leaves when its standard input closes, so it never outlives the campaign."""

    def __init__(self, arguments: Sequence[str], state_dir: Path) -> None:
        state_dir.mkdir(parents=True, exist_ok=True)
        self._log = (state_dir / "console.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "harness.emulator", *arguments, "--state-dir", str(state_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=dict(os.environ),
        )
        self._state_dir = state_dir
        self.ready: dict[str, Any] = {}

    def wait_ready(self, within_s: float = READY_WITHIN_S) -> dict[str, Any]:
        """Its ready line: ports, SECC and factory folder. Raises EmulatorError with its last words."""
        assert self._process.stdout is not None
        lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=_first_line, args=(self._process.stdout, lines), daemon=True).start()
        try:
            line = lines.get(timeout=within_s)
        except queue.Empty:
            line = b""
        if not line:
            self.stop()
            tail = (self._state_dir / "console.log").read_text(errors="replace")[-1500:]
            raise EmulatorError(f"the emulated charger did not say that it is ready within {within_s:g} s:\n{tail}")
        self.ready = json.loads(line)
        return self.ready

    def stop(self) -> None:
        """Close its input, wait a little, then insist."""
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


def _first_line(stream: IO[bytes], lines: queue.Queue[bytes]) -> None:
    lines.put(stream.readline())
