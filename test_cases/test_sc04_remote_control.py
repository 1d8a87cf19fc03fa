"""SC-04: the backend controls the charging power remotely, in near real time."""

from harness.case import needs, takes, verifies
from harness.hands import Bench, Car, Claims, IfItComes, Pixit, Settings, Station, Steps
from harness.judge import metering, setpoints, timing


@verifies("SC-04.1", "SC-04.2", "SC-04.3", "SC-04.4")
@needs(station="smart_charging", bench="meter pilot")
@takes(4, dwells=3)
async def test_current_follows_the_limit_down_to_zero_and_up_again(
    station: Station, ev: Car, step: Steps, claim: Claims, settings: Settings
) -> None:
    """During charge, a limit is reduced, set to zero and raised; the current follows in time and stays."""
    at = await settings.rate_unit()
    await settings.pauses_are_no_end()
    async with step("the car draws more than the limit to come"):
        await ev.charge(at_least="13 A")  # one for 16 A gets there, also when it keeps a little below what it may
        claim.control(setpoints.draws_at_least, "SC-04.2", value=13, unit="A")
    async with step("reduce to 10 A"):
        reduced = await station.set_charging_profile(limit=at(10))
        await ev.settles(at_most=at(10))
        claim(setpoints.limit_holds, "SC-04.2", limit=reduced.call)
    async with step("reduce to zero"):
        zero = await station.set_charging_profile(limit=at(0))
        await ev.settles(at_most="0 A")
        claim(setpoints.limit_holds, "SC-04.3", limit=zero.call)
    async with step("allow 13 A again"):
        raised = await station.set_charging_profile(limit=at(13))
        await ev.settles(at_least=at(11), at_most=at(13))
        claim(setpoints.rises_to, "SC-04.4", limit=raised.call, value=at.number(11))
    claim(timing.answered, "SC-04.1", calls=[a.call.seq for a in (reduced, zero, raised)])


@verifies("SC-04.1")
@needs(station="smart_charging", without="pilot")
@takes(1)
async def test_limits_are_answered_in_time(station: Station, step: Steps, claim: Claims, settings: Settings) -> None:
    """With no car there, limits for sessions to come are answered in time and accepted."""
    at = await settings.rate_unit()
    async with step("10 A, nothing, and 13 A for sessions to come"):
        answers = [await station.set_charging_profile(limit=at(amps)) for amps in (10, 0, 13)]
    claim(timing.answered, calls=[a.call.seq for a in answers])


@verifies("SC-04.5")
@needs(station="smart_charging", bench="meter pilot")
@takes(3, dwells=1)
async def test_power_follows_a_limit_in_watts(
    station: Station, ev: Car, step: Steps, claim: Claims, pixit: Pixit
) -> None:
    """During charge, a limit in W binds the total power within the response time."""
    limit_w = round(8 * pixit.nominal_v * pixit.phases)
    async with step("the car draws more than the limit to come"):
        await ev.charge(at_least="12 A")
        claim.control(setpoints.draws_at_least, value=limit_w * 1.3, unit="W")
    async with step(f"limit to {limit_w} W"):
        limit = await station.set_charging_profile(power=f"{limit_w} W")
        await ev.settles(at_most=f"{limit_w} W")
        claim(setpoints.limit_holds, limit=limit.call)


@verifies("SC-04.6")
@needs(station="smart_charging", bench="meter pilot")
@takes(3, dwells=1)
async def test_a_limit_set_before_charging_binds_from_the_start(
    station: Station, ev: Car, step: Steps, claim: Claims, if_it_comes: IfItComes, settings: Settings
) -> None:
    """A limit that the backend set while no car was there binds as soon as one charges."""
    at = await settings.rate_unit()
    async with step("set 9 A while nobody charges"):
        await ev.rests()
        limit = await station.set_charging_profile(limit=at(9))
    async with step("a car comes and charges"):
        await ev.charge(at_least="7 A")
        await ev.settles(at_most=at(9))
        claim(setpoints.never_above, limit=limit.call)
    async with step("the control: without the limit the same car draws more"):
        await station.clear_charging_profile(purpose="TxDefaultProfile")
        await if_it_comes(ev.draws(at_least="13 A"))
        claim.control(setpoints.draws_at_least, value=13, unit="A")


@verifies("SC-04.7")
@needs(bench="meter pilot")
@takes(6)
async def test_reported_power_agrees_with_the_meter(
    station: Station, ev: Car, bench: Bench, step: Steps, claim: Claims, settings: Settings
) -> None:
    """While a car charges steadily, the power that the charger reports is what the bench's meter shows."""
    await settings.include("SampledDataCtrlr", "TxUpdatedMeasurands", "Power.Active.Import")
    every = await settings.change("SampledDataCtrlr", "TxUpdatedInterval", "1")
    asked_for = await settings.read("SampledDataCtrlr", "TxUpdatedMeasurands")  # with none, there is nothing to send
    async with step("a car charges steadily") as charging:
        await ev.charge(at_least="6 A")
        await bench.meter.observe(for_s=4)
    claim(metering.reported_agrees, since=charging, every=every.call if asked_for else None)
