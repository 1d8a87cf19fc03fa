"""OCPP N04: setting monitors."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import full_name, items, named


@rule("OCPP-N04.R001", "result:SetVariableMonitoring")
def one_result_for_each(s: Station, m: Message) -> bool | str | None:
    """N04.FR.01: as many results as there were monitors to set."""
    asked, told = len(items(m.asked.get("setMonitoringData"))), len(items(m.payload.get("setMonitoringResult")))
    if m.call is None:
        return None
    return True if asked == told else f"{asked} monitors to set, {told} results"


@rule("OCPP-N04.R002", "result:SetVariableMonitoring")
def results_name_what_was_set(s: Station, m: Message) -> bool | str | None:
    """N04.FR.02: each result names component and variable of the request."""
    if m.call is None:
        return None
    asked = {full_name(each) for each in items(m.asked.get("setMonitoringData"))}
    other = [r for r in items(m.payload.get("setMonitoringResult")) if full_name(r) not in asked]
    return f"a result is about {named(other[0])}, which nobody asked for" if other else True


@rule("OCPP-N04.R011", "result:SetVariableMonitoring")
def accepted_monitors_have_an_id(s: Station, m: Message) -> list[bool | str]:
    """N04.FR.11: of a monitor that was set the id is told, unless the request gave it (N04.FR.12)."""
    given = {full_name(each) for each in items(m.asked.get("setMonitoringData")) if "id" in each}
    told = [r for r in items(m.payload.get("setMonitoringResult")) if m.call is not None and full_name(r) not in given]
    done = [r for r in told if r.get("status") == "Accepted"]
    return [True if isinstance(r.get("id"), int) else f"the monitor of {named(r)} was set and has no id" for r in done]
