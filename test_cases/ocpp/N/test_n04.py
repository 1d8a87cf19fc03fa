"""N04 to N06: monitors that cannot be set, levels that there are not, and monitors that are not there to be cleared."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers

_ABOUT = ("OCPPCommCtrlr", "OfflineThreshold")


@serves("OCPP-N04.P001", "OCPP-N04.P002", "OCPP-N06.P001")
async def test_monitors_that_cannot_be_are_refused(stand: Stand) -> None:
    """A monitor is set on a setting; those of what there is not, or by what there is not, are refused."""
    station = stand.station
    async with stand.step("the control: a monitor that can be"):
        good = await stand.settings.monitor(_ABOUT, "UpperThreshold", 600)
    async with stand.step("monitors of what there is not"):
        nowhere = await station.set_monitor(("NoSuchComponentCtrlr", "Interval"), "UpperThreshold", 600)
        nothing = await station.set_monitor((_ABOUT[0], "NoSuchVariable"), "UpperThreshold", 600)
    async with stand.step("one that is to fall by less than nothing, and one whose number there is not"):
        negative = await station.set_monitor(_ABOUT, "Delta", -5)
        item = {**good.sent["setMonitoringData"][0], "id": 987_654}
        stranger = await station.call("SetVariableMonitoring", {"setMonitoringData": [item]})
    async with stand.step("clear one that there is not"):
        gone = await station.clear_monitors([987_654])
    stand.claim.control(answers.says, call=good.call, holds=_set("Accepted"))
    stand.claim(answers.says, "OCPP-N04.P001", call=nowhere.call, holds=_set("UnknownComponent"))
    stand.claim(answers.says, "OCPP-N04.P001", call=nothing.call, holds=_set("UnknownVariable"))
    for wrong in (negative, stranger):
        stand.claim(answers.says, "OCPP-N04.P002", call=wrong.call, holds=_set("Rejected"))
    none = {"clearMonitoringResult": {"id": 987_654, "status": "NotFound"}}
    stand.claim(answers.says, "OCPP-N06.P001", call=gone.call, holds=none)


@serves("OCPP-N05.P001")
async def test_a_level_that_there_is_not_is_refused(stand: Stand) -> None:
    """Severities end at 9: a level beyond is refused, and the one that holds is taken again."""
    now = await stand.settings.read("MonitoringCtrlr", "ActiveMonitoringLevel")
    if now is None:
        return  # what it was could not be put back
    async with stand.step("the level as it is, and one beyond all"):
        same = await stand.station.call("SetMonitoringLevel", {"severity": int(now)})
        beyond = await stand.station.call("SetMonitoringLevel", {"severity": 99})
        if beyond.accepted:
            await stand.station.call("SetMonitoringLevel", {"severity": int(now)})
    stand.claim.control(answers.says, call=same.call, accept=["Accepted"])
    stand.claim(answers.says, call=beyond.call, accept=["Rejected"])


def _set(status: str) -> dict[str, dict[str, str]]:
    return {"setMonitoringResult": {"status": status}}
