"""SC-07: the control pilot and the voltage at the car's contacts, mode 3."""

from harness.case import serves
from harness.hands import RateUnit, Stand
from harness.judge.bench import pilot

_PURPOSES = ("TxDefaultProfile", "TxProfile", "ChargingStationMaxProfile")
STANDS_S = 6  # for so long after the time to switch off a fault still stands


@serves("CP-A.P001", "CP-A.P002", "CP-A.P003", "CP-A.P004", "CP-A.P005")
async def test_voltage_follows_the_pilot(stand: Stand) -> None:
    """No voltage without a ready car; voltage in state C; the duty cycle tells the limit; off when the car leaves C."""
    wire = stand.bench.pilot
    at = await stand.settings.rate_unit()
    await stand.settings.pauses_are_no_end()
    async with stand.step("no car, then a car that is not ready") as begin:
        with stand.claim.during(pilot.no_voltage_in, "CP-A.P001", states=["A", "B"], since=begin):
            await wire.observe(for_s=0.8)
            await stand.car.plug_in()
            await wire.observe(for_s=1.0)
    async with stand.step("the car is ready and may charge"):
        with stand.claim.during(pilot.energised_in_c, "CP-A.P002", since=begin):
            await stand.station.set_charging_profile(limit=at(13))
            await stand.if_it_comes(stand.car.charge(at_least="10 A"))
        await wire.observe(for_s=1.2)
        stand.claim(pilot.duty_advertises, "CP-A.P003", current_a=13)
    async with stand.step("the car is no longer ready"):
        left = await stand.marked(wire.not_ready())
        with stand.claim.during(pilot.switches_off, "CP-A.P004", "CP-A.P005", since=left):
            await wire.observe(for_s=1.0)
    async with stand.step("another limit while the car waits"):
        await stand.station.set_charging_profile(limit=at(10))
        told = wire.until(lambda v: v["duty_pct"] < 17.5, what="the duty cycle is that of 10 A (16.7 %)", within_s=5)
        await stand.if_it_comes(told)
        await wire.observe(for_s=1.2)
        stand.claim(pilot.duty_advertises, "CP-A.P003", current_a=10)
    async with stand.step("the car charges again, and its plug is torn out"):
        await wire.ready()
        await stand.if_it_comes(stand.car.draws(at_least="6 A"))
        torn = await stand.marked(stand.car.tear_out())
        with stand.claim.during(pilot.switches_off, "CP-A.P004", "CP-A.P005", since=torn):
            await wire.observe(for_s=1.0)


async def _high_limits(stand: Stand) -> None:
    """8 A more than the rating, as each purpose and in each unit that the charger knows."""
    station, wire, pixit = stand.station, stand.bench.pilot, stand.pixit
    known = await stand.settings.read("SmartChargingCtrlr", "RateUnit") or "A"
    units = {"A": RateUnit("A", 1.0), "W": RateUnit("W", pixit.nominal_v * pixit.phases)}
    watch_s = stand.limit_s("response") + 1
    await stand.car.charge(at_least="6 A")
    await wire.observe(for_s=1.2)
    own = stand.mark()
    for unit, purpose in ((u, p) for u in units if u in known for p in _PURPOSES):
        high = units[unit](pixit.rated_current_a + 8)
        async with stand.step(f"{high} as {purpose}"):
            sent = await station.set_charging_profile(limit=high, purpose=purpose, profile_id=4791)
            with stand.claim.during(pilot.offers_no_more, than=own, since=sent.call, rated_a=pixit.rated_current_a):
                await wire.observe(for_s=watch_s)
            if sent.accepted:
                await station.clear_charging_profile(4791)


@serves("CP-A.P401")
async def test_no_limit_raises_the_offer_above_its_own(stand: Stand) -> None:
    """Limits above its rating, with the usual cable."""
    await _high_limits(stand)


@serves("CP-A.P402")
async def test_no_limit_raises_the_offer_above_the_cable_s(stand: Stand) -> None:
    """The same with a cable for 20 A."""
    await stand.bench.pilot.cable(20)
    await _high_limits(stand)


@serves("CP-A.P006", "CP-A.P007")
async def test_voltage_goes_on_a_pilot_fault(stand: Stand) -> None:
    """A pilot shorted to earth, and a car without its diode, take the voltage away."""
    wire = stand.bench.pilot
    for kind, words in (("E", "the pilot is shorted to earth"), ("diode", "the car's diode is missing")):
        async with stand.step(words):
            await stand.car.charge(at_least="6 A")
            fault = await stand.marked(wire.fault(kind))
            off = wire.until(
                lambda v: not v["mains_on"], what="the voltage is off", within_s=stand.limit_s("off") + 0.5
            )
            with stand.claim.during(pilot.switches_off, "CP-A.P006", "CP-A.P007", since=fault):
                await stand.if_it_comes(off)
                await wire.observe(for_s=0.5)
            await wire.clear_fault()
            await stand.car.leave()


@serves("CP-A.P101")
async def test_no_voltage_where_the_fault_was_there_before(stand: Stand) -> None:
    """A fault before the car may charge, and one in a pause: the car asks for voltage (state C) and gets none."""
    wire, watch_s = stand.bench.pilot, stand.limit_s("off") + 1

    async def faulty(kind: str) -> None:
        fault = await stand.marked(wire.fault(kind))
        with stand.claim.during(pilot.stays_off, since=fault, group=kind):
            await stand.car.authorise_as_it_is()
            if kind == "diode":
                await wire.ready()  # a pilot at earth shows no state C
            await wire.observe(for_s=watch_s)
        await wire.clear_fault()
        await stand.car.leave()

    await stand.settings.pauses_are_no_end()
    for kind in ("diode", "E"):
        async with stand.step(f"{kind}: from the start"):
            await stand.car.plug_in()
            await wire.observe(for_s=0.5)
            await faulty(kind)
        async with stand.step(f"{kind}: in a pause") as begin:
            await stand.if_it_comes(stand.car.charge(at_least="6 A"))
            stand.claim.control(pilot.energised_in_c, since=begin, group=kind)
            await wire.not_ready()
            await stand.if_it_comes(wire.until(lambda v: not v["mains_on"], what="the voltage is off", within_s=5))
            await faulty(kind)


@serves("CP-A.P103")
async def test_voltage_stays_away_while_a_fault_stands(stand: Stand) -> None:
    """The fault stands for many seconds; a car without its diode opens and closes its contact meanwhile."""
    wire, stands_s = stand.bench.pilot, stand.limit_s("off") + STANDS_S
    for kind in ("E", "diode"):
        async with stand.step(f"{kind} stands"):
            await stand.car.charge(at_least="6 A")
            fault = await stand.marked(wire.fault(kind))
            with stand.claim.during(pilot.switches_off, since=fault, group=kind):
                await wire.observe(for_s=stands_s)
                if kind == "diode":
                    await wire.not_ready()
                    await wire.observe(for_s=1)
                    await wire.ready()
                    await wire.observe(for_s=STANDS_S)
            await wire.clear_fault()
            await stand.car.leave()


@serves("CP-A.P102")
async def test_voltage_goes_each_time(stand: Stand) -> None:
    """The car pauses again and again: in one session, in the next without unplugging, and in one more."""
    wire, car = stand.bench.pilot, stand.car

    async def pauses() -> None:
        for turn in range(round(stand.limit_s("pauses"))):
            async with stand.step(f"pause {turn + 1}"):
                await wire.ready()
                await stand.if_it_comes(car.draws(at_least="6 A"))
                left = await stand.marked(wire.not_ready())
                with stand.claim.during(pilot.switches_off, since=left):
                    await wire.observe(for_s=stand.limit_s("off") + 1)

    await stand.settings.pauses_are_no_end()
    await car.charge(at_least="6 A")
    await pauses()
    async with stand.step("another session, and the plug stays in"):
        await car.end_session()
        await stand.quiet(within_s=5)
        await car.authorise()
        await wire.ready()
        on = wire.until(lambda v: v["mains_on"], what="voltage in the next session", within_s=10)
        again = await stand.if_it_comes(on)  # a charger may want the plug out first
    if again is not None:
        await pauses()
    await car.leave()
    await car.charge(at_least="6 A")
    await pauses()
