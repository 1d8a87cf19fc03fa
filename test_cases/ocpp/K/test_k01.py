"""K01: limits that must be refused."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from test_cases.ocpp._asked import NOBODY


@serves("OCPP-K01.P030")
async def test_a_limit_for_a_session_that_has_ended_is_refused(stand: Stand) -> None:
    """One limit, twice: for a session while it runs, and when it has ended."""
    limit, identity = (await stand.settings.rate_unit())(10), stand.session.id
    send = partial(stand.station.set_charging_profile, limit=limit, purpose="TxProfile", transaction_id=identity)
    async with stand.step("while it runs"):
        good = await send()
    async with stand.step("when it has ended") as gone:
        await stand.car.leave()
        await stand.until_the_end_is_told(since=gone)
        bad = await send()
    stand.claim.control(answers.says, call=good.call, accept=["Accepted"])
    stand.claim(answers.says, call=bad.call, accept=["Rejected"])


@serves("OCPP-K01.P031")
async def test_a_limit_for_an_evse_that_there_is_not_is_refused(stand: Stand) -> None:
    """One limit, twice: for the EVSE under test, and for one that the charger does not have."""
    limit = (await stand.settings.rate_unit())(10)
    async with stand.step("an EVSE that there is, and one that there is not"):
        good = await stand.station.set_charging_profile(limit=limit)
        bad = await stand.station.set_charging_profile(limit=limit, evse_id=stand.pixit.evse_id + 97)
    stand.claim.control(answers.says, call=good.call, accept=["Accepted"])
    stand.claim(answers.says, call=bad.call, accept=["Rejected"])


@serves("OCPP-K01.P032")
async def test_a_limit_for_a_session_that_never_was_is_refused(stand: Stand) -> None:
    """One limit, twice: for sessions to come, and for a session that there never was."""
    limit = (await stand.settings.rate_unit())(10)
    async with stand.step("for sessions to come, and for one that there never was"):
        good = await stand.station.set_charging_profile(limit=limit)
        bad = await stand.station.set_charging_profile(limit=limit, purpose="TxProfile", transaction_id=NOBODY)
    stand.claim.control(answers.says, call=good.call, accept=["Accepted"])
    stand.claim(answers.says, call=bad.call, accept=["Rejected"])
