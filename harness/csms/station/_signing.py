"""The CSMS's part in renewing a station's certificate: CSR in, signed chain out (A02, A03)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm

from harness.csms._config import CsmsConfig
from harness.csms._schemas import V21
from harness.csms.pki._pki import Pki
from harness.csms.station._backend import Asking
from harness.csms.station._exchange import NotSeen

STATION = "ChargingStationCertificate"


class Signings:
    """Requests for a certificate of all stations; each station's are worked off one after the other."""

    def __init__(self, pki: Callable[[], Pki], config: Callable[[], CsmsConfig]) -> None:
        self._pki, self._config = pki, config
        self._waiting: dict[str, deque[dict[str, Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: set[str] = set()

    def take(self, station: Asking, asked: dict[str, Any]) -> bool:
        """Sign it soon and push the chain; False when too many of this station's wait already."""
        waiting = self._waiting.setdefault(station.identity, deque())
        if len(waiting) >= self._config().budgets.signings:
            if station.identity not in self._told:
                self._told.add(station.identity)
                allowed = self._config().budgets.signings
                about = {
                    "budget": "requests for a certificate",
                    "allowed": allowed,
                    "done": "rejected from here on",
                    "count": None,
                }
                station.csms.recorder.record("peer.budget", "dut", about, station=station.identity)
            return False
        waiting.append(asked)
        if len(waiting) == 1:
            task = asyncio.ensure_future(self._work_off(station, waiting))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    def cancel(self) -> None:
        """Push no more."""
        for task in list(self._tasks):
            task.cancel()

    async def _work_off(self, station: Asking, waiting: deque[dict[str, Any]]) -> None:
        try:
            while waiting:
                answered = await self._push(station, waiting[0])
                waiting.popleft()
                if not answered and waiting:  # whoever leaves one unanswered holds up nobody with the others
                    reason = f"{len(waiting)} more are not delivered: the one before was not answered"
                    station.csms.recorder.record("csms.certificate", "harness", {"signed": False, "reason": reason})
                    waiting.clear()
        finally:
            waiting.clear()

    async def _push(self, station: Asking, asked: dict[str, Any]) -> bool:
        """Sign one and send CertificateSigned; what cannot be signed is recorded. False when it was not answered."""
        recorder = station.csms.recorder
        kind = str(asked.get("certificateType", STATION))
        names, others = names_of(station.identity, self._config())
        try:
            chain = self._pki().sign_request(
                str(asked.get("csr", "")), names=names if kind == STATION else None, others=others
            )
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            reason = str(error)[:500] or type(error).__name__
            recorder.record("csms.certificate", "harness", {"signed": False, "reason": reason})
            return True
        recorder.record("csms.certificate", "harness", {"signed": True, "reason": None})
        request_id = asked.get("requestId") if station.version == V21 else None
        try:
            answer = await station.certificate_signed(chain, kind=kind, request_id=request_id)
        except NotSeen as error:
            recorder.record("csms.certificate", "harness", {"signed": True, "reason": f"not delivered: {error}"})
            return False
        return not answer.timed_out


def names_of(identity: str, config: CsmsConfig) -> tuple[frozenset[str] | None, frozenset[str]]:
    """What a station's certificate may be called (None: what its CSR says), and what it may not: the others' names."""
    serial = config.serials.get(identity)
    others = {name for each, name in config.serials.items() if each != identity}
    others |= {each for each in config.identities or {} if each != identity}
    return (frozenset((serial, identity)) if serial else None), frozenset(others)
