"""V2G-SVC: what is offered, what is told of it, and what may be selected."""

from __future__ import annotations

from harness.judge.rules.v2g import Session, V2gMessage, rule
from harness.judge.rules.v2g._numbers import part


@rule("V2G-SVC.R001", "res:ServiceDetail")
def details_are_of_the_service_asked_for(s: Session, m: V2gMessage) -> bool | str | None:
    """ServiceDetailRes tells of the service that the car named."""
    asked, told = m.asked.get("ServiceID"), m.body.get("ServiceID")
    if m.unreadable or m.failed or asked is None or not s.fair:
        return None
    return told == asked or f"asked for service {asked}, it told of {told}"


@rule("V2G-SVC.R002", "res:ServiceSelection")
def selected_service_was_offered(s: Session, m: V2gMessage) -> bool | str | None:
    """ServiceSelectionRes agrees to nothing but an offered service with an offered parameter set."""
    chosen = m.asked.get("SelectedEnergyTransferService")
    number, parameters = part(chosen, "ServiceID"), part(chosen, "ParameterSetID")
    if m.unreadable or not m.code.startswith("OK") or number is None or not s.services or not s.fair:
        return None
    if number not in s.services:
        return f"it agreed to service {number}, and had offered {sorted(s.services)}"
    sets = s.services[number]
    return not sets or parameters in sets or f"it agreed to set {parameters} of {number}; there are {sorted(sets)}"
