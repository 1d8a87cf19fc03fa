"""B10: going to another backend, where the first one does not take it in."""

from harness.case import serves
from harness.csms import OTHER_PATH
from harness.hands import Stand
from harness.judge.line import connectivity
from harness.judge.ocpp import answers
from test_cases.ocpp._asked import NETWORK_PROFILE
from test_cases.ocpp._declared import declared_in, numbers_in

_ORDER = ("OCPPCommCtrlr", "NetworkConfigurationPriority")
_TAKEN = ("Accepted", "RebootRequired")


@serves("OCPP-B10.P401")
async def test_the_second_backend_is_tried(stand: Stand) -> None:
    """Our backend under a second address, as the second in its order; after a reset the first address turns it away."""
    station, read = stand.station, stand.settings.read
    async with stand.step("which slots there are, and which are in use"):
        report = await station.get_report([("OCPPCommCtrlr",)])
        used, often = await read(*_ORDER) or "", await read("OCPPCommCtrlr", "NetworkProfileConnectionAttempts")
        security = await read("SecurityCtrlr", "SecurityProfile")
    slots = [each.choices for each in declared_in(report) if each.is_called(_ORDER)]
    free = sorted(numbers_in(",".join(slots)) - numbers_in(used))
    if not free or not (often or "").isdecimal() or not (security or "").isdecimal():
        return  # what is in use is not written over; who does not say how often it tries is not asked
    async with stand.step("a second backend"):
        new = {"ocppVersion": "OCPP21", "ocppInterface": "Any"} if station.version == "ocpp2.1" else {}
        where = {"ocppCsmsUrl": stand.csms.elsewhere(), "securityProfile": int(security or "1")}
        profile = {"configurationSlot": free[-1], "connectionData": {**NETWORK_PROFILE, **new, **where}}
        stored = await station.call("SetNetworkProfile", profile)
        stand.claim.control(answers.says, call=stored.call, accept=["Accepted"])
        if not stored.accepted:
            return
        await stand.settings.quick_reconnect()
        ordered = await stand.settings.change(*_ORDER, f"{used},{free[-1]}")
        status = str((ordered.payload.get("setVariableResult") or [{}])[0].get("attributeStatus"))
        taken = status if status in _TAKEN else _TAKEN[0]
        holds = {"setVariableResult": {"attributeStatus": taken}}
        stand.claim.control(answers.says, call=ordered.call, holds=holds)
        if status not in _TAKEN:
            return
    attempts = int(often or "1")
    async with stand.step("it starts anew, and the first one turns it away") as began:
        await stand.until_it_is_elsewhere(2 * attempts)
        stand.claim(connectivity.goes_on_to_the_next, since=began, attempts=attempts, elsewhere=OTHER_PATH)
    async with stand.step("the first one takes it in again"):
        await stand.settings.change(*_ORDER, used)
        await stand.restarted()
