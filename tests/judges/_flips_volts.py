"""DC sessions by hand, with what the meter shows at the car's contacts."""

from __future__ import annotations

from tests.judges._flips import Flip
from tests.judges._trace import T
from tests.judges.test_v2g import v2g

CRITERION = "SC-07.11"
SURE = {"dc_u_v": 0.5}


def _stands(t: T, volts: float | None, for_s: float) -> T:
    for n in range(round(for_s * 10)):
        shown = {"dc_u_v": volts + n % 3 / 10} if volts is not None else {}
        t.sample("meter", SURE, p_w=0.0, **shown).wait(0.1)
    return t


def _volts(value: float) -> dict[str, int]:
    return {"Exponent": 0, "Value": int(value)}


def checked(volts: float | None, code: str = "OK") -> T:
    """A cable check of two seconds with so much on the cable."""
    t = _stands(v2g(T(), "out", "DC_CableCheckReq"), volts, 2)
    t = v2g(t, "in", "DC_CableCheckRes", ResponseCode=code, EVSEProcessing="Finished")
    return t.claims("volts.tested", CRITERION, since=0)


def pre_charged(stands_v: float, told_v: float, asked_v: float = 400.0, held_s: float = 1.5) -> T:
    """A pre-charge that is held for a while."""
    t = T()
    for _ in range(2):
        v2g(t, "out", "DC_PreChargeReq", EVTargetVoltage=_volts(asked_v))
        v2g(t, "in", "DC_PreChargeRes", ResponseCode="OK", EVSEPresentVoltage=_volts(told_v))
        _stands(t, stands_v, held_s)
    return t.claims("volts.as_told", CRITERION, since=0)


def left(after_s: float, volts: float, before_v: float = 400.0) -> T:
    """A session ends; after so long this voltage is left."""
    t = _stands(T(), before_v, 2).acts("pilot", "STATE B").named("end")
    return _stands(_stands(t, before_v, after_s), volts, 10 - after_s).claims("volts.gone", CRITERION, since="@end")


def silent(slow_s: float, left_w: float = 0) -> T:
    """The car says nothing any more, and the power goes so long after it, down to so many watts."""
    t = T().flows(5000, 2).acts("pilot", "SILENT").named("fault").flows(5000, slow_s).flows(left_w, 13)
    return t.claims("power_off.goes", CRITERION, since="@fault")


VOLTS = {
    (CRITERION, "tested"): Flip(lambda: checked(500), lambda: checked(0), loose=-1),
    (CRITERION, "apart"): Flip(lambda: pre_charged(410, 400), lambda: pre_charged(450, 400), 5),
    (CRITERION, "live"): Flip(lambda: left(1, 10), lambda: left(1, 200), loose=300),
    (CRITERION, "gone"): Flip(lambda: left(1, 0), lambda: left(8, 0), 0.1, 9),
    (CRITERION, "off"): Flip(lambda: silent(5), lambda: silent(14), 0.1),
    (CRITERION, "power_tolerance"): Flip(lambda: silent(1, 100), lambda: silent(1, 800), loose=1000),
}
