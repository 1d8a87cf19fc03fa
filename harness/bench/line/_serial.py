"""A serial line in a reader thread: lines are stamped and handed on as they arrive; commands wait for their answer."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any

import serial

from harness.bench._errors import BenchError
from harness.bench.line._line import BadLine, seal, unseal
from harness.trace import Recorder

LONGEST_LINE = 4096
REPLY_S = 2.0
BAD_RECORDED = 50  # every one of these, afterwards each hundredth: a babbling line must not fill the trace


class SerialLine:
    """`on_telegram(text, t_ns)` gets each good line that is no answer, in the reader thread; it may raise BadLine."""

    def __init__(
        self,
        role: str,
        port: str,
        baud: int,
        recorder: Recorder,
        on_telegram: Callable[[str, int], object],
        on_lost: Callable[[str], None],
        evse: int | None = None,
    ) -> None:
        self.role, self.port, self._evse = role, port, evse
        self.bad_telegrams = 0
        self._recorder = recorder
        self._on_telegram = on_telegram
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._turn = asyncio.Lock()
        self._asked = ""
        self._reply: asyncio.Future[str] | None = None
        self._mid_line = True  # we may have opened the port in the middle of a line
        self._stopping = False
        try:
            self._serial: Any = serial.Serial(port, baud, timeout=0.2, write_timeout=1.0, exclusive=True)
            self._serial.reset_input_buffer()  # what piled up before we listened is old news
        except (serial.SerialException, OSError, ValueError) as error:
            raise BenchError(
                role, port, f"cannot be opened ({error}); expected a serial port with the {role}"
            ) from None
        self._thread = threading.Thread(target=self._read, name=f"bench-{role}", daemon=True)
        self._thread.start()

    async def command(self, text: str, *, quietly: bool = False, within_s: float = REPLY_S) -> str:
        """Send a command and give what follows its OK. Raises BenchError when refused or not answered in time.

        Recorded as `bench.action` before it is sent and as `bench.reply` when it is answered, unless `quietly`.
        """
        async with self._turn:
            asked = (
                None
                if quietly
                else self._recorder.record(
                    "bench.action", "harness", {"role": self.role, "command": text, "reply": None}, evse=self._evse
                )
            )
            self._asked, self._reply = text.partition(" ")[0], self._loop.create_future()
            try:
                await asyncio.to_thread(self._serial.write, seal(text))
                reply = await asyncio.wait_for(self._reply, within_s)
            except TimeoutError:
                reply = ""
            except (serial.SerialException, OSError) as error:
                raise BenchError(self.role, self.port, f"{text!r} could not be sent: {error}") from None
            finally:
                self._reply = None
            if asked is not None:
                data = {"role": self.role, "command": text, "reply": reply or None, "action": asked.seq}
                self._recorder.record("bench.reply", f"bench.{self.role}", data, evse=self._evse)
        verdict, _, rest = reply.partition(" ")
        if verdict != "OK":
            raise BenchError(self.role, self.port, f"{text!r} was {'refused: ' + rest if reply else 'not answered'}")
        return rest.partition(" ")[2]

    async def close(self) -> None:
        """Stop reading and release the port."""
        self._stopping = True
        with contextlib.suppress(Exception):
            self._serial.cancel_read()
        await asyncio.to_thread(self._thread.join, 2.0)
        with contextlib.suppress(Exception):
            self._serial.close()

    def _read(self) -> None:
        pending = b""
        try:
            while not self._stopping:
                chunk = self._serial.read(1)
                chunk += self._serial.read(self._serial.in_waiting) if chunk else b""
                t_ns = self._recorder.clock.mono_ns()
                *lines, pending = (pending + chunk).split(b"\n")
                if len(pending) > LONGEST_LINE:
                    self._bad(pending[:80], f"no line end within {LONGEST_LINE} bytes", t_ns)
                    pending = b""
                for line in lines:
                    self._line(line, t_ns)
        except Exception as error:
            if not self._stopping:
                self._on_lost(f"the line was lost ({error or type(error).__name__})")

    def _line(self, line: bytes, t_ns: int) -> None:
        if not line.strip():
            return
        fragment, self._mid_line = self._mid_line, False
        try:
            text = unseal(line)
            if text.startswith(("OK ", "ERR ")):
                self._loop.call_soon_threadsafe(self._answered, text)
            else:
                self._on_telegram(text, t_ns)
        except BadLine as error:
            if not fragment:
                self._bad(line, str(error), t_ns)

    def _answered(self, text: str) -> None:
        mine = text.split()[1] in (self._asked, "crc")  # a late answer to an earlier command is not ours
        if mine and self._reply is not None and not self._reply.done():
            self._reply.set_result(text)

    def _bad(self, line: bytes, problem: str, t_ns: int) -> None:
        self.bad_telegrams += 1
        if self.bad_telegrams <= BAD_RECORDED or self.bad_telegrams % 100 == 0:
            data = {
                "role": self.role,
                "problem": problem,
                "raw": line[:200].decode("ascii", "backslashreplace"),
                "count": self.bad_telegrams,
            }
            self._recorder.record("bench.bad_telegram", f"bench.{self.role}", data, t_ns=t_ns, evse=self._evse)
