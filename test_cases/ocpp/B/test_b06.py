"""B06: what must not be read."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import core_ocpp, secrets


@serves("OCPP-B06.P101")
async def test_what_may_only_be_written_is_not_read(stand: Stand) -> None:
    """The password, and whatever else the charger calls write-only: asked for, and reported, without a value."""
    station = stand.station
    async with stand.step("have the report of its security, and read what it calls write-only"):
        known = await station.get_variables([("SecurityCtrlr", "SecurityProfile")])
        report, named = await stand.settings.write_only()
        read = [await station.get_variables([each]) for each in named]
    stand.claim.control(core_ocpp.known_variable_told, get=known.call)
    stand.claim(secrets.stay_secret, calls=[answer.call.seq for answer in read], report=report.answer.call)
