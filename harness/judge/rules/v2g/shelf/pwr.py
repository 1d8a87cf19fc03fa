"""V2G-PWR: the way to energy: cable check, pre-charge, power, and the meter's word on it."""

from __future__ import annotations

from harness.judge.rules.v2g import Session, V2gMessage, rule
from harness.judge.rules.v2g._session import registers

_LOOPS = ("res:CurrentDemand", "res:ChargingStatus", "res:DC_ChargeLoop", "res:AC_ChargeLoop")


@rule("V2G-PWR.R001", "res:PreCharge", "res:DC_PreCharge")
def precharges_after_the_cable_check(s: Session, m: V2gMessage) -> bool | str | None:
    """PreCharge is agreed to after a cable check that came to its end."""
    if m.unreadable or not m.code.startswith("OK") or not (s.whole and s.fair):
        return None
    return s.checked or f"{m.name} {m.code} before a cable check was finished"


@rule("V2G-PWR.R002", "res:PowerDelivery")
def dc_starts_after_the_precharge(s: Session, m: V2gMessage) -> bool | str | None:
    """DC: PowerDelivery is started after a cable check and a pre-charge."""
    starts = m.asked.get("ChargeProgress") == "Start" or m.asked.get("ReadyToChargeState") is True
    is_dc = s.checked or "DC_EVSEStatus" in m.body
    if m.unreadable or not starts or not is_dc or not m.code.startswith("OK") or not (s.whole and s.fair):
        return None
    return s.precharged or f"{m.name} {m.code} to a start before any pre-charge"


@rule("V2G-PWR.R003", *_LOOPS)
def charges_after_the_start(s: Session, m: V2gMessage) -> bool | str | None:
    """A charge loop is agreed to only between PowerDelivery's start and stop."""
    if m.unreadable or not m.code.startswith("OK") or not (s.whole and s.fair):
        return None
    return s.power or f"{m.name} {m.code}, and no PowerDelivery had been started"


@rule("V2G-PWR.R004", "res:CableCheck", "res:DC_CableCheck", "res:Authorization", "res:ContractAuthentication")
def waiting_comes_to_an_end(s: Session, m: V2gMessage) -> bool | str | None:
    """What is answered "Ongoing" is decided, one way or the other, before the car's own time for it is over."""
    began = s.began.get(m.kind)
    if m.unreadable or began is None or not s.fair:
        return None
    took_s, most_s = (m.t_ns - began.t_ns) / 1e9, s.limits["cable" if "CableCheck" in m.kind else "waits"]
    still = str(m.body.get("EVSEProcessing")).startswith("Ongoing") and not m.failed
    if str(m.body.get("EVSEProcessing")).endswith("WaitingForCustomerInteraction"):
        return None
    return not (still and took_s > most_s) or f"{m.name} still {m.body.get('EVSEProcessing')} after {took_s:.1f} s"


@rule("V2G-PWR.R005", *_LOOPS)
def register_never_falls(s: Session, m: V2gMessage) -> list[bool | str] | None:
    """A meter's energy register never tells less than before within a session."""
    if m.unreadable or m.failed:
        return None
    return [
        value >= s.meters[meter, name] or f"{name} of meter {meter!r}: {value:g} Wh after {s.meters[meter, name]:g} Wh"
        for meter, name, value in registers(m)
        if (meter, name) in s.meters
    ]
