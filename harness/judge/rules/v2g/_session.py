"""What is known of one session at a moment: kept in one place, bounded, read by every rule, written here alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.judge.rules.v2g._message import CAR, DIN, SAP, V2gMessage
from harness.judge.rules.v2g._numbers import declared_limits, part
from requirement_catalog import own_count

MOST_SERVICES, MOST_METERS = own_count("v2g.most_services"), own_count("v2g.most_meters")
ZERO = "0000000000000000"


@dataclass
class Session:
    """The facts of one session, as far as it went."""

    number: int
    whole: bool = False  # its beginning was seen
    limits: Mapping[str, float] = field(default_factory=dict)  # of the rule that looks: the numbers of its row
    fair: bool = True  # the car was readable, nothing is missing, nothing was done to it on purpose
    offered: dict[int, dict[str, Any]] | None = None  # by SchemaID, as the car offered them
    schema: int | None = None
    id: str | None = None  # as SessionSetupRes gave it
    last: V2gMessage | None = None  # of the charger
    refused: V2gMessage | None = None  # the first answer that refuses
    stopped: V2gMessage | None = None  # the answer that ended it
    open: int = 0  # requests that have no answer yet
    services: dict[int, set[int] | None] = field(default_factory=dict)  # offered -> parameter sets, once told
    payments: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()  # of energy transfer, offered
    selected: tuple[int, int | None] | None = None
    checked: bool = False  # a cable check came to its end
    precharged: bool = False
    power: bool = False  # PowerDelivery Start was answered with OK
    began: dict[str, V2gMessage] = field(default_factory=dict)  # since when a kind is answered "Ongoing"
    declared: dict[str, float] = field(default_factory=dict)  # the highest limits that the charger declared
    meters: dict[tuple[str, str], float] = field(default_factory=dict)  # (meter, register) -> its last reading
    time_s: int | None = None  # its clock, as the last header told it


def learn(s: Session, m: V2gMessage) -> None:
    """Take in a message; called after the rules have seen it."""
    if m.by == CAR:
        s.open += 1
        s.fair = s.fair and not m.unreadable and not m.deviations and s.open == 1 and not m.is_answer
        if m.name == "supportedAppProtocolReq":
            listed = m.body.get("AppProtocol")
            each = [p for p in listed if isinstance(p, dict)] if isinstance(listed, list) else []
            s.offered = {p["SchemaID"]: p for p in each if isinstance(p.get("SchemaID"), int)}
            s.whole = True
        return
    s.open, s.last = max(0, s.open - 1), m
    if m.unreadable:
        return
    if m.failed:
        s.refused = s.refused or m
        return
    stamp = m.header.get("TimeStamp")
    s.time_s = stamp if isinstance(stamp, int) else s.time_s
    for name, value in declared_limits(m).items():
        if name in s.declared or m.kind.endswith("ChargeParameterDiscovery"):
            s.declared[name] = max(value, s.declared.get(name, value))
    learner = _LEARN.get(m.kind)
    if learner is not None:
        learner(s, m)
    _processing(s, m)


def _processing(s: Session, m: V2gMessage) -> None:
    said = m.body.get("EVSEProcessing")
    if isinstance(said, str) and said.startswith("Ongoing"):
        s.began.setdefault(m.kind, m.request or m)
    else:
        s.began.pop(m.kind, None)


def _negotiated(s: Session, m: V2gMessage) -> None:
    s.schema, s.refused, s.stopped = m.body.get("SchemaID"), None, None


def _set_up(s: Session, m: V2gMessage) -> None:
    found = m.header.get("SessionID")
    s.id = found if isinstance(found, str) else None
    s.services, s.selected, s.checked, s.precharged, s.power = {}, None, False, False, False
    s.refused = s.stopped = None  # a charger that begins anew has left that behind


def _discovered(s: Session, m: V2gMessage) -> None:
    """The services of all three protocols, and of the older ones how to pay and to charge."""
    for path in (
        ("EnergyTransferServiceList", "Service"),
        ("VASList", "Service"),
        ("ServiceList", "Service"),
    ):
        for each in part(m.body, *path) or ():
            number = part(each, "ServiceID")
            if isinstance(number, int) and len(s.services) < MOST_SERVICES:
                s.services.setdefault(number, None)
    charge = m.body.get("ChargeService")
    number = part(charge, "ServiceTag", "ServiceID") if m.protocol == DIN else part(charge, "ServiceID")
    if isinstance(number, int):
        s.services.setdefault(number, None)
    listed = part(charge, "SupportedEnergyTransferMode", "EnergyTransferMode") or [part(charge, "EnergyTransferType")]
    s.modes = tuple(str(each) for each in listed if each)
    paid = part(m.body, "PaymentOptionList", "PaymentOption") or part(m.body, "PaymentOptions", "PaymentOption") or ()
    s.payments = tuple(str(each) for each in paid)


def _detailed(s: Session, m: V2gMessage) -> None:
    number = m.body.get("ServiceID")
    listed = part(m.body, "ServiceParameterList", "ParameterSet") or part(m.body, "ServiceParameterList") or ()
    sets = {part(each, "ParameterSetID") for each in listed if isinstance(each, dict)}
    if isinstance(number, int) and len(s.services) < MOST_SERVICES:
        s.services[number] = {each for each in sets if isinstance(each, int)}


def _selected(s: Session, m: V2gMessage) -> None:
    chosen = m.asked.get("SelectedEnergyTransferService")
    number, parameters = part(chosen, "ServiceID"), part(chosen, "ParameterSetID")
    if isinstance(number, int):
        s.selected = number, parameters if isinstance(parameters, int) else None


def _cable_checked(s: Session, m: V2gMessage) -> None:
    s.checked = s.checked or m.body.get("EVSEProcessing") == "Finished"


def _precharged(s: Session, m: V2gMessage) -> None:
    s.precharged = True


def _delivers(s: Session, m: V2gMessage) -> None:
    """-2 and -20 say ChargeProgress, DIN says ReadyToChargeState. What a car may send in standby is not known here."""
    progress, ready = m.asked.get("ChargeProgress"), m.asked.get("ReadyToChargeState")
    if progress in ("Start", "Standby") or ready is True:
        s.power = True
    elif progress == "Stop" or ready is False:
        s.power = False


def _stopped(s: Session, m: V2gMessage) -> None:
    s.stopped = m


def _metered(s: Session, m: V2gMessage) -> None:
    for meter, register, value in registers(m):
        if len(s.meters) < MOST_METERS or (meter, register) in s.meters:
            s.meters[meter, register] = value


def registers(m: V2gMessage) -> list[tuple[str, str, float]]:
    """(meter, register, Wh) that a message tells."""
    info = m.body.get("MeterInfo")
    if not isinstance(info, dict):
        return []
    meter = str(info.get("MeterID", ""))
    names = ("MeterReading", "ChargedEnergyReadingWh", "BPT_DischargedEnergyReadingWh")
    return [(meter, name, float(info[name])) for name in names if type(info.get(name)) is int]


_LEARN = {
    "supportedAppProtocol": _negotiated,
    "SessionSetup": _set_up,
    "ServiceDiscovery": _discovered,
    "ServiceDetail": _detailed,
    "ServiceSelection": _selected,
    "CableCheck": _cable_checked,
    "DC_CableCheck": _cable_checked,
    "PreCharge": _precharged,
    "DC_PreCharge": _precharged,
    "PowerDelivery": _delivers,
    "SessionStop": _stopped,
    "CurrentDemand": _metered,
    "ChargingStatus": _metered,
    "DC_ChargeLoop": _metered,
    "AC_ChargeLoop": _metered,
}
__all__ = ["SAP", "ZERO", "Session", "learn", "registers"]
