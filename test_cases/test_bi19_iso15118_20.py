"""BI-19: ISO 15118-20 sessions in which the car gives power to the grid."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.power import setpoints
from harness.judge.v2g import sessions as v2g


@serves("I20-V2G.P001", "I20-V2G.P002", "I20-V2G.P003", "OCPP-K15.P001")
async def test_the_car_discharges(stand: Stand) -> None:
    """A car discharges with this service and control mode, encrypted, and never beyond its own limits."""
    service, control = stand.service.split("/")
    await stand.settings.steered_in_watts()
    begin = stand.mark()
    declared = stand.claim.during(v2g.within_the_cars_limits, "I20-V2G.P003", since=begin)
    with declared, stand.as_far_as_it_goes():
        words = f"a {service} session with {control.lower()} control"
        async with stand.step(words), stand.car.session(service, control) as session:
            async with stand.step("4 kW to the grid"):
                await stand.car.central_setpoint("-4000 W")
                session.want(-4000.0)  # in a scheduled session the car decides, within what the charger allows
                await stand.if_it_comes(stand.car.exports("1000 W"))
                await stand.bench.meter.observe(for_s=1.5)
            await stand.if_it_comes(stand.station.expect("NotifyEVChargingNeeds", since=begin, within_s=1))
    stand.claim(v2g.discharges, "I20-V2G.P001", service=service, control=control, since=begin)
    stand.claim(v2g.tls_1_3, "I20-V2G.P002", since=begin)
    stand.claim(v2g.tells_the_backend, "OCPP-K15.P001", since=begin)


@serves("I20-V2G.P101")
async def test_the_car_lowers_its_limits(stand: Stand) -> None:
    """In the charge loop the car lowers what it takes, then what it gives; the charger would want more of either."""
    begin, watch_s = stand.mark(), stand.limit_s("response") + 3
    async with stand.step("5 kW to the car"), stand.car.session() as session:
        await stand.car.central_setpoint("5000 W")
        await stand.if_it_comes(stand.car.draws(at_least="4000 W"))
        stand.claim.control(setpoints.draws_at_least, value=4000, unit="W")
        async with stand.step("the car takes 2 kW at most, and gives 1.5 kW at most"):
            session.lower(charge_w=2000, discharge_w=1500)
            await stand.bench.meter.observe(for_s=watch_s)
            await stand.car.central_setpoint("-4000 W")
            await stand.bench.meter.observe(for_s=watch_s)
    stand.claim(v2g.within_the_cars_limits, since=begin)


@serves("I20-V2G.P102")
async def test_a_dc_car_lowers_its_amperes_and_volts(stand: Stand) -> None:
    """Less current to the car, less from it, and a highest voltage that its battery has already."""
    begin, watch_s = stand.mark(), stand.limit_s("response") + 3
    async with stand.step("5 kW to the car"), stand.car.session() as session:
        await stand.car.central_setpoint("5000 W")
        await stand.if_it_comes(stand.car.draws(at_least="4000 W"))
        stand.claim.control(setpoints.draws_at_least, value=4000, unit="W")
        async with stand.step("the car takes 5 A at most, and gives 4 A at most"):
            session.lower_current(charge_a=5, discharge_a=4)
            await stand.bench.meter.observe(for_s=watch_s)
            await stand.car.central_setpoint("-4000 W")
            await stand.bench.meter.observe(for_s=watch_s)
        async with stand.step("to the car again, which is at its highest voltage now"):
            await stand.car.central_setpoint("5000 W")
            await stand.bench.meter.observe(for_s=watch_s)
            session.lower_voltage(most_v=round(0.95 * (session.present.voltage_v or session.evcc.battery.voltage_v)))
            await stand.bench.meter.observe(for_s=watch_s)
    stand.claim(v2g.within_the_cars_amperes, since=begin)


@serves("I20-V2G.P103")
async def test_an_ac_car_lowers_its_limits(stand: Stand) -> None:
    """In total, and then phase by phase; the car does what the charger asks of it."""
    begin, watch_s = stand.mark(), stand.limit_s("response") + 3
    async with stand.step("6 kW to the car"), stand.car.session() as session:
        await stand.car.central_setpoint("6000 W")
        await stand.if_it_comes(stand.car.draws(at_least="5000 W"))
        stand.claim.control(setpoints.draws_at_least, value=5000, unit="W")
        for watts, by_phase in ((4000, False), (2400, True)):
            async with stand.step(f"the car takes and gives {watts} W at most"):
                session.lower(charge_w=watts, discharge_w=watts, by_phase=by_phase)
                await stand.bench.meter.observe(for_s=watch_s)
                await stand.car.central_setpoint("-6000 W")
                await stand.bench.meter.observe(for_s=watch_s)
                await stand.car.central_setpoint("6000 W")
    stand.claim(v2g.within_the_cars_limits, since=begin)
