"""E02: starting with the cable; authorization."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-E02.P001")
async def test_an_authorization_at_the_charger_is_told_with_its_token(stand: Stand) -> None:
    """Where nobody has to prove who he is, plugging in is enough, and the session is told with the token for that."""
    station = stand.station
    async with stand.step("authorization is switched off, and a car comes") as begin:
        off = await stand.settings.change("AuthCtrlr", "Enabled", "false")
        await stand.car.plug_in()
        await stand.bench.pilot.ready()
        authorized = station.expect("TransactionEvent", lambda m: "idToken" in m.payload, since=begin, within_s=15)
        await stand.if_it_comes(authorized)
    stand.claim.control(answers.says, call=off.call, holds={"setVariableResult": {"attributeStatus": "Accepted"}})
    by, token = {"triggerReason": "Authorized"}, {"idToken": {"type": "NoAuthorization"}}
    stand.claim(answers.tells, since=begin, action="TransactionEvent", where=by, holds=token)
