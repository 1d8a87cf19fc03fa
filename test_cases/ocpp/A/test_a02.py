"""A02: renewing the charger's own certificate."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import renewed
from harness.judge.ocpp import answers

_ACTION, _EVENT = "SecurityEventNotification", {"type": "InvalidChargingStationCertificate"}


@serves("OCPP-A02.P101", "OCPP-A02.P102", "OCPP-A02.P103")
async def test_a_wrong_certificate_is_refused(stand: Stand) -> None:
    """A certificate as it should be is taken; one of an unknown authority, and one that has expired, are refused."""
    async with stand.renewal.harmless():
        async with stand.step("the control: one as it should be is taken"):
            right = await stand.renewal.hand_over()
            if right is None:
                _claim_that_it_was_told_to_ask(stand)
                return
            stand.claim.control(answers.says, call=right.call, accept=["Accepted"])
        for how, purpose in (("unknown_ca", "OCPP-A02.P101"), ("expired", "OCPP-A02.P102")):
            async with stand.step(f"one that is wrong: {how}"):
                wrong = await stand.renewal.hand_over(how)
                if wrong is None:
                    continue
                stand.claim(answers.says, purpose, call=wrong.call, accept=["Rejected"])
                if wrong.status == "Rejected":
                    await stand.until_security_event([_EVENT["type"]], wrong.call)
                    stand.claim(answers.tells, "OCPP-A02.P103", since=wrong.call, action=_ACTION, holds=_EVENT)


@serves("OCPP-A02.P104", "OCPP-A02.P105")
async def test_the_new_certificate_is_the_one_it_shows(stand: Stand) -> None:
    """It is given a new certificate; when it has come again, by itself or cut off by us, it comes with that one."""
    async with stand.step("a new certificate") as begin:
        given = await stand.renewal.hand_over()
        new_key = stand.renewal.has_a_key_of_its_own
    if given is None or not new_key:
        _claim_that_it_was_told_to_ask(stand)
        stand.claim(renewed.asks_for_a_new_key, "OCPP-A02.P105", since=begin)
        return  # with the old key in it, the new one cannot be told from the one before
    async with stand.step("cut off, and come again"):
        await stand.csms.disconnect(stand.pixit.identity)
        await stand.if_it_comes(stand.station.until_ready(within_s=stand.pixit.reconnect_s))
    for each in ("OCPP-A02.P104", "OCPP-A02.P105"):
        stand.claim.control(answers.says, each, call=given.call, accept=["Accepted"])
    stand.claim(renewed.shown, "OCPP-A02.P104", call=given.call)
    async with stand.step("and once more a new one"):
        await stand.renewal.hand_over()
    stand.claim(renewed.asks_for_a_new_key, "OCPP-A02.P105", since=begin)


def _claim_that_it_was_told_to_ask(stand: Stand) -> None:
    """A charger may refuse the trigger, and ask when it likes (F06.FR.05, A03): then nothing of this can be tried."""
    if stand.renewal.trigger is not None:
        stand.claim.control(answers.says, call=stand.renewal.trigger.call, accept=["Accepted"])
