"""The charger's own certificate, renewed: signed as it should be, or as it must be refused."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from harness.csms import V21, Answer
from harness.hands._ports import Ports
from harness.hands._reach import Reach
from harness.hands._waits import Waits

SIGNS_WITHIN_S = 60.0  # an RSA key takes a small machine its time
COMES_BACK_WITHIN_S = 10.0
_KIND = "ChargingStationCertificate"


class Renewal:
    """`await stand.renewal.hand_over("unknown_ca")`: A02 from the trigger to the charger's answer."""

    def __init__(self, ports: Ports, reach: Reach, waits: Waits) -> None:
        self._ports, self._reach, self._waits = ports, reach, waits
        self._took_a_wrong_one = False
        self.has_a_key_of_its_own = False
        self.trigger: Answer | None = None

    @asynccontextmanager
    async def harmless(self) -> AsyncIterator[None]:
        """Until left, who took what it should have refused is let in; then it is given a right one."""
        pki = self._ports.csms.pki
        pki.lets_strangers_in = True
        try:
            yield
            if self._took_a_wrong_one:
                await self.hand_over()
        finally:
            pki.lets_strangers_in = False

    async def hand_over(self, how: str = "") -> Answer | None:
        """Have the charger ask for a certificate, and hand it one; what it answered.

        `how`: "unknown_ca" or "expired"; else it is as it should be, and the charger is waited for until it is back.
        None when it never asked, or asked for what nobody may sign; `trigger` is its answer when it was told to ask,
        which it may refuse (F06.FR.05).
        """
        csms, station = self._ports.csms, await self._reach.connected()
        undo = csms.answer_with("SignCertificate", lambda _payload, _station: {"status": "Accepted"})
        try:
            self.trigger = trigger = await station.trigger_message("SignChargingStationCertificate")
            wait = station.expect("SignCertificate", since=trigger.call, within_s=SIGNS_WITHIN_S)
            asked = await self._waits.if_it_comes(wait) if trigger.accepted else None
            if asked is None:
                return None
            self.has_a_key_of_its_own = self._is_new(str(asked.payload.get("csr", "")))
            chain = await asyncio.to_thread(csms.signed_for, station, str(asked.payload.get("csr", "")), how)
            if chain is None:
                return None
            number = asked.payload.get("requestId") if station.version == V21 else None
            answer = await station.certificate_signed(chain, kind=_KIND, request_id=number)
        finally:
            undo()
        if answer.accepted:
            self._took_a_wrong_one = bool(how)
            await self._waits.if_it_comes(station.until_disconnected(COMES_BACK_WITHIN_S))
            await self._reach.connected()
        return answer

    def _is_new(self, csr_pem: str) -> bool:
        """Whether a request is for another key than any that a caller has come with (A02.FR.02)."""
        try:
            key = x509.load_pem_x509_csr(csr_pem.encode()).public_key()
        except ValueError:
            return False
        octets = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        seen = {e.data.get("peer_key") for e in self._ports.recorder.events if e.kind == "tls.handshake"}
        return hashlib.sha256(octets).hexdigest() not in seen
