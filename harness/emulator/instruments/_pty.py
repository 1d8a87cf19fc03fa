"""A serial port made of a pty: whole lines out, whole lines in, each closed by a CRC; never blocks the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tty
from collections.abc import Callable

LONGEST_LINE = 512
_TABLE = []
for _byte in range(256):
    _value = _byte
    for _ in range(8):
        _value = (_value >> 1) ^ 0xA001 if _value & 1 else _value >> 1
    _TABLE.append(_value)


def crc16(data: bytes) -> int:
    """CRC-16 with the reflected polynomial 0xA001 and start value 0 (the one of DSMR telegrams)."""
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def frame(text: str) -> bytes:
    """A line as it goes over the wire: the text, "!", the CRC over both in four hex digits, CR LF."""
    body = text.encode("ascii") + b"!"
    return body + f"{crc16(body):04X}\r\n".encode("ascii")


def unframe(line: bytes) -> str | None:
    """The text of a received line; None when its CRC is missing or wrong."""
    body, mark, tail = line.strip().rpartition(b"!")
    try:
        good = bool(mark) and int(tail, 16) == crc16(body + mark)
        return body.decode("ascii") if good else None
    except ValueError:
        return None


class PtyPort:
    """`name` is the device a driver opens. `on_line` gets each good line; a bad one gets "ERR crc" back.

    The slave side stays open here too, so that a driver may come and go. When nobody reads, whole lines are dropped.
    """

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.name = os.ttyname(self._slave)
        self._on_line = on_line
        self._inbox = b""
        self._outbox = b""
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self) -> None:
        """Start listening on the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._master, self._readable)

    def close(self) -> None:
        """Hang up; a second call does nothing: the numbers may be another file's by then."""
        if self._master < 0:
            return
        if self._loop is not None:
            self._loop.remove_reader(self._master)
        for descriptor in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._master = self._slave = -1

    def send(self, text: str) -> bool:
        """Send one line; False when it was dropped because the reader is behind."""
        if self._outbox:
            self._flush()
        if self._outbox:
            return False
        self._outbox = self.encode(text)
        self._flush()
        return True

    def encode(self, text: str) -> bytes:
        """The bytes of one line (a defect of the wiring would sit here)."""
        return frame(text)

    def _flush(self) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            self._outbox = self._outbox[os.write(self._master, self._outbox) :]

    def _readable(self) -> None:
        try:
            self._inbox += os.read(self._master, 4096)
        except (BlockingIOError, OSError):
            return
        *lines, self._inbox = self._inbox.split(b"\n")
        if len(self._inbox) > LONGEST_LINE:
            self._inbox = b""
        for line in lines:
            text = unframe(line)
            if text is None:
                self.send("ERR crc")
            else:
                self._on_line(text)
