"""G03 and G04: in and out of service, a connector, an EVSE and the whole station, once and once more."""

import pytest

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import told
from harness.judge.ocpp import answers, core_ocpp

_PARTS = [
    pytest.param("connector", marks=serves("OCPP-G03.P111", "OCPP-G03.P112"), id="connector"),
    pytest.param("EVSE", marks=serves("OCPP-G03.P113"), id="EVSE"),
    pytest.param("station", marks=serves("OCPP-G04.P001", "OCPP-G04.P002"), id="station"),
]
_ONCE = {"connector": "OCPP-G03.P111", "station": "OCPP-G04.P001"}
_TWICE = {"connector": "OCPP-G03.P112", "EVSE": "OCPP-G03.P113", "station": "OCPP-G04.P002"}


@pytest.mark.parametrize("part", _PARTS)
async def test_out_of_service_and_back_and_once_more(stand: Stand, part: str) -> None:
    """Twice out of service, and twice back: each is accepted, and what becomes of the connector is told."""
    station, evse = stand.station, stand.pixit.evse_id
    at = {"connector": (evse, stand.pixit.ac_connector), "EVSE": (evse, None), "station": (None, None)}[part]
    async with stand.step(f"the {part} out of service, twice") as begin:
        down = await stand.settings.out_of_service(part.lower())
        await stand.until_status("Unavailable", since=begin)
        still = await station.change_availability("Inoperative", *at)
    async with stand.step("back into service, twice"):
        up = await station.change_availability("Operative", *at)
        await stand.until_status("Available", since=up.call)
        again = await station.change_availability("Operative", *at)
    for answer in (down, up):
        stand.claim.control(answers.says, _TWICE[part], call=answer.call, accept=["Accepted"])
    for answer in (still, again):
        stand.claim(answers.says, _TWICE[part], call=answer.call, accept=["Accepted"])
    if part in _ONCE:
        stand.claim(answers.says, _ONCE[part], call=down.call, accept=["Accepted"])
        states = ["Unavailable", "Available"]
        stand.claim(core_ocpp.reports_status, _ONCE[part], states=states, evse_id=evse, since=begin)


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("connector", marks=serves("OCPP-G03.P114"), id="connector"),
        pytest.param("station", marks=serves("OCPP-G04.P003"), id="station"),
    ],
)
async def test_out_of_service_outlives_a_reset(stand: Stand, part: str) -> None:
    """A connector, or the whole station, is taken out of service, and reset: it is still out of service."""
    evse, connector = stand.pixit.evse_id, stand.pixit.ac_connector
    async with stand.step("out of service, and a reset"):
        down = await stand.settings.out_of_service(part)
        await stand.until_status("Unavailable", since=down.call)
        reset = await stand.restarted()
    stand.claim.control(answers.says, call=down.call, accept=["Accepted"])
    stand.claim.control(answers.says, call=reset.call, accept=["Accepted"])
    stand.claim(told.out_of_service, since=reset.call, evse_id=evse, connector_id=connector)


@serves("OCPP-G03.P115", "OCPP-G04.P004")
async def test_a_session_is_not_broken_off_for_a_connector_or_the_station(stand: Stand) -> None:
    """While a car charges, going out of service is scheduled, of its connector as of all; then it is called off."""
    for part, purpose in (("connector", "OCPP-G03.P115"), ("station", "OCPP-G04.P004")):
        async with stand.step("out of service while a car charges, and called off"):
            down = await stand.settings.out_of_service(part)
            await stand.settings.in_service_again(part)
        stand.claim(answers.says, purpose, call=down.call, accept=["Scheduled"])
