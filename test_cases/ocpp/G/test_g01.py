"""G01: the state of the connectors."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import clock, told
from harness.judge.ocpp import core_ocpp
from harness.judge.power import setpoints


@serves("OCPP-G01.P101")
async def test_a_cable_that_was_in_at_boot_is_told(stand: Stand) -> None:
    """A car is in while the charger restarts: its connector is told as occupied, and as free when it has gone."""
    station, boot_s = stand.station, stand.pixit.boot_s
    await stand.car.plug_in()
    async with stand.step("reset with the cable in; then the car goes") as begin:
        await stand.if_it_comes(stand.until_it_boots(await station.reset("Immediate")))
        await stand.if_it_comes(station.until_ready(within_s=boot_s))
        await stand.until_status("Occupied", since=begin)
        gone = stand.mark()
        await stand.car.leave()
        await stand.until_status("Available", since=gone)
    states, evse = ["Occupied", "Available"], stand.pixit.evse_id
    stand.claim(core_ocpp.reports_status, states=states, evse_id=evse, since=begin)


@serves("OCPP-G01.P103")
async def test_a_fault_of_the_pilot_is_told(stand: Stand) -> None:
    """While a car charges, the pilot is shorted to earth and stays so: the charger tells that it is out of order."""
    await stand.car.charge(at_least="6 A")
    async with stand.step("the pilot is shorted to earth") as begin:
        await stand.bench.pilot.fault("E")
        await stand.until_status("Faulted", since=begin)
    evse, connector = stand.pixit.evse_id, stand.pixit.ac_connector
    stand.claim(told.fault, since=begin, evse_id=evse, connector_id=connector)
    async with stand.step("it is mended"):
        await stand.bench.pilot.clear_fault()
        await stand.car.leave()


@serves("OCPP-G01.P104")
async def test_a_plug_that_is_put_back_at_once_is_noticed(stand: Stand) -> None:
    """It did not sit right: out, and in again within a second; then a start, and the car charges."""
    async with stand.step("plugged in, out, and in again"):
        for again in (False, True):
            await stand.car.plug_in()
            await stand.quiet(within_s=5)
            if not again:
                await stand.car.unplug()
    async with stand.step("a start, and the car is ready"):
        await stand.car.authorise()
        await stand.bench.pilot.ready()
        await stand.if_it_comes(stand.car.draws(at_least="6 A"))
        stand.claim(setpoints.draws_at_least, value=5, unit="A")


@serves("OCPP-G01.P401")
async def test_a_state_bears_the_time_of_its_change(stand: Stand) -> None:
    """Well after its start a car comes, and goes: both are told with the time of then, and not of the start."""
    evse, well_s = stand.pixit.evse_id, 2 * stand.limit_s("clock") + 5
    await stand.until_after(stand.mark(), well_s, "its start is long enough ago")
    async with stand.step("a car comes") as comes:
        await stand.car.plug_in()
        await stand.until_status("Occupied", since=comes)
    stand.claim(clock.of_the_change, since=comes, evse_id=evse, state="Occupied")
    async with stand.step("and goes") as goes:
        await stand.car.leave()
        await stand.until_status("Available", since=goes)
    stand.claim(clock.of_the_change, since=goes, evse_id=evse, state="Available")
