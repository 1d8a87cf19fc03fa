"""An EVSE that a profile leaves out, or declares to be less than it is, makes no GO easier."""

from __future__ import annotations

from typing import Any

import pytest

from harness.decision.identity._evses import reasons_of_evses
from harness.judge import CampaignResult, Verdict
from harness.plan import DeclaredEvse, Plan, PlannedFeature
from harness.trace import Trace
from requirement_catalog import Depth
from tests.decision._plans import PURPOSE, criterion, decided, dut, judged, plan, run, trace, under
from tests.judges._trace import T

ISO = PlannedFeature(
    name="iso15118_20", declared="yes", told_by=("ISO15118Ctrlr.ProtocolSupported",), told_when="contains -20"
)
ONE, SOCKET = DeclaredEvse(number=1), DeclaredEvse(number=2, current=("AC",), denied=("iso15118_20",))


def of(*evses: DeclaredEvse, depth: Depth = Depth.THOROUGH, **more: Any) -> Plan:
    """A plan of this depth for a charger with these EVSEs."""
    return plan(dut=dut(evses=evses), depth=depth, features=(ISO,), **more)


def says(action: str, **payload: Any) -> Trace:
    """A charger that says one thing."""
    return T().connects().says(action, payload).trace()


def reports(name: str, value: str, evse: int = 2) -> Trace:
    """A charger whose device model holds this at an EVSE."""
    component, variable = name.split(".")
    item = {
        "component": {"name": component, "evse": {"id": evse, "connectorId": 1}},
        "variable": {"name": variable},
        "variableAttribute": [{"value": value}],
    }
    return says("NotifyReport", reportData=[item])


def whys(plan: Plan, trace: Trace) -> list[str]:
    """The reasons' texts."""
    return [reason.why for reason in reasons_of_evses(plan, trace)]


@pytest.mark.parametrize(
    "told",
    [
        says("StatusNotification", evseId=2, connectorId=1, connectorStatus="Available"),
        says("TransactionEvent", evse={"id": 2}),
        says("NotifyEvent", eventData=[{"component": {"name": "Connector", "evse": {"id": 2}}}]),
        reports("Connector.ConnectorType", "sType2"),
    ],
)
def test_an_evse_that_the_charger_tells_of_and_nobody_named(told: Trace) -> None:
    """At depth thorough every EVSE is tested; one that was left out is a HOLD. Named, or at less depth: nothing."""
    (why,) = whys(of(ONE), told)
    assert why == "the charger tells of EVSE 2, which the profile does not name and no test was run at"
    assert whys(of(ONE, DeclaredEvse(number=2)), told) == []
    assert whys(of(ONE, depth=Depth.ACCEPTANCE), told) == []


def test_a_plan_that_names_no_evse_is_read_from_its_runs() -> None:
    """So that taking the names out of a plan opens nothing."""
    told = says("StatusNotification", evseId=2, connectorId=1, connectorStatus="Available")
    bare = of(runs=(run(conditions=under(evse=1)),))
    assert len(whys(bare, told)) == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Connector.ConnectorType", "cCCS2", "declared to be for AC, and the charger reports 'cCCS2' there"),
        ("ISO15118Ctrlr.ProtocolSupported", "urn:iso:std:iso:15118:-20:DC,1", "declared not to support iso15118 20"),
    ],
)
@pytest.mark.parametrize("depth", list(Depth))
def test_an_evse_that_is_more_than_it_was_declared_to_be(name: str, value: str, words: str, depth: Depth) -> None:
    """What the wire tells outweighs a "no" that would take a test away, at any depth."""
    (why,) = whys(of(ONE, SOCKET, depth=depth), reports(name, value))
    assert words in why
    assert whys(of(ONE, SOCKET, depth=depth), reports(name, value, evse=1)) == [], "that is the other EVSE's"


def test_an_evse_that_is_what_it_was_declared_to_be() -> None:
    """The control."""
    assert whys(of(ONE, SOCKET), reports("Connector.ConnectorType", "sType2")) == []
    assert whys(of(ONE, SOCKET), reports("ISO15118Ctrlr.ProtocolSupported", "urn:iso:15118:2")) == []


def two(lacks: str, told: Trace | None = None) -> CampaignResult:
    """A whole run at depth thorough: EVSE 1 passed, and at EVSE 2 it lacks something."""
    at = [run(conditions=under(evse=1)), run("OCPP-K01.P002", conditions=under(evse=2), lacks=lacks)]
    chosen = plan(criterion(), dut=dut(evses=(ONE, SOCKET)), depth=Depth.THOROUGH, runs=tuple(at))
    return decided(judged(Verdict.PASS, PURPOSE, conditions=under(evse=1)), of=chosen, seen=told)


def test_what_a_standard_leaves_open_at_one_evse_keeps_nobody_from_a_go() -> None:
    """And whatever else is lacking there does."""
    assert two("evse").decision == "GO"
    assert [two(lacks).decision for lacks in ("owed", "pco", "choice", "case")] == ["HOLD"] * 4
    assert two("owed").reasons[0].verdict is Verdict.FAIL


def test_where_every_evse_is_without_it_nothing_is_proven() -> None:
    """Not applicable everywhere is no pass."""
    nowhere = plan(criterion(), depth=Depth.THOROUGH, runs=(run(lacks="evse", conditions=under(evse=2)),))
    result = decided(of=nowhere, seen=trace())
    assert result.decision == "HOLD"
