"""BI-16, BI-18 and BI-20.2: setpoints hold for discharging too, and the light shows it."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.bench import light
from harness.judge.power import setpoints


@serves("OCPP-Q04.P001", "OCPP-Q04.P002", "OCPP-Q04.P003", "LIGHT-V2X.P001", "LIGHT-V2X.P002", "LIGHT-V2X.P003")
async def test_discharge_follows_the_setpoint_and_the_light_shows_it(stand: Stand) -> None:
    """The backend's setpoint makes the car charge, discharge, rest, and discharge again; the light tells which."""
    car, eye, pixit = stand.car, stand.bench.light, stand.pixit
    charge_w = round(min(3000, 0.8 * (pixit.rated_charge_w or 3750)))  # within what the charger is rated for
    out_w = round(min(5000, 0.8 * (pixit.rated_discharge_w or 6250)))
    again_w = round(0.6 * out_w)
    following = partial(stand.claim.during, setpoints.setpoint_followed, group="setpoint")
    await stand.settings.pauses_are_no_end()
    async with stand.step("free, then a car that charges"):
        await eye.observe(for_s=0.6)
        async with car.session("BPT", "Dynamic"):
            charge = await car.central_setpoint(f"{charge_w} W")
            await car.settles(near=f"{charge_w} W")
            stand.claim.control(setpoints.setpoint_followed, "OCPP-Q04.P001", limit=charge.call, group="setpoint")
            async with stand.step(f"{out_w} W to the grid"):
                out = await car.central_setpoint(f"-{out_w} W")
                with following("OCPP-Q04.P001", limit=out.call):
                    await car.settles(near=f"-{out_w} W")
                    await eye.observe(for_s=stand.limit_s("follow"))
            async with stand.step("rest"):
                rest = await car.central_setpoint("0 W")
                with following("OCPP-Q04.P002", limit=rest.call):
                    await car.settles(near="0 W")
            async with stand.step(f"{again_w} W to the grid"):
                again = await car.central_setpoint(f"-{again_w} W")
                with following("OCPP-Q04.P003", limit=again.call):
                    await car.settles(near=f"-{again_w} W")
        await eye.observe(for_s=stand.limit_s("follow") + 0.5)
    stand.claim(light.shows_export, "LIGHT-V2X.P001", group="light")
    stand.claim(light.silent_otherwise, "LIGHT-V2X.P002", group="light")
    stand.claim(light.distinct, "LIGHT-V2X.P003", group="light")


@serves("OCPP-Q04.P101", "LIGHT-V2X.P101")
async def test_a_long_discharge_goes_on_and_the_light_with_it(stand: Stand) -> None:
    """A setpoint towards the grid that nobody repeats goes on, and the light goes on showing it."""
    async with stand.car.session("BPT", "Dynamic"), stand.step("3 kW to the grid, and then not a word"):
        await stand.bench.light.observe(for_s=1.0)
        out = await stand.car.central_setpoint("-3000 W")
        follows = partial(stand.claim.during, setpoints.setpoint_followed, "OCPP-Q04.P101", hold="long_dwell")
        with follows(limit=out.call):
            await stand.car.settles(near="-3000 W", hold="long_dwell")
        stand.claim(light.shows_export, "LIGHT-V2X.P101")


@serves("OCPP-Q04.P102")
async def test_a_schedule_of_setpoints_is_followed(stand: Stand) -> None:
    """3 kW to the grid, then 1.5 kW, as a schedule says."""
    gap_s = round(stand.limit_s("response") + stand.limit_s("dwell")) + 3
    steps = [(0, -3000), (60 + gap_s, -1500)]  # schedules begin a minute in the past
    async with stand.car.session("BPT", "Dynamic"):
        plan = await stand.car.central_setpoints(steps)
        for period, (start_s, watts) in enumerate(steps):
            async with stand.step(f"{watts} W"):
                await stand.until_after(plan.call, start_s - 60, "the step begins")
                with stand.claim.during(setpoints.setpoint_followed, limit=plan.call, period=period):
                    await stand.car.settles(near=f"{watts} W")


@serves("LIGHT-V2X.P102")
async def test_the_light_of_a_discharge_is_not_that_of_trouble(stand: Stand) -> None:
    """Out of service, a fault of the pilot, a charge, a discharge: the light of the last is none of the others'."""
    station, eye, wire, evse = stand.station, stand.bench.light, stand.bench.pilot, stand.pixit.evse_id
    look_s = 2 * stand.limit_s("follow") + 1
    async with stand.step("out of service"):
        await station.change_availability("Inoperative", evse_id=evse)
        await eye.observe(for_s=look_s)
        await station.change_availability("Operative", evse_id=evse)
    async with stand.step("a fault of the pilot"):
        await stand.car.charge(at_least="6 A")
        await wire.fault("E")
        await eye.observe(for_s=look_s)
        await wire.clear_fault()
        await stand.car.leave()
    async with stand.step("a charge, and a discharge"), stand.car.session("BPT", "Dynamic"):
        for watts in ("3000 W", "-3000 W"):
            await stand.car.central_setpoint(watts)
            await stand.car.settles(near=watts)
            await eye.observe(for_s=look_s)
    stand.claim(light.distinct)


@serves("LIGHT-V2X.P103")
async def test_the_light_of_a_discharge_ends_with_the_session(stand: Stand) -> None:
    """The backend stops a session, and a plug is pulled, while energy flows to the grid; the light follows."""
    car, eye, look_s = stand.car, stand.bench.light, stand.limit_s("follow") + 1
    for by in ("the backend", "the plug"):
        async with stand.step(f"a discharge that {by} ends"):
            async with car.session("BPT", "Dynamic"):
                await car.central_setpoint("-3000 W")
                await car.settles(near="-3000 W")
                await eye.observe(for_s=look_s)
                if by == "the plug":
                    await car.tear_out()
                elif stand.station.transaction is not None:
                    await stand.station.request_stop_transaction()
                await eye.observe(for_s=2 * look_s)
            await car.leave()
            await eye.observe(for_s=look_s)
    stand.claim(light.silent_otherwise)


@serves("OCPP-Q04.P103", "OCPP-Q04.P104")
async def test_each_new_setpoint_is_followed(stand: Stand) -> None:
    """More and less, to the grid and to the car, straight from one to the next; and after a long rest."""
    car = stand.car
    follows = partial(stand.claim.during, setpoints.setpoint_followed)
    await stand.settings.pauses_are_no_end()
    async with car.session("BPT", "Dynamic"):
        for watts in (-1500, -3000, -2000, 1500, 3000, 2000, -3000):
            async with stand.step(f"{watts} W"):
                new = await car.central_setpoint(f"{watts} W")
                with follows("OCPP-Q04.P103", limit=new.call, group="changes"):
                    await car.settles(near=f"{watts} W")
        async with stand.step("rest, for long"):
            await car.central_setpoint("0 W")
            await stand.dwell("long_dwell", "the power is away for long")
        for watts in (-3000, 3000):
            async with stand.step(f"{watts} W after the rest"):
                new = await car.central_setpoint(f"{watts} W")
                with follows("OCPP-Q04.P104", limit=new.call, group="rest"):
                    await car.settles(near=f"{watts} W")


@serves("OCPP-Q04.P105")
async def test_a_schedule_of_setpoints_goes_on_without_the_backend(stand: Stand) -> None:
    """3 kW to the grid, then 1.5 kW while the charger is offline."""
    gap_s = round(stand.limit_s("response") + stand.limit_s("dwell")) + 3
    await stand.settings.quick_reconnect()
    async with stand.car.session("BPT", "Dynamic"):
        plan = await stand.car.central_setpoints([(0, -3000), (60 + gap_s, -1500)])  # begins a minute in the past
        await stand.car.settles(near="-3000 W")
        stand.claim.control(setpoints.setpoint_followed, limit=plan.call)
        await stand.csms.network.cut("reset")
        async with stand.step("1500 W, offline"):
            await stand.until_after(plan.call, gap_s, "the step begins")
            with stand.claim.during(setpoints.setpoint_followed, limit=plan.call, period=1):
                await stand.car.settles(near="-1500 W")
        await stand.csms.network.restore()
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.pixit.reconnect_s))
