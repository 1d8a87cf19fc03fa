"""ISO 15118-2 and DIN 70121 DC sessions against the iso15118 package's own SECC."""

from __future__ import annotations

import asyncio

import pytest

from ev_emulator import Codec, OlderEvcc, load_vehicle
from ev_emulator._values import number
from ev_emulator.session._evcc_older import physical
from harness.trace import Recorder
from tests.ev.conftest import PackageSecc


@pytest.mark.parametrize("protocol", ["ISO 15118-2", "DIN 70121"])
def test_a_dc_session(protocol: str, codec: Codec, recorder: Recorder, secc: PackageSecc) -> None:
    """From session setup to session stop: every answer is OK and the charger delivers the current that is asked for."""

    async def run() -> float | None:
        vehicle = load_vehicle("bidirectional_dc_400v")
        evcc = OlderEvcc(vehicle, codec, recorder, "lo", sdp_target="::1", sdp_port=secc.sdp_port, patience_s=15)
        try:
            await evcc.discover()
            await evcc.connect()
            await evcc.negotiate([protocol])
            await evcc.session_setup()
            await evcc.service_discovery()
            await evcc.payment_selection()
            await evcc.authorize()
            await evcc.charge_parameter_discovery()
            await evcc.cable_check()
            await evcc.pre_charge()
            await evcc.power_delivery("Start")
            for _ in range(3):
                response = await evcc.current_demand(12.5)
            await evcc.power_delivery("Stop")
            await evcc.welding_detection()
            await evcc.session_stop()
            return number(response["EVSEPresentCurrent"])
        finally:
            await evcc.close()

    assert asyncio.run(run()) == pytest.approx(12.5, abs=0.1)
    codes = {}
    for event in recorder.events:
        if event.kind == "v2g.message" and event.data["dir"] == "in" and "V2G_Message" in event.data["payload"]:
            body = event.data["payload"]["V2G_Message"]["Body"]
            codes[event.data["name"]] = next(iter(body.values()))["ResponseCode"]
    assert codes["SessionStopRes"] == "OK"
    assert all(code.startswith("OK") for code in codes.values()), codes
    assert {e.data["payload_type"] for e in recorder.events if e.kind == "v2g.message"} == {0x8001}


def test_physical_values_fit_their_short() -> None:
    """50 kW needs a multiplier, a tenth of an ampere keeps its tenth, and too much is refused."""
    assert number(physical(50_000, "W")) == 50_000
    assert number(physical(12.5, "A")) == 12.5
    with pytest.raises(ValueError, match="does not fit"):
        physical(1e9, "W")
