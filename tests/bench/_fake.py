"""A fake instrument on a real pty, and a recorder, for tests of the drivers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from harness.bench.line._line import BadLine, seal, unseal
from harness.trace import Event, Recorder


class FakeInstrument:
    """The far end of a serial port. `answer(command)` gives the reply line or None for silence."""

    def __init__(self, answer: Callable[[str], str | None] = lambda command: f"OK {command}") -> None:
        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self.heard: list[str] = []
        self._answer = answer
        self.open = True
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Send a well-formed line."""
        os.write(self.master, seal(text))

    def say_raw(self, raw: bytes) -> None:
        """Send bytes as they are."""
        os.write(self.master, raw)

    def hang_up(self) -> None:
        """The cable is pulled: both ends of the pty are gone."""
        self.open = False
        self._thread.join(1)
        for descriptor in (self._slave, self.master):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _listen(self) -> None:
        pending = b""
        while self.open:
            if not select.select([self.master], [], [], 0.05)[0]:
                continue
            pending += os.read(self.master, 1024)
            *lines, pending = pending.split(b"\n")
            for line in lines:
                try:
                    command = unseal(line)
                except BadLine:
                    continue
                self.heard.append(command)
                reply = self._answer(command)
                if reply is not None:
                    self.say(reply)


def meter_line(power_w: float = 0.0, current_a: float = 0.0) -> str:
    """A meter's telegram."""
    amps = " ".join(f"1-0:{code}.7.0({current_a}*A)" for code in (31, 51, 71))
    volts = " ".join(f"1-0:{code}.7.0(230.0*V)" for code in (32, 52, 72))
    return f"/CPM3 #00001 1-0:16.7.0({power_w}*W) {amps} {volts} 1-0:14.7.0(50.0*Hz) 1-0:1.8.0(1*Wh) 1-0:2.8.0(0*Wh)"


async def stream(instrument: FakeInstrument, *lines: str, every_s: float = 0.02) -> None:
    """Send the lines again and again until cancelled."""
    while instrument.open:
        for line in lines:
            instrument.say(line)
            await asyncio.sleep(every_s)


def recorder(folder: Path) -> Recorder:
    """A recorder into the test's folder."""
    return Recorder(folder / "trace.jsonl")


def of_kind(rec: Recorder, kind: str) -> list[Event]:
    """The recorded events of a kind."""
    return [event for event in rec.events if event.kind == kind]
