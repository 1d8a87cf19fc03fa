"""BI-20: OCPP 2.1, with bidirectional power transfer and DER control."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers, der, sequences


def _curve(y_unit: str, *points: tuple[float, float]) -> dict[str, object]:
    return {"yUnit": y_unit, "curveData": [{"x": x, "y": y} for x, y in points]}


# one valid setting of every control type, the plainest first; a ride-through curve is Hz or percent over seconds (R04)
SETTINGS: dict[str, dict[str, object]] = {
    "FreqDroop": {"overFreq": 50.2, "underFreq": 49.8, "overDroop": 5.0, "underDroop": 5.0, "responseTime": 10},
    "LimitMaxDischarge": {"pctMaxDischargePower": 70},
    "FixedVar": {"setpoint": 20, "unit": "PctMaxVar"},
    "FixedPFInject": {"displacement": 0.95, "excitation": True},
    "FixedPFAbsorb": {"displacement": 0.95, "excitation": True},
    "FreqWatt": _curve("PctMaxW", (50.2, 100.0), (51.5, 50.0)),
    "VoltWatt": _curve("PctMaxW", (106.0, 100.0), (110.0, 20.0)),
    "VoltVar": _curve("PctMaxVar", (92.0, 30.0), (98.0, 0.0), (102.0, 0.0), (108.0, -30.0)),
    "WattVar": _curve("PctMaxVar", (50.0, 0.0), (100.0, -30.0)),
    "WattPF": _curve("Not_Applicable", (50.0, 1.0), (100.0, 0.95)),
    "Gradients": {"gradient": 10.0, "softGradient": 5.0},
    "EnterService": {"highVoltage": 110.0, "lowVoltage": 90.0, "highFreq": 50.1, "lowFreq": 49.9},
    "HFMayTrip": _curve("Not_Applicable", (51.5, 5.0), (52.0, 0.5)),
    "HFMustTrip": _curve("Not_Applicable", (51.5, 10.0), (52.0, 1.0)),
    "HVMayTrip": _curve("Not_Applicable", (115.0, 5.0), (120.0, 0.1)),
    "HVMomCess": _curve("Not_Applicable", (115.0, 5.0), (120.0, 0.1)),
    "HVMustTrip": _curve("Not_Applicable", (115.0, 10.0), (120.0, 0.2)),
    "LFMayTrip": _curve("Not_Applicable", (47.5, 5.0), (47.0, 0.5)),
    "LFMustTrip": _curve("Not_Applicable", (47.5, 10.0), (47.0, 1.0)),
    "LVMayTrip": _curve("Not_Applicable", (80.0, 2.0), (45.0, 0.1)),
    "LVMomCess": _curve("Not_Applicable", (80.0, 2.0), (45.0, 0.1)),
    "LVMustTrip": _curve("Not_Applicable", (80.0, 3.0), (45.0, 0.3)),
    "PowerMonitoringMustTrip": _curve("PctMaxW", (5.0, 110.0), (30.0, 105.0)),
}


@serves("OCPP-B01.P010")
async def test_connects_by_ocpp_2_1(stand: Stand) -> None:
    """The charger agrees on OCPP 2.1."""
    await stand.if_it_comes(stand.connected())  # our backend offers nothing else now
    stand.claim(sequences.connected_by, version="ocpp2.1")


@serves("OCPP-R04.P001")
async def test_a_grid_code_setting_is_set_reported_and_cleared(stand: Stand) -> None:
    """One DER control is set, reads back as it was set, and is gone after clearing."""
    station = stand.station
    async with stand.step("which controls does it know"):
        control = await _one_that_it_knows(stand)
    async with stand.step(f"set, read and clear {control}"):
        set_ = await station.set_der_control(control, {"priority": 5, **SETTINGS[control]})
        identity = set_.sent["controlId"]
        get = await station.get_der_control(control_id=identity)
        clear = await station.clear_der_control(control_id=identity)
        gone = await station.get_der_control(control_id=identity, within_s=2)
    stand.claim(der.set_reported_cleared, set=set_.call, get=get.answer.call, clear=clear.call, gone=gone.answer.call)


@serves("OCPP-R04.P101")
async def test_clearing_one_kind_leaves_the_other(stand: Stand) -> None:
    """Two controls of two kinds are set, and one kind is cleared; where it knows one alone, the other is not set."""
    station, known = stand.station, await stand.settings.der_modes()
    stays, goes = [*(k for k in SETTINGS if k in known), *(k for k in SETTINGS if k not in known)][:2]
    async with stand.step(f"set {stays} and {goes}, and clear {goes}"):
        kept = await station.set_der_control(stays, {"priority": 5, **SETTINGS[stays]})
        set_ = await station.set_der_control(goes, {"priority": 5, **SETTINGS[goes]})
        get = await station.get_der_control(control_id=set_.sent["controlId"], within_s=5)
        clear = await station.clear_der_control(goes)
        gone = await station.get_der_control(control_id=set_.sent["controlId"], within_s=2)
        left = await station.get_der_control(control_id=kept.sent["controlId"])
        await station.clear_der_control(control_id=kept.sent["controlId"])
    stand.claim.control(der.accepts, call=kept.call)
    report, field = "ReportDERControl", next(k for k, v in kept.sent.items() if isinstance(v, dict))
    held = {field: {"id": kept.sent["controlId"]}}
    stand.claim(answers.reports, call=left.answer.call, report=report, holds=held)
    if goes in known:
        calls = (set_.call, get.answer.call, clear.call, gone.answer.call)
        stand.claim(der.set_reported_cleared, set=calls[0], get=calls[1], clear=calls[2], gone=calls[3])


@serves("OCPP-R04.P002", "OCPP-R04.P003")
async def test_unsupported_and_malformed_settings_are_refused(stand: Stand) -> None:
    """A control that it does not support, and one whose settings do not fit, are refused as the standard says."""
    station, known = stand.station, await stand.settings.der_modes()
    control = await _one_that_it_knows(stand)
    async with stand.step(f"the control: {control} as it should be is accepted"):
        right = await station.set_der_control(control, {"priority": 5, **SETTINGS[control]})
        stand.claim.control(der.accepts, call=right.call)
        await station.clear_der_control(control_id=right.sent["controlId"])
    async with stand.step("the same control with the settings of another type"):
        other, field = (
            ("FreqDroop", "freqDroop") if control != "FreqDroop" else ("LimitMaxDischarge", "limitMaxDischarge")
        )
        head = {"isDefault": True, "controlId": "chargeproof-malformed", "controlType": control}
        wrong = await station.call("SetDERControl", {**head, field: {"priority": 5, **SETTINGS[other]}})
        stand.claim(der.refuses_malformed, "OCPP-R04.P002", call=wrong.call)
    if await stand.settings.der_from_the_car():
        return
    if unknown := [kind for kind in SETTINGS if known and kind not in known]:
        async with stand.step(f"{unknown[0]}, which it does not list"):
            refused = await station.set_der_control(unknown[0], {"priority": 5, **SETTINGS[unknown[0]]})
            stand.claim(der.refuses_unsupported, "OCPP-R04.P003", call=refused.call)


async def _one_that_it_knows(stand: Stand) -> str:
    known = await stand.settings.der_modes()
    return next((control for control in SETTINGS if control in known), "FreqDroop")
