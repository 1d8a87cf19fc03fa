"""A charger whose device model reports another rating than its profile gives: no GO, and no blame."""

from __future__ import annotations

from typing import Any

import pytest

from harness.decision.identity._ratings import reasons_of_ratings
from harness.judge import Verdict
from harness.plan import DeclaredRating
from harness.trace import Trace
from tests.decision._plans import dut, plan
from tests.judges._trace import T
from tests.plan._small import made, profile

AC = DeclaredRating(evse=1, phases=3, charge_w=22080.0, discharge_w=11040.0)
DC = DeclaredRating(evse=1, phases=0, charge_w=50000.0, discharge_w=0.0)


def reports(name: str, *, value: str = "0", evse: int = 1, connector: int | None = None, **limits: Any) -> Trace:
    """A charger whose device model holds this at an EVSE."""
    component, variable = name.split(".")
    at = {"id": evse, **({} if connector is None else {"connectorId": connector})}
    item = {
        "component": {"name": component, "evse": at},
        "variable": {"name": variable},
        "variableAttribute": [{"value": value}],
        "variableCharacteristics": {"dataType": "decimal", **limits},
    }
    return T().connects().says("NotifyReport", {"reportData": [item]}).trace()


def whys(rating: DeclaredRating, told: Trace) -> list[str]:
    """The reasons' texts; each is inconclusive, and the supplier's move."""
    reasons = list(reasons_of_ratings(plan(dut=dut(ratings=(rating,))), told))
    assert {(r.verdict, r.who) for r in reasons} <= {(Verdict.INCONCLUSIVE, "supplier")}
    return [each.why for each in reasons]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            reports("EVSE.Power", maxLimit=11040.0, unit="W"),
            "declared to charge with 22.08 kW, and the charger reports 11",
        ),
        (reports("evse.power", maxLimit=43, unit="kW"), "reports 43 kW there as the most"),
        (reports("EVSE.DischargePower", maxLimit=7400, unit="W"), "declared to discharge with 11.04 kW"),
        (reports("EVSE.SupplyPhases", value="1"), "declared to have 3 phases, and the charger reports 1 there"),
    ],
)
def test_another_rating_than_declared_is_said(told: Trace, words: str) -> None:
    """Tests were sized by what was declared; which of the two is right is the supplier's to say."""
    (why,) = whys(AC, told)
    assert words in why


@pytest.mark.parametrize(
    ("rating", "told"),
    [
        (AC, reports("EVSE.Power", maxLimit=22.0, unit="kW")),
        (AC, reports("EVSE.Power", maxLimit=22170.0, unit="W")),
        (AC, reports("EVSE.Power", maxLimit=22.0)),
        (AC, reports("EVSE.Power", maxLimit=0, unit="W")),
        (AC, reports("EVSE.Power", maxLimit=True, unit="W")),
        (AC, reports("EVSE.Power", value="7400", unit="W")),
        (AC, reports("EVSE.Power", maxLimit=11040.0, unit="W", evse=2)),
        (AC, reports("EVSE.Power", maxLimit=11040.0, unit="W", connector=1)),
        (AC, reports("EVSE.SupplyPhases", value="3")),
        (AC, reports("EVSE.SupplyPhases", value="0")),
        (DC, reports("EVSE.SupplyPhases", value="3")),
        (DC, reports("EVSE.DischargePower", maxLimit=5000, unit="W")),
        (AC, reports("Connector.SupplyPhases", value="1", connector=2)),
        (AC, T().connects().says("NotifyReport", {"reportData": [{"component": 1}, 7]}).trace()),
    ],
)
def test_a_correct_charger_is_let_alone(rating: DeclaredRating, told: Trace) -> None:
    """Rounded numbers, units left out, the power of this moment, another EVSE, what feeds a DC charger, rubbish."""
    assert whys(rating, told) == []


def test_the_plan_holds_what_the_profile_declares() -> None:
    """Of each EVSE; those that differ have their own."""
    assert made().dut.ratings == (AC,)
    assert made(of=profile(current=("DC",))).dut.ratings[0].phases == 0
