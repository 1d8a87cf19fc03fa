"""Between SECC and plant: what the SECC is told, what the plant does on its news, and what OCPP hears of the car."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import ocpp
import pytest

from harness.emulator._car_link import CarLink
from harness.emulator._needs import charging_needs
from harness.emulator._ports import PowerLimits, Ratings
from harness.emulator.plant import Plant, dc_side_w
from harness.emulator.secc import Secc, SeccEvent
from tests.plant._drive import run

BOUNDS = {
    "max_charge_w": 50_000.0,
    "min_charge_w": 0.0,
    "max_discharge_w": 10_000.0,
    "min_discharge_w": 0.0,
    "max_charge_a": 125.0,
    "max_discharge_a": 25.0,
    "max_u_v": 450.0,
    "min_u_v": None,
}


class Energy:
    """Remembers what it is told of the car."""

    transaction_id = "T1"
    limits = PowerLimits(0, 0, 0)

    def __init__(self) -> None:
        self.news: list[tuple[str, dict[str, Any]]] = []

    def set_external_limit(self, charge_w: float | None, discharge_w: float | None = None) -> None:
        raise AssertionError

    def car_session(self, event: str, data: dict[str, object]) -> None:
        self.news.append((event, data))


def linked(connector: int) -> tuple[Plant, CarLink, Energy, Secc]:
    """A plugged, authorised car in state C and a link to an SECC that is not running."""
    plant, energy, secc = Plant(), Energy(), Secc()
    link = CarLink(plant, energy, secc, lambda: True)
    plant.allow(PowerLimits(charge_w=11_000, discharge_w=11_000, per_phase_a=32, setpoint_w=-5000))
    plant.plug(connector)
    plant.enable(True)
    plant.set_car_state("C")
    return plant, link, energy, secc


def tell(secc: Secc, what: str, **data: Any) -> None:
    """News as the SECC process would send it."""
    secc.on_event(SeccEvent(what, 1, data))


def loop_data(wanted_w: float) -> dict[str, Any]:
    """A charge loop's news."""
    return {"wanted_w": wanted_w, "ev_target_u_v": 392.0, "ev": BOUNDS}


def test_a_dc_session_from_pre_charge_to_its_end() -> None:
    """Cable check closes the contactor, isolation follows, the loop's power flows, power off opens again."""
    plant, link, energy, secc = linked(2)
    tell(secc, "session_started", protocol="ISO_15118_20_DC", evccid="WMI1")
    tell(secc, "service_selected", service="DC_BPT", control_mode="dynamic", parameter_set=1)
    tell(secc, "charge_parameters", ev=BOUNDS)
    tell(secc, "cable_check")
    run(plant, 0.2)
    assert link.state().contactor_closed
    assert link.state().isolation == ""
    run(plant, 0.3)
    assert link.state().isolation == "valid"
    tell(secc, "precharge", u_v=392.0)
    run(plant, 0.5)
    assert link.state().u_v == pytest.approx(392, abs=0.5)
    tell(secc, "power_on", service="DC_BPT", control_mode="dynamic")
    tell(secc, "loop", **loop_data(dc_side_w(-5000)))
    run(plant, 2)
    assert plant.readings().p_w == pytest.approx(-5000, abs=1)
    assert link.state().i_a < 0
    tell(secc, "power_off")
    run(plant, 2)
    assert not plant.contactor_closed
    tell(secc, "session_stopped", clean=True, action="terminate", reason="")
    assert plant.dc.request is None
    assert [event for event, _ in energy.news] == ["session", "needs", "stopped"]


def test_a_dc_car_hears_powers_at_its_own_terminals() -> None:
    """So that the grid sees exactly the setpoint, the car is told the power before or after the inverter's losses."""
    _, link, _, _ = linked(2)
    state = link.state()
    assert state.setpoint_w == pytest.approx(-5000 / 0.97)
    assert state.max_charge_w == pytest.approx(11_000 * 0.97)
    assert state.max_discharge_w == pytest.approx(11_000 / 0.97)


def test_an_ac_car_hears_grid_powers_and_the_phase_current() -> None:
    """In AC there is nothing between car and meter."""
    _, link, _, _ = linked(1)
    state = link.state()
    assert (state.connector, state.setpoint_w, state.max_charge_w, state.per_phase_a) == ("ac", -5000, 11_000, 32)
    assert state.authorised


def test_the_secc_hears_of_a_new_car_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plugging in is told without waiting for the next turn: a quick car talks milliseconds later."""
    plant, _, _, secc = linked(2)
    fed: list[str | None] = []
    monkeypatch.setattr(secc, "feed", lambda state: fed.append(state.connector))
    plant.unplug()
    plant.plug(1)
    assert fed[-1] == "ac"


def test_withdrawn_authorisation_asks_the_car_to_stop() -> None:
    """When the transaction ends during the charge loop the SECC is to notify the car."""
    plant, link, _, secc = linked(1)
    tell(secc, "session_started", protocol="ISO_15118_20_AC", evccid="X")
    tell(secc, "power_on", service="AC_BPT", control_mode="dynamic")
    assert link.state().notification == "none"
    plant.enable(False)
    assert link.state().notification == "stop"


def test_news_that_cannot_be_followed_does_not_kill_the_station() -> None:
    """A malformed event is logged; the next one counts."""
    plant, _, _, secc = linked(1)
    tell(secc, "loop")
    tell(secc, "session_started", protocol="ISO_15118_20_AC", evccid="X")
    assert plant.dc.request is not None


@pytest.mark.parametrize("service", ["DC", "DC_BPT", "AC", "AC_BPT"])
@pytest.mark.parametrize("v21", [True, False])
def test_needs_fit_the_schema_of_their_version(service: str, v21: bool) -> None:
    """Whatever the car selected, NotifyEVChargingNeeds is valid OCPP of the version in use."""
    needs = charging_needs(service, "scheduled", BOUNDS, 60.4, Ratings(), v21=v21)
    folder = Path(ocpp.__file__).parent / ("v21" if v21 else "v201") / "schemas"
    schema = json.loads((folder / "NotifyEVChargingNeedsRequest.json").read_text("utf-8-sig"))
    jsonschema_rs.validate(
        schema,
        {"evseId": 1, "timestamp": "2026-01-01T00:00:00Z", "chargingNeeds": needs}
        if v21
        else {"evseId": 1, "chargingNeeds": needs},
    )
    assert ("v2xChargingParameters" in needs) == (v21 and service.endswith("BPT"))
