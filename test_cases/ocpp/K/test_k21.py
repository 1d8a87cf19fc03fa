"""K21: priority charging (OCPP 2.1)."""

from functools import partial

from harness.case import serves
from harness.csms import Answer
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import later, setpoints

_PURPOSES = ("SmartChargingCtrlr", "SupportedAdditionalPurposes")
_NOBODY = "chargeproof-nothing-has-this-id"


@serves("OCPP-K21.P401", "OCPP-K21.P402", "OCPP-K21.P403")
async def test_a_session_gets_priority_and_loses_it(stand: Stand) -> None:
    """8 A for sessions, and 13 A for those that have priority: asked for too early, for nobody, on, and off again."""
    station, car, at = stand.station, stand.car, await stand.settings.rate_unit()
    says = partial(stand.claim, answers.says, "OCPP-K21.P402")
    use = station.use_priority_charging

    async def told(asked: Answer, *, on: bool) -> None:
        await stand.if_it_comes(station.expect("NotifyPriorityCharging", since=asked.call, within_s=10))
        stand.claim.control(answers.says, "OCPP-K21.P403", call=asked.call, accept=["Accepted"], group=f"{on}")
        holds = {"activated": on, "transactionId": mine}
        notify = "NotifyPriorityCharging"
        stand.claim(answers.tells, "OCPP-K21.P403", since=asked.call, action=notify, holds=holds, group=f"{on}")

    if "PriorityCharging" not in (await stand.settings.read(*_PURPOSES) or "PriorityCharging"):
        return  # it has no such profiles
    await car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, "OCPP-K21.P401", value=13, unit="A")
    await car.until_the_session_is_told()
    mine = stand.session.id
    async with stand.step("asked for without a profile, and for a session that there is not"):
        says(call=(await use(transaction_id=mine)).call, accept=["NoProfile"])
        high = await station.set_charging_profile(limit=at(13), purpose="PriorityCharging", evse_id=stand.pixit.evse_id)
        stand.claim.control(answers.says, "OCPP-K21.P402", call=high.call, accept=["Accepted"])
        says(call=(await use(transaction_id=_NOBODY)).call, accept=["Rejected"])
    low = await station.set_charging_profile(limit=at(8))
    with stand.claim.during(setpoints.limit_holds, "OCPP-K21.P401", limit=low.call):
        await car.settles(at_most=at(8))
    async with stand.step("the session gets priority"):
        on = await use(transaction_id=mine)
        says(call=on.call, accept=["Accepted"])
        rises = partial(stand.claim.during, setpoints.rises_to_other, "OCPP-K21.P401", value=at.number(11))
        with rises(since=on.call, limit=high.call):
            await car.settles(at_least=at(11), at_most=at(13))
        await told(on, on=True)
    async with stand.step("and has it no longer"):
        off = await use(activate=False, transaction_id=mine)
        says(call=off.call, accept=["Accepted"])
        with stand.claim.during(later.holds, "OCPP-K21.P401", limit=low.call, since=off.call, after_s=0):
            await car.settles(at_most=at(8))
        await told(off, on=False)
