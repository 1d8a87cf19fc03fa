"""G03: changing availability."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import service, told
from harness.judge.ocpp import answers, core_ocpp


@serves("OCPP-G03.P001")
async def test_an_evse_is_taken_out_of_service_and_back(stand: Stand) -> None:
    """Taken out of service, its connectors are reported as unavailable; put back, as available."""
    evse = stand.pixit.evse_id
    async with stand.step("out of service, and back") as begin:
        down = await stand.settings.out_of_service()
        await stand.until_status("Unavailable", since=begin)
        up = await stand.station.change_availability("Operative", evse)
        await stand.until_status("Available", since=up.call)
    stand.claim(answers.says, call=down.call, accept=["Accepted"])
    stand.claim(core_ocpp.reports_status, states=["Unavailable", "Available"], evse_id=evse, since=begin)


@serves("OCPP-G03.P002")
async def test_a_session_is_not_broken_off_to_go_out_of_service(stand: Stand) -> None:
    """While a car charges, going out of service is scheduled; it is called off before the car goes."""
    async with stand.step("out of service while a car charges"):
        down = await stand.settings.out_of_service()
    stand.claim(answers.says, call=down.call, accept=["Scheduled"])


@serves("OCPP-G03.P003")
async def test_out_of_service_outlives_a_reset(stand: Stand) -> None:
    """Taken out of service, and reset: it is still out of service."""
    evse, connector = stand.pixit.evse_id, stand.pixit.ac_connector
    async with stand.step("out of service, and a reset"):
        down = await stand.settings.out_of_service()
        await stand.until_status("Unavailable", since=down.call)
        reset = await stand.restarted()
    stand.claim.control(answers.says, call=down.call, accept=["Accepted"])
    stand.claim.control(answers.says, call=reset.call, accept=["Accepted"])
    stand.claim(told.out_of_service, since=reset.call, evse_id=evse, connector_id=connector)


@serves("OCPP-G03.P004")
async def test_out_of_service_when_the_session_has_ended(stand: Stand) -> None:
    """The connector, its EVSE, the whole station; each while a car charges; the car goes, and another one may come."""
    evse, connector = stand.pixit.evse_id, stand.pixit.ac_connector
    for scope in ("connector", "evse", "station"):
        async with stand.step(f"out of service: the {scope}, while a car charges"):
            await stand.car.charge(at_least="6 A")
            down = await stand.settings.out_of_service(scope)
            stand.claim.control(answers.says, call=down.call, accept=["Scheduled"], group=scope)
        async with stand.step("the car goes"):
            await stand.car.leave()
            await stand.until_status("Unavailable", since=down.call)
            await stand.quiet(within_s=5, for_s=2)
        stand.claim(told.taken_out, since=down.call, evse_id=evse, connector_id=connector, group=scope)
        back = await stand.settings.in_service_again(scope)
        await stand.until_status("Available", since=back.call)


@serves("OCPP-G03.P005")
async def test_what_waits_for_a_session_outlives_a_reset(stand: Stand) -> None:
    """A car charges, its EVSE is to go out of service, and the charger is reset: it is out of service then."""
    evse, connector = stand.pixit.evse_id, stand.pixit.ac_connector
    async with stand.step("out of service while a car charges, and a reset at once"):
        await stand.car.charge(at_least="6 A")
        down = await stand.settings.out_of_service()
        reset = await stand.restarted()
        await stand.car.leave()
        await stand.quiet(within_s=5, for_s=2)
    stand.claim.control(answers.says, call=down.call, accept=["Scheduled"])
    stand.claim.control(answers.says, call=reset.call, accept=["Accepted"])
    stand.claim(told.out_of_service, since=reset.call, evse_id=evse, connector_id=connector)


@serves("OCPP-G03.P401")
async def test_each_connector_goes_back_into_service(stand: Stand) -> None:
    """The EVSE, and then the whole station, out of service and back."""
    for scope in ("evse", "station"):
        async with stand.step(f"out of service, and back: the {scope}"):
            down = await stand.settings.out_of_service(scope)
            await stand.until_status("Unavailable", since=down.call)
            await stand.quiet(within_s=5, for_s=1.5)
            up = await stand.settings.in_service_again(scope)
            await stand.until_status("Available", since=up.call)
            await stand.quiet(within_s=5, for_s=1.5)
        stand.claim.control(answers.says, call=down.call, accept=["Accepted"], group=scope)
        stand.claim(answers.says, call=up.call, accept=["Accepted"], group=scope)
        stand.claim(service.all_back, down=down.call, up=up.call, evse_id=stand.pixit.evse_id, group=scope)
