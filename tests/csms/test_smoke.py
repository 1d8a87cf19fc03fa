"""A station connects, boots, is called and answers, over plain WebSocket and over TLS."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

from tests.csms.rig import PASSWORD, backend, frames, station, timed, trusting


@timed
async def test_a_call_is_answered_and_stands_in_the_trace(tmp_path: Path) -> None:
    """SetChargingProfile goes out, its answer is matched by id and both are recorded in order."""
    async with backend(tmp_path) as csms, station(csms) as raw:
        await raw.boot()
        dut = await csms.station("CS001", within_s=2)
        asked = asyncio.create_task(dut.set_charging_profile(current="10 A"))
        kind, identifier, action, payload = await raw.hear()
        assert (kind, action) == (2, "SetChargingProfile")
        assert payload["chargingProfile"]["chargingSchedule"][0]["chargingSchedulePeriod"][0]["limit"] == 10
        await raw.say(3, identifier, {"status": "Accepted"})
        answer = await asked
        assert answer.accepted and answer.event is not None
        assert answer.event.data["reply_to"] == answer.call.seq
        assert all(not e.data["errors"] for e in frames(csms, "in") + frames(csms, "out"))


@timed
async def test_profile_2_over_tls_with_basic_credentials(tmp_path: Path) -> None:
    """Security profile 2: TLS with the CSMS's own root, HTTP Basic with the identity as user name."""
    async with backend(tmp_path, security_profile=2, identities={"CS001": PASSWORD}) as csms:
        basic = base64.b64encode(f"CS001:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        async with station(csms, tls=trusting(csms), additional_headers=headers, versions=("ocpp2.1",)) as raw:
            await raw.boot()
            dut = await csms.station(within_s=2)
            assert dut.version == "ocpp2.1"
        shaken = next(e for e in csms.recorder.events if e.kind == "tls.handshake")
        assert shaken.data["outcome"] == "completed" and shaken.data["version"] == "TLSv1.3"
        assert shaken.data["client_hello"]["sni"] == "localhost"
