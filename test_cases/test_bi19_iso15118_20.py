"""BI-19: ISO 15118-20 sessions in which the car gives power to the grid."""

import pytest

from harness.case import needs, takes, verifies
from harness.hands import AsFarAsItGoes, Bench, Car, Claims, IfItComes, Station, Steps
from harness.judge import v2g

_SESSIONS = [
    pytest.param(
        "DC_BPT",
        "Dynamic",
        "BI-19.1",
        id="DC_BPT-Dynamic",
        marks=[verifies("BI-19.1"), needs(station="dc_bpt", product="DC bidirectional")],
    ),
    pytest.param(
        "DC_BPT",
        "Scheduled",
        "BI-19.2",
        id="DC_BPT-Scheduled",
        marks=[verifies("BI-19.2"), needs(station="dc_bpt", product="DC bidirectional")],
    ),
    pytest.param(
        "AC_BPT",
        "Dynamic",
        "BI-19.3",
        id="AC_BPT-Dynamic",
        marks=[verifies("BI-19.3"), needs(station="ac_bpt", product="AC bidirectional")],
    ),
    pytest.param(
        "AC_BPT",
        "Scheduled",
        "BI-19.4",
        id="AC_BPT-Scheduled",
        marks=[verifies("BI-19.4"), needs(station="ac_bpt", product="AC bidirectional")],
    ),
]


@pytest.mark.parametrize(("service", "control", "criterion"), _SESSIONS)
@verifies("BI-19.5", "BI-19.8", "SC-09.7")
@needs(ocpp="2.1", ev="iso15118", bench="meter pilot")
@takes(4)
async def test_the_car_discharges(
    station: Station,
    ev: Car,
    bench: Bench,
    step: Steps,
    claim: Claims,
    if_it_comes: IfItComes,
    as_far_as_it_goes: AsFarAsItGoes,
    service: str,
    control: str,
    criterion: str,
) -> None:
    """A car discharges with this service and control mode, encrypted, and never beyond its own limits."""
    begin = step.mark()
    with as_far_as_it_goes():
        async with step(f"a {service} session with {control.lower()} control"), ev.session(service, control) as session:
            async with step("4 kW to the grid"):
                await ev.central_setpoint("-4000 W")
                session.want(-4000.0)  # in a scheduled session the car decides, within what the charger allows
                await if_it_comes(ev.exports("1000 W"))
                await bench.meter.observe(for_s=1.5)
            await if_it_comes(station.expect("NotifyEVChargingNeeds", since=begin, within_s=1))
    claim(v2g.discharges, criterion, service=service, control=control, since=begin)
    claim(v2g.tls_1_3, "BI-19.5", since=begin)
    claim(v2g.within_the_cars_limits, "BI-19.8", since=begin)
    claim(v2g.tells_the_backend, "SC-09.7", since=begin)
