"""`python -m tests.thorough._losable`: the emulated charger, which goes in a given way once it is sent SIGUSR1.

The way stands in CHARGEPROOF_GOES: `line` (its network cable is out, the bench goes on), `mute` (it says and answers
nothing), `boots only` (it boots, again and again when it is connected anew, and answers nothing). With
CHARGEPROOF_GONE=1 it is so from its start.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from harness.emulator import _station
from harness.emulator.__main__ import main
from harness.emulator.ocpp.line._rpc import CALL, CALLERROR, CALLRESULT, Rpc

WAY, FROM_THE_START = "CHARGEPROOF_GOES", "CHARGEPROOF_GONE"
_gone = [os.environ.get(FROM_THE_START) == "1"]


class _Deaf(Rpc):
    """Once gone, nothing leaves it (but boots), and what it is asked reaches nobody."""

    def __init__(self, version: str, send: Any, *others: Any) -> None:
        async def told(text: str) -> None:
            if not _gone[0] or self._is_heard(json.loads(text)):
                await send(text)

        super().__init__(version, told, *others)

    def _is_heard(self, frame: list[Any]) -> bool:
        return os.environ.get(WAY) == "boots only" and frame[0] == CALL and frame[2] == "BootNotification"

    async def on_text(self, raw: str | bytes) -> None:
        """What answers its boots is read, and nothing else."""
        if not _gone[0] or json.loads(raw)[0] in (CALLRESULT, CALLERROR):
            await super().on_text(raw)


class Losable(_station.Station):
    """The emulated charger that can be told to go."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        assert self.ocpp is not None
        self._line = self.ocpp.connection
        provisioning = self.ocpp.provisioning
        plain = provisioning.connected
        if os.environ.get(WAY) != "line":
            self._line.make_rpc = _Deaf

        async def connected(offline_s: float | None) -> None:
            if _gone[0]:
                provisioning.status = ""  # it boots again, whatever it was told
            await plain(offline_s)

        provisioning.connected = connected  # type: ignore[method-assign]
        signal.signal(signal.SIGUSR1, lambda *_: self._go())

    def _go(self) -> None:
        _gone[0] = True
        if os.environ.get(WAY) == "line":
            self._line.unplug_network(True)


if __name__ == "__main__":
    _station.Station = Losable  # type: ignore[assignment,misc]
    sys.exit(main())
