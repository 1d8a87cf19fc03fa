"""K01: of two limits of one purpose the one at the higher stack level binds, whichever was sent last."""

from functools import partial
from typing import Any, cast

from harness.case import serves
from harness.csms import Answer
from harness.hands import RateUnit, Stand
from harness.judge.power import composite, setpoints

_LOW, _HIGH = 4781, 4782  # the profiles' numbers


async def _levels(stand: Stand, at: RateUnit, binds: str, shown: str) -> None:
    """For sessions, for the session, for the station: the upper level is lower, then higher; each time last, and first.

    Where the charger knows one level alone, or names none, one limit stands by itself.
    """
    station, car, top = stand.station, stand.car, await stand.settings.top_level() or 0
    how: dict[str, Any] = {"phases": stand.pixit.phases, "nominal_v": stand.pixit.nominal_v}
    long_s = stand.limit_s("response") + stand.limit_s("dwell") + 1
    await car.charge(at_least="13 A")
    for purpose in ("TxDefaultProfile", "TxProfile", "ChargingStationMaxProfile"):
        await stand.if_it_comes(car.draws(at_least="13 A"))
        stand.claim.control(setpoints.draws_at_least, binds, value=13, unit="A", group=purpose)
        send, sent = partial(station.set_charging_profile, purpose=purpose), list[int]()

        async def anew(amps: float, number: int, level: int, send: Any = send, sent: Any = sent) -> Answer:
            if number in sent:
                await station.clear_charging_profile(number)
            sent.append(number)
            return cast(Answer, await send(limit=at(amps), profile_id=number, stack_level=level))

        for amps, others, claim in ((9, 12, setpoints.limit_holds), (13, 8, setpoints.rises_to)):
            async with stand.step(f"{purpose}: {at(amps)} at the upper level, and {at(others)} at the lower one"):
                if top != 0:
                    await anew(others, _LOW, 0)
                upper = await anew(amps, _HIGH, 0 if top == 0 else 1)
                least = {} if amps < others else {"value": at.number(amps - 2)}
                with stand.claim.during(claim, binds, group=purpose, limit=upper.call, **least):
                    await car.settles(at_most=at(amps), at_least=at(amps - 3))
                    if top != 0:
                        await anew(others, _LOW, 0)
                    await stand.bench.meter.observe(for_s=long_s)
                told = await station.get_composite_schedule(60, evse_id=stand.pixit.evse_id, unit=at.name)
                stand.claim(composite.equals_own_calculation, shown, call=told.call, **how)
        for number in dict.fromkeys(sent):
            await station.clear_charging_profile(number)


@serves("OCPP-K01.P401", "OCPP-K08.P401")
async def test_the_higher_stack_level_binds_whichever_came_last(stand: Stand) -> None:
    """Two limits in ampere at two levels, in either order, of each purpose."""
    await _levels(stand, RateUnit("A", 1.0), "OCPP-K01.P401", "OCPP-K08.P401")


@serves("OCPP-K01.P402", "OCPP-K08.P402")
async def test_the_higher_stack_level_binds_in_watt_too(stand: Stand) -> None:
    """The same in watt, of all phases together."""
    in_w = RateUnit("W", stand.pixit.nominal_v * stand.pixit.phases)
    await _levels(stand, in_w, "OCPP-K01.P402", "OCPP-K08.P402")
