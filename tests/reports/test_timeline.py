"""The timelines: what was commanded and measured, drawn where and when it happened."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.trace import Recorder, Trace
from reports import EvidenceView, load
from reports._svg import Scale, envelope, polyline, spread, ticks
from reports.timeline._limits import ocpp_lines, site_lines, v2g_lines
from reports.timeline._plot import draw
from reports.timeline._timeline import timelines
from tests.judges._trace import T
from tests.reports._build import Campaign
from tests.reports._scenes import profile_frame


def _events(campaign: Campaign) -> Trace:
    return Trace(campaign.recorder.events)


def _points(trace: Trace) -> dict[str, list[tuple[float, float | None]]]:
    return {line.label: [(t / 1e9, v) for t, v in line.points] for line in ocpp_lines(trace)[0]}


def test_an_accepted_limit_is_a_step_from_the_moment_it_was_sent(tmp_path: Path) -> None:
    """Two limits of one profile are one line with two steps, in the profile's unit."""
    c = Campaign(tmp_path)
    for at, limit in ((2.0, 16.0), (9.5, 10.0)):
        c.call(at, "SetChargingProfile", profile_frame(1, "TxProfile", "A", limit=limit), {"status": "Accepted"})
    lines, refused = ocpp_lines(_events(c))
    assert _points(_events(c)) == {"OCPP limit": [(2.0, 16.0), (9.5, 10.0)]}
    assert lines[0].unit == "A" and not refused


def test_a_refused_limit_is_no_step(tmp_path: Path) -> None:
    """What the charger did not accept is told as refused, with its status, and draws no line."""
    c = Campaign(tmp_path)
    c.call(1, "SetChargingProfile", profile_frame(1, "TxProfile", "A", limit=6.0), {"status": "Rejected"})
    lines, refused = ocpp_lines(_events(c))
    assert lines == [] and [(r.t_ns, r.status) for r in refused] == [(1_000_000_000, "Rejected")]


def test_clearing_nothing_is_no_refusal(tmp_path: Path) -> None:
    """A charger that had nothing to clear refused no limit."""
    c = Campaign(tmp_path)
    c.call(1, "ClearChargingProfile", {"chargingProfileId": 5}, {"status": "Unknown"})
    assert ocpp_lines(_events(c)) == ([], [])


def test_periods_of_a_schedule_follow_each_other_and_end(tmp_path: Path) -> None:
    """Later periods start at their offset, and the line ends with the schedule's duration."""
    c = Campaign(tmp_path)
    payload = profile_frame(1, "TxProfile", "W", limit=9000.0)
    schedule = payload["chargingProfile"]["chargingSchedule"][0]
    schedule["chargingSchedulePeriod"].append({"startPeriod": 30, "limit": 4000})
    schedule["duration"] = 60
    c.call(10, "SetChargingProfile", payload, {"status": "Accepted"})
    assert _points(_events(c)) == {"OCPP limit": [(10.0, 9000.0), (40.0, 4000.0), (70.0, None)]}


def test_a_schedule_that_began_earlier_counts_from_its_own_start(tmp_path: Path) -> None:
    """With startSchedule 20 s ago the period of second 15 is the one that holds when it is sent."""
    c = Campaign(tmp_path)
    payload = profile_frame(1, "TxProfile", "A", limit=16.0)
    schedule = payload["chargingProfile"]["chargingSchedule"][0]
    schedule["startSchedule"] = "2026-03-04T09:30:10Z"
    schedule["chargingSchedulePeriod"].append({"startPeriod": 15, "limit": 8})
    c.call(30, "SetChargingProfile", payload, {"status": "Accepted"})
    assert _points(_events(c))["OCPP limit"] == [(30.0, 8.0)]


def test_clearing_ends_only_what_it_names(tmp_path: Path) -> None:
    """With two purposes there are two named lines; clearing one by its purpose leaves the other."""
    c = Campaign(tmp_path)
    c.call(1, "SetChargingProfile", profile_frame(1, "TxProfile", "A", limit=16.0), {"status": "Accepted"})
    c.call(2, "SetChargingProfile", profile_frame(2, "TxDefaultProfile", "A", limit=10.0), {"status": "Accepted"})
    criteria = {"chargingProfileCriteria": {"chargingProfilePurpose": "TxDefaultProfile"}}
    c.call(5, "ClearChargingProfile", criteria, {"status": "Accepted"})
    assert _points(_events(c)) == {
        "OCPP limit (this session)": [(1.0, 16.0)],
        "OCPP limit (default)": [(2.0, 10.0), (5.0, None)],
    }


def test_a_dynamic_update_moves_the_setpoint_of_its_profile(tmp_path: Path) -> None:
    """OCPP 2.1's UpdateDynamicSchedule continues the line of the profile it names, discharge negative."""
    c = Campaign(tmp_path)
    c.call(1, "SetChargingProfile", profile_frame(7, "TxProfile", "W", setpoint=7000.0), {"status": "Accepted"})
    update = {"chargingProfileId": 7, "scheduleUpdate": {"setpoint": -9000.0}}
    c.call(4, "UpdateDynamicSchedule", update, {"status": "Accepted"})
    assert _points(_events(c)) == {"OCPP setpoint": [(1.0, 7000.0), (4.0, -9000.0)]}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"EVSETargetActivePower": {"Value": -90, "Exponent": 2}}, [("ISO 15118 target", -9000.0)]),
        ({"evse_target_active_power": {"value": 7, "exponent": 3}}, [("ISO 15118 target", 7000.0)]),
        (
            {"EVSEMaximumChargePower": {"Value": 11, "Exponent": 3}, "EVSEMaximumDischargePower": {"Value": 9000}},
            [("ISO 15118 charge limit", 11000.0), ("ISO 15118 discharge limit", -9000.0)],
        ),
        ({"EVSETargetActivePower": {"Value": 1, "Exponent": 9999}}, []),
        ({"EVSETargetActivePower": "rubbish"}, []),
    ],
)
def test_targets_are_read_from_charge_loop_answers(tmp_path: Path, payload: dict[str, Any], expected: Any) -> None:
    """Rational numbers become watts whatever the spelling; discharge limits are negative; rubbish draws nothing."""
    recorder = Recorder(tmp_path / "t.jsonl")
    data = {"dir": "in", "name": "AC_ChargeLoopRes", "payload": {"body": [payload]}}
    recorder.record("v2g.message", "dut", data)
    assert [(line.label, line.points[0][1]) for line in v2g_lines(Trace(recorder.events))] == expected


def test_a_timeline_holds_what_the_case_did(go: EvidenceView) -> None:
    """Light, pilot, steps, dwell, checks and the measured response of the discharge case are all there."""
    line = next(t for t in timelines(go) if "bi_18" in t.case)
    assert [s.text for s in line.light] == ["green, pulsing", "purple", "blue"]
    assert [s.text for s in line.pilot] == ["B", "C", "B"]
    assert [s.text for s in line.steps] == ["Charge at 7 kW", "Discharge at 9 kW", "Setpoint zero"]
    assert [(s.to_ns - s.from_ns) / 1e9 for s in line.dwells] == [25.0]
    assert {c.claim.purpose for c in line.checks} == {"OCPP-BI18.P001", "OCPP-BI18.P002", "OCPP-BI16.P001"}
    assert [(r.took_s, r.limit_s, r.about) for r in line.responses] == [(5.6, 10.0, "OCPP-BI16.P001")]
    assert line.responses[0].from_ns == line.commands_ns[1]
    assert line.power is not None and line.power.uncertainty == 60.0
    assert {s.label for s in line.lines} == {"OCPP setpoint", "ISO 15118 target"}


def test_the_drawing_shows_and_names_everything(go: EvidenceView) -> None:
    """The SVG has every line, label, state, step number and check, and a name for screen readers."""
    svg = str(draw(next(t for t in timelines(go) if "bi_18" in t.case)))
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    for label in ("OCPP setpoint", "ISO 15118 target", "measured power", "purple", "Light", "Pilot", "to the grid",
                  "kW", "1", "3", "OCPP-BI18.P001", "5.60 s of 10 s", "held 25 s"):  # fmt: skip
        assert label in texts, label
    assert 'role="img"' in svg and "aria-label=" in svg
    assert len(re.findall(r'class="measured"', svg)) == 1


def test_the_commanded_line_stands_at_its_value(go: EvidenceView) -> None:
    """A 10 A limit is drawn at the height of the axis's 10, from the moment it was sent."""
    line = next(t for t in timelines(go) if "sc_04" in t.case)
    svg = str(draw(line))
    height = re.search(r'<text class="tick" x="84" y="([\d.]+)" text-anchor="end">10</text>', svg)
    ocpp = re.search(r'<path class="ocpp ocpp-0" d="M([\d.]+) ([\d.]+)L', svg)
    assert height and ocpp
    assert float(ocpp[2]) == pytest.approx(float(height[1]) - 4, abs=0.2)
    share = (line.lines[0].points[0][0] - line.from_ns) / (line.to_ns - line.from_ns)
    assert float(ocpp[1]) == pytest.approx(92 + share * (960 - 146 - 92), abs=0.2)


def test_a_case_run_twice_keeps_both_pictures(tmp_path: Path) -> None:
    """A retry does not hide the first run."""
    c = Campaign(tmp_path)
    for at in (1.0, 50.0):
        c.case("case::sc-04", "Twice", ("SC-04.2",), at)
        c.step(at + 0.1, "one step")
        c.call(at + 1, "SetChargingProfile", profile_frame(1, "TxProfile", "A", limit=10.0), {"status": "Accepted"})
        c.curve(at + 2, at + 10, lambda t: 5000.0)
        c.end_case(at + 11)
    found = timelines(load(c.finish()))
    assert [(t.run, t.runs) for t in found] == [(1, 2), (2, 2)]


def test_a_response_without_a_command_on_the_wire_is_drawn(go: EvidenceView) -> None:
    """A response time whose stimulus was no OCPP message still has its bar."""
    line = next(t for t in timelines(go) if "bi_18" in t.case)
    line.lines = []
    assert line.commands_ns == []
    assert "5.60 s" in str(draw(line))


def test_a_case_without_readings_draws_nothing(hold: EvidenceView) -> None:
    """No picture is made of nothing."""
    silent = replace(hold, trace=Trace(e for e in hold.trace if e.kind != "bench.sample"))
    assert timelines(silent) == []


def test_thinning_keeps_a_single_reading_that_sticks_out() -> None:
    """One overshoot in 100,000 readings is still there after thinning: a plot must not hide what failed."""
    points = [(float(n), 10.0) for n in range(100_000)]
    points[54_321] = (54_321.0, 16.0)
    assert (54_321.0, 16.0) in polyline(points)
    assert len(polyline(points)) <= 720
    assert max(high for _, _, high in envelope(points, 240)) == 16.0
    assert [x for x, _ in polyline(points)] == sorted(x for x, _ in polyline(points))


def test_axis_numbers_are_round() -> None:
    """Ticks stand on round values inside the range."""
    assert ticks(0, 17.92, 5) == [0, 5, 10, 15]
    assert ticks(-10.4, 8.0, 4) == [-10, -5, 0, 5]
    assert ticks(3, 3, 5) == [3]


def test_labels_do_not_cover_each_other() -> None:
    """Labels that want the same place are set apart, in order, and stay inside the picture."""
    placed = spread([50, 50, 51], 30, 10, 120)
    assert placed == sorted(placed)
    assert all(b - a >= 30 for a, b in itertools.pairwise(placed))
    assert max(spread([119, 119], 30, 10, 120)) <= 120


def test_a_scale_keeps_absurd_values_at_its_edge() -> None:
    """Values outside the axis end at its border."""
    scale = Scale(0, 10, 100, 0)
    assert scale(1e308) == 0 and scale(-5) == 100 and scale(5) == 50


def test_a_limit_of_the_system_on_site_is_a_line_too(tmp_path: Path) -> None:
    """What the bench's EMS port confirmed is drawn in watts until it was cleared; what was only asked is not."""
    c = Campaign(tmp_path)
    c.at(1, "bench.reply", "bench.ems", {"role": "ems", "command": "CLEAR", "reply": "OK CLEAR"})
    c.at(2, "bench.action", "harness", {"role": "ems", "command": "LIMIT 9999", "reply": None})
    c.at(3, "bench.reply", "bench.ems", {"role": "ems", "command": "LIMIT 4830", "reply": "OK LIMIT 4830"})
    c.at(4, "bench.reply", "bench.ems", {"role": "ems", "command": "LIMIT x", "reply": "ERR LIMIT x"})
    c.at(9, "bench.reply", "bench.ems", {"role": "ems", "command": "CLEAR", "reply": "OK CLEAR"})
    (line,) = site_lines(_events(c))
    assert [(t / 1e9, v) for t, v in line.points] == [(3.0, 4830.0), (9.0, None)] and line.unit == "W"


def test_targets_end_with_their_session(tmp_path: Path) -> None:
    """After the session has stopped, nothing is asked of the car any more."""
    recorder = Recorder(tmp_path / "t.jsonl")
    loop = {"dir": "in", "name": "DC_ChargeLoopRes", "payload": {"EVSEMaximumChargePower": {"Value": 5000}}}
    recorder.record("v2g.message", "dut", loop, t_ns=1)
    recorder.record("v2g.message", "dut", {"dir": "in", "name": "SessionStopRes", "payload": {}}, t_ns=9)
    (line,) = v2g_lines(Trace(recorder.events))
    assert line.points == [(1, 5000.0), (9, None)]


def test_the_first_drawing_on_the_page_explains_how_to_read_them_all(go_html: str) -> None:
    """The explanation stands once, under the first drawing that a reader meets."""
    figures = go_html.split("<figure ")[1:]
    assert ["The solid line is what was measured" in f for f in figures] == [True] + [False] * (len(figures) - 1)
    assert len(figures) > 1


def test_a_picture_shows_the_meter_of_its_evse() -> None:
    """Two EVSEs are busy: each case's picture has its own EVSE's readings and nothing of the other's."""
    t = T(case="a::one@EVSE 2")
    t.events.clear()
    t.of("CS-1", 2).event("case.started", "harness", title="a case")
    t.limits_to(10, evse=2).names.clear()
    for n in range(30):
        t.of("CS-1", 1).meter(24).of("CS-1", 2).meter(20 if n < 10 else 10).wait(0.1)
    t.event("step.ended", "harness").event("case.ended", "harness")
    result: Any = SimpleNamespace(purposes=(), requirements=())
    view: Any = SimpleNamespace(trace=t.trace(), plan=SimpleNamespace(cases=(), limits={}), result=result)
    (line,) = timelines(view)
    assert line.current is not None
    assert {round(value) for _, value in line.current.points} == {20, 10}
