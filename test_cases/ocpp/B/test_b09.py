"""B09: network profiles that must be rejected."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from test_cases.ocpp._asked import NETWORK_PROFILE
from test_cases.ocpp._declared import declared_in, numbers_in

_ORDER = ("OCPPCommCtrlr", "NetworkConfigurationPriority")


@serves("OCPP-B09.P101")
async def test_a_lower_security_profile_is_rejected(stand: Stand) -> None:
    """Each that is lower than the one in use, for a slot that is not in the order of backends."""
    read = stand.settings.read
    async with stand.step("which slots there are, and which are in use"):
        report = await stand.station.get_report([("OCPPCommCtrlr",)])
        used = await read(*_ORDER) or ""
        now, allowed = [
            await read("SecurityCtrlr", name) for name in ("SecurityProfile", "AllowSecurityProfileDowngrade")
        ]
    stand.claim.control(answers.says, call=report.answer.call, accept=["Accepted"])
    slots = [each.choices for each in declared_in(report) if each.is_called(_ORDER)]
    free = sorted(numbers_in(",".join(slots)) - numbers_in(used))
    if not free or now is None or not now.isdecimal():
        return  # what is in use is not written over; who does not say what it uses, or has no other slot, is not asked
    down_to_2 = (allowed or "false").lower() == "true"  # down to 1 nothing allows (A00.FR.005)
    for lower in range(1, min(int(now), 2) if down_to_2 else int(now)):
        async with stand.step(f"security profile {lower}, where {now} is in use"):
            url = "ws" if lower == 1 else "wss"
            data = {**NETWORK_PROFILE, "securityProfile": lower, "ocppCsmsUrl": f"{url}://chargeproof.invalid/nothing"}
            slot = {"configurationSlot": free[-1], "connectionData": data}
            answer = await stand.station.call("SetNetworkProfile", slot)
            stand.claim(answers.says, call=answer.call, accept=["Rejected"])
