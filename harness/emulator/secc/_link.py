"""The station's end of the pipe: starts the SECC process, feeds it the station's state, hands its events on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from harness.emulator.secc._messages import SeccConfig, SeccEvent, StationLimits, encode_line, event_decoder

_START_S = 120.0  # one that dies is noticed at once; a busy machine only takes long
_STOP_S = 5.0
_PIPE_FULL = 64 * 1024
_LARGEST_LINE = 1 << 20


class SeccError(RuntimeError):
    """The SECC process did not start, or ended by itself; the text says why, with the end of its log."""


@dataclass(frozen=True)
class SeccReady:
    """Where the SECC serves. `pki` names files: "v2g_roots", "ev" and "ev_key" are for the car."""

    interface: str
    address: str
    port: int | None
    tls_port: int | None
    tls: str
    sdp: bool
    pki: dict[str, str]
    start_s: float


class Secc:
    """One SECC process. `on_event` is called on the event loop for every event; it must not block or raise."""

    def __init__(self, on_event: Callable[[SeccEvent], None] = lambda _: None) -> None:
        self.on_event = on_event
        self.program: tuple[str, ...] = ("harness.emulator.secc",)  # the module that is run, and its first arguments
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[SeccReady] | None = None
        self._log: Path | None = None
        self._behind: StationLimits | None = None

    @property
    def ready(self) -> SeccReady:
        """Where it serves. Raises SeccError before `start` has returned."""
        if self._ready is None or not self._ready.done():
            raise SeccError("the SECC has not been started")
        return self._ready.result()

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    async def start(self, config: SeccConfig, state_dir: Path) -> SeccReady:
        """Start the process in `state_dir` (made if missing; holds PKI, configuration and secc.log).

        Raises SeccError when it does not come up within two minutes.
        """
        if self.running:
            raise SeccError("the SECC runs already")
        state_dir = state_dir.resolve()
        state_dir.mkdir(parents=True, exist_ok=True)
        path, self._log = state_dir / "secc.json", state_dir / "secc.log"
        path.write_bytes(msgspec.json.format(msgspec.json.encode(config)))
        root = str(Path(__file__).resolve().parents[3])
        python_path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        self._behind = None
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *self.program,
                "--config",
                str(path),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                cwd=state_dir,
                env={**os.environ, "PYTHONPATH": python_path},
                limit=_LARGEST_LINE,
                start_new_session=True,  # a Ctrl-C in the terminal ends the station, which then ends this
            )
        self._reading = loop.create_task(self._read())
        try:
            return await asyncio.wait_for(asyncio.shield(self._ready), _START_S)
        except TimeoutError as error:
            await self.stop()
            raise SeccError(f"the SECC was not ready within {_START_S:g} s{self._log_tail()}") from error
        except SeccError:
            await self.stop()
            raise

    def feed(self, limits: StationLimits) -> None:
        """Pass the station's state on; cheap enough for every plant step. In a full pipe only the last counts."""
        if self._process is None or self._process.stdin is None or not self.running:
            return
        pipe = self._process.stdin
        if pipe.transport.get_write_buffer_size() > _PIPE_FULL:
            self._behind = limits
            return
        self._behind = None
        with contextlib.suppress(OSError):
            pipe.write(encode_line(limits))

    async def stop(self) -> None:
        """End the process: its input closes, then it is made to end."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), _STOP_S)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
            self._reading = None

    async def _read(self) -> None:
        process, ready = self._process, self._ready
        assert process is not None and process.stdout is not None and ready is not None
        failure = ""
        while line := await process.stdout.readline():
            try:
                event = event_decoder.decode(line)
            except msgspec.MsgspecError as error:
                event = SeccEvent("error", 0, {"reason": f"not understood from the SECC: {error}"})
            if event.what == "ready" and not ready.done():
                ready.set_result(msgspec.convert({k: v for k, v in event.data.items() if k != "codec"}, SeccReady))
            elif event.what == "error" and not ready.done():
                failure = str(event.data.get("reason", ""))
            self.on_event(event)
            if self._behind is not None:
                self.feed(self._behind)
        code = await process.wait()
        if not ready.done():
            ready.set_exception(SeccError(failure or f"the SECC ended with code {code}{self._log_tail()}"))
        elif self._process is process:
            self.on_event(SeccEvent("error", 0, {"reason": f"the SECC process ended with code {code}"}))

    def _log_tail(self) -> str:
        if self._log is None or not self._log.exists():
            return ""
        lines = self._log.read_text(errors="replace").splitlines()[-5:]
        return "; its log ends: " + " | ".join(lines) if lines else ""
