"""SC-04, BI-16 and BI-18 by each service of ISO 15118-20: AC and DC, to the car and to the grid."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.bench import light
from harness.judge.ocpp import answers
from harness.judge.power import setpoints


@serves("OCPP-K01.P140")
async def test_a_lower_limit_binds_in_a_session_by_iso_15118(stand: Stand) -> None:
    """Less, much less, more again, each while the car would take more."""
    most_w = min(7500, stand.pixit.rated_charge_w or 7500)
    lots, less, little = (round(share * most_w) for share in (0.8, 0.6, 0.3))  # `less` is 6 A on three phases and more
    async with stand.car.session():
        await stand.if_it_comes(stand.car.draws(at_least=f"{lots} W"))
        stand.claim.control(setpoints.draws_at_least, value=lots, unit="W")
        for watts in (less, little):
            async with stand.step(f"at most {watts} W"):
                lower = await stand.station.set_charging_profile(limit=f"{watts} W")
                with stand.claim.during(setpoints.limit_holds, limit=lower.call):
                    await stand.car.settles(at_most=f"{watts} W")
        async with stand.step("more again"):
            more = await stand.station.set_charging_profile(limit=f"{lots} W")
            with stand.claim.during(setpoints.rises_to, limit=more.call, value=less):
                await stand.car.settles(at_least=f"{less} W")


@serves("OCPP-K01.P141")
async def test_a_limit_in_ampere_binds_in_a_session_by_iso_15118(stand: Stand) -> None:
    """4 A per phase, less than a pilot could offer."""
    async with stand.car.session():
        await stand.if_it_comes(stand.car.draws(at_least="8 A"))
        stand.claim.control(setpoints.draws_at_least, value=8, unit="A")
        async with stand.step("at most 4 A per phase"):
            lower = await stand.station.set_charging_profile(limit="4 A")
            with stand.claim.during(setpoints.limit_holds, limit=lower.call):
                await stand.car.settles(at_most="4 A")


@serves("OCPP-Q04.P106", "LIGHT-V2X.P104")
async def test_setpoints_are_followed_by_each_service(stand: Stand) -> None:
    """To the grid, rest, to the car, to the grid again: the power of all phases, and the light beside it."""
    look_s = 2 * stand.limit_s("follow")
    out_w = round(min(6000, 0.8 * (stand.pixit.rated_discharge_w or 7500)))
    in_w = round(min(6000, 0.8 * (stand.pixit.rated_charge_w or 7500)))
    follows = partial(stand.claim.during, setpoints.setpoint_followed, "OCPP-Q04.P106", group="setpoint")
    await stand.settings.pauses_are_no_end()
    await stand.bench.light.observe(for_s=0.6)
    async with stand.car.session():
        for watts in (-out_w, 0, in_w, round(-0.8 * out_w)):
            async with stand.step(f"{watts} W"):
                new = await stand.car.central_setpoint(f"{watts} W")
                with follows(limit=new.call):
                    await stand.car.settles(near=f"{watts} W")
                await stand.bench.light.observe(for_s=look_s)
    await stand.bench.light.observe(for_s=look_s)
    stand.claim(light.shows_export, "LIGHT-V2X.P104", group="light")
    stand.claim(light.silent_otherwise, "LIGHT-V2X.P104", group="light")
    stand.claim(light.distinct, "LIGHT-V2X.P104", group="light")


@serves("OCPP-Q04.P107")
async def test_a_setpoint_in_ampere_is_of_each_phase(stand: Stand) -> None:
    """So many amperes to the car, and to the grid, on each phase."""
    pixit = stand.pixit
    most_w = min(6000, *(0.8 * (rated or 7500) for rated in (pixit.rated_charge_w, pixit.rated_discharge_w)))
    amps = int(most_w / (pixit.nominal_v * pixit.phases))
    async with stand.car.session():
        for want in (amps, -round(0.7 * amps)):
            async with stand.step(f"{want} A"):
                new = await stand.car.central_setpoint(f"{want} A")
                stand.claim.control(answers.says, call=new.call, accept=["Accepted"], group=str(want))
                with stand.claim.during(setpoints.amperes_followed, limit=new.call, group=str(want)):
                    await stand.bench.meter.observe(for_s=stand.limit_s("response") + stand.limit_s("dwell") + 1)
