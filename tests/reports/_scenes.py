"""The campaigns that the report's tests read: a GO, a HOLD of every kind, and one whose charger writes hostile text."""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import Path
from typing import Any

from harness.judge import Finding, Verdict
from tests.reports._build import CURRENT, RESPONSE, Campaign, within

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e\x1b[31m{{7*7}}"
GREEN, BLUE, PURPLE = (20, 170, 80), (40, 110, 220), (150, 60, 190)


def profile_frame(pid: int, purpose: str, unit: str, **period: Any) -> dict[str, Any]:
    """A SetChargingProfile payload with one period."""
    return {
        "evseId": 1,
        "chargingProfile": {
            "id": pid,
            "stackLevel": 0,
            "chargingProfilePurpose": purpose,
            "chargingProfileKind": "Relative",
            "chargingSchedule": [
                {"id": 1, "chargingRateUnit": unit, "chargingSchedulePeriod": [{"startPeriod": 0, **period}]}
            ],
        },
    }


def setpoint_case(c: Campaign, at: float, *, obeys: bool = True) -> None:
    """SC-04: 16 A, 10 A, 0, 16 A, with the meter; a charger that does not obey stays at 16 A."""
    c.case(
        "test_cases/sc_04_setpoints.py::test_current_follows",
        "Current follows a lowered limit, stops at zero and resumes",
        ("SC-04.1", "SC-04.2", "SC-04.3", "SC-04.4"),
        at,
    )
    c.step(at + 0.5, "The car draws more than the limit to come")
    watts = 16 * 690.0
    readings = c.curve(at + 1, at + 20, lambda t: watts * min(1, (t - at - 1) / 4) + 40 * math.sin(7 * t))
    c.step(at + 20, "Lower the limit to 10 A")
    first = c.call(
        at + 20.2, "SetChargingProfile", profile_frame(1, "TxProfile", "A", limit=10.0), {"status": "Accepted"}
    )
    low = 10 * 690.0 if obeys else watts
    after = c.curve(
        at + 20.5, at + 50, lambda t: low + (watts - low) * math.exp(-max(0, t - at - 21) * 1.4) + 40 * math.sin(7 * t)
    )
    wait = c.at(at + 50, "wait.ended", "harness", {"on": "contract", "started": 0})
    c.step(at + 50, "Limit zero: no power")
    c.call(at + 50.2, "SetChargingProfile", profile_frame(1, "TxProfile", "A", limit=0), {"status": "Accepted"})
    c.curve(at + 50.5, at + 75, lambda t: low * math.exp(-max(0, t - at - 51) * 2.0) + 8 * math.sin(5 * t))
    c.step(at + 75, "Raise the limit: charging resumes")
    c.call(at + 75.2, "SetChargingProfile", profile_frame(1, "TxProfile", "A", limit=16.0), {"status": "Accepted"})
    c.curve(at + 75.5, at + 100, lambda t: watts * min(1.0, max(0.0, t - at - 78) / 5) + 40 * math.sin(7 * t))
    control = Finding(
        verdict=Verdict.PASS,
        expected="the car draws at least 15 A before the limit is lowered",
        seen="16.0 A at the meter before the limit was lowered",
        acted="ev",
        at_ns=readings[-1].t_ns,
        events=(readings[-2].seq, readings[-1].seq),
    )
    c.claim(at + 100, "SC-04.2", control, judge="setpoints.draws_at_least", control=True)
    answered = Finding(
        verdict=Verdict.PASS,
        expected="an answer within 5 s that accepts the limit",
        seen="accepted after 0.12 s",
        clause="OCPP 2.0.1 K01.FR.31",
        acted="dut",
        at_ns=first.t_ns,
        events=(first.seq, first.seq + 1),
    )
    c.claim(at + 100, "SC-04.1", answered, judge="setpoints.answered", limit=first.seq)
    worst_a = 10.06 if obeys else 16.06
    follows = Finding(
        verdict=Verdict.PASS if obeys else Verdict.FAIL,
        expected="at most 10 A on every phase, from 10 s after the limit was sent",
        seen=f"{'at most' if obeys else 'still'} {worst_a} A on the highest phase",
        clause="OCPP 2.0.1 K01.FR.31",
        acted="dut",
        at_ns=after[40].t_ns,
        events=(first.seq, *[e.seq for e in after[38:60]]),
        measurements=(
            *((within("response time", 3.2, RESPONSE, 0.15, at + 23.4),) if obeys else ()),
            within("highest current after the response time", worst_a, CURRENT, 0.05, at + 40),
        ),
    )
    c.claim(at + 100, "SC-04.2", follows, judge="setpoints.limit_holds", limit=first.seq, until=wait.seq)
    c.end_case(at + 101)


def discharge_case(c: Campaign, at: float) -> None:
    """BI-18: charging, discharging, nothing; the light and the pilot beside the meter, over OCPP and ISO 15118."""
    c.case(
        "test_cases/bi_18_light.py::test_light_while_exporting",
        "The light shows discharging exactly while power flows to the grid",
        ("BI-18.1", "BI-18.2", "BI-16.1"),
        at,
    )
    frame = profile_frame(7, "TxProfile", "W", operationMode="CentralSetpoint", setpoint=7000.0)
    c.step(at + 0.5, "Charge at 7 kW")
    c.at(at + 0.6, "bench.sample", "bench.pilot", {"values": {"state": "B", "duty_pct": 5.0, "mains_on": False}})
    c.call(at + 1, "SetChargingProfile", frame, {"status": "Accepted"})
    c.at(at + 2, "bench.sample", "bench.pilot", {"values": {"state": "C", "duty_pct": 5.0, "mains_on": True}})
    _light(c, at + 2.2, GREEN, "green", "pulsing")
    _target(c, at + 1.4, 7000)
    c.curve(at + 2, at + 20, lambda t: 7000 * min(1, (t - at - 2) / 5) + 30 * math.sin(6 * t))
    c.step(at + 20, "Discharge at 9 kW")
    update = {"chargingProfileId": 7, "scheduleUpdate": {"setpoint": -9000.0}}
    sent = c.call(at + 20.2, "UpdateDynamicSchedule", update, {"status": "Accepted"})
    _target(c, at + 20.6, -9000)
    c.curve(at + 20.4, at + 23, lambda t: 7000 - (t - at - 20.4) * 2692)
    lit = _light(c, at + 23.1, PURPLE, "purple", "steady")
    held = c.at(at + 25, "wait.started", "harness", {"what": "hold the setpoint", "on": "contract", "bound_s": 25})
    samples = c.curve(at + 23.2, at + 50, lambda t: max(-9000.0, -(t - at - 23) * 2700) + 50 * math.sin(6 * t))
    c.at(at + 50, "wait.ended", "harness", {"started": held.seq, "on": "contract", "outcome": "ended"})
    c.step(at + 50, "Setpoint zero")
    c.call(at + 50.2, "UpdateDynamicSchedule", update | {"scheduleUpdate": {"setpoint": 0.0}}, {"status": "Accepted"})
    _target(c, at + 50.5, 0)
    c.curve(at + 50.5, at + 53, lambda t: -9000 + (t - at - 50.5) * 3600)
    _light(c, at + 53, BLUE, "blue", "steady")
    c.curve(at + 53, at + 70, lambda t: 10 * math.sin(6 * t))
    c.at(at + 70, "bench.sample", "bench.pilot", {"values": {"state": "B", "mains_on": False}})
    on = Finding(
        verdict=Verdict.PASS,
        expected="the discharging light is on whenever at least 100 W flow to the grid",
        seen="purple, steady, during all 27 s of export",
        acted="dut",
        at_ns=lit.t_ns,
        events=(lit.seq, samples[9].seq),
    )
    c.claim(at + 71, "BI-18.1", on, judge="indication.on_while_exporting")
    off = Finding(
        verdict=Verdict.PASS,
        expected="the discharging light is off whenever no power flows to the grid",
        seen="never purple while importing or idle",
        acted="dut",
        at_ns=int((at + 62) * 1e9),
        events=(lit.seq,),
    )
    c.claim(at + 71, "BI-18.2", off, judge="indication.off_otherwise")
    follows = Finding(
        verdict=Verdict.PASS,
        expected="−9 kW within 10 s",
        seen="−8.95 kW after 5.6 s",
        acted="dut",
        at_ns=samples[13].t_ns,
        events=(sent.seq, samples[13].seq),
        measurements=(within("response time", 5.6, RESPONSE, 0.15, at + 25.8),),
    )
    c.claim(at + 71, "BI-16.1", follows, judge="setpoints.power_follows", setpoint=sent.seq)
    c.end_case(at + 72)


def _light(c: Campaign, t_s: float, rgb: tuple[int, int, int], colour: str, pattern: str) -> Any:
    values = dict(zip("rgb", rgb, strict=True)) | {"colour": colour, "pattern": pattern}
    return c.at(t_s, "bench.sample", "bench.light", {"values": values})


def _target(c: Campaign, t_s: float, watts: int) -> None:
    target = {"EVSETargetActivePower": {"Value": watts // 100, "Exponent": 2}}
    payload = {"AC_ChargeLoopRes": {"ResponseCode": "OK", "BPT_Dynamic_AC_CLResControlMode": target}}
    data = {"session": 1, "dir": "in", "name": "AC_ChargeLoopRes", "namespace": "urn", "payload": payload, "exi": "80"}
    c.at(t_s, "v2g.message", "dut", data)


def papers(c: Campaign, at: float) -> None:
    """Documents that were reviewed, as claims of the document review."""
    for n, criterion in enumerate(("GEN-01.1", "GEN-02.1", "SC-07.1", "SC-08.1", "BI-21.1", "BI-22.1")):
        seen = c.at(
            at + n, "document.reviewed", "operator", {"title": f"Certificate for {criterion}", "emulated": True}
        )
        found = Finding(
            verdict=Verdict.PASS,
            expected="a certificate in date for this model and firmware",
            seen="certificate no. 24-0713, valid until 2029-06-30",
            at_ns=seen.t_ns,
            events=(seen.seq,),
        )
        c.claim(at + n, criterion, found, judge="documents.in_date")


def go(folder: Path) -> Path:
    """A conformant emulated charger."""
    c = Campaign(
        folder,
        dut={
            "vendorName": "Noordlicht Laadtechniek",
            "model": "Heen-en-weer 22",
            "serialNumber": "NL-0042-7731",
            "firmwareVersion": "1.4.2",
        },
    )
    papers(c, 1)
    setpoint_case(c, 20)
    discharge_case(c, 130)
    _photo_answer(c, 210)
    return c.finish()


def hold(folder: Path) -> Path:
    """A real charger with a reason of every kind, a waiver, a fault of the bench, and a firmware that differs."""
    c = Campaign(
        folder,
        emulated=False,
        dut={
            "vendorName": "Noordlicht Laadtechniek",
            "model": "Heen-en-weer 22",
            "serialNumber": "NL-0042-7731",
            "firmwareVersion": "1.4.1",
        },
        tested={
            "firmware_after": "1.5.0",
            "differs": ("the profile declares firmware 1.4.2, the charger reports 1.4.1",),
        },
    )
    papers(c, 1)
    setpoint_case(c, 20, obeys=False)
    discharge_case(c, 130)
    error = c.at(205, "harness.error", "harness", {"detail": "the meter's port vanished: /dev/ttyUSB0"})
    c.verdicts = {
        "SC-04.2": (Verdict.FAIL, "still 16.06 A on the highest phase, 29 s after the limit of 10 A was sent"),
        "GEN-02.2": (Verdict.FAIL, "the certificate names firmware 1.4.2, the charger reports 1.4.1"),
        "SC-05.2": (
            Verdict.INCONCLUSIVE,
            "void: the positive control did not hold (no transaction ran when the line was cut)",
        ),
        "PR-14.1": (Verdict.PENDING, "no paper was handed in for it"),
        "SC-09.3": (Verdict.ERROR, f"the harness failed in test_composite_schedule: see event {error.seq}"),
        "BI-17.1": (Verdict.FAIL, "the operator sees no marking"),
    }
    c.waived = {"BI-17.1": "waiver signed by A. de Vries on 2026-02-20, valid until 2026-06-30: stickers follow in May"}
    c.next_step = {
        "SC-05.2": ("test engineer", "start a transaction first and run this case again"),
        "PR-14.1": ("contractor", "hand in the missing paper, then judge again"),
        "SC-09.3": ("test engineer", "repair the bench and run this case again; this is not the charger"),
    }
    c.errors = ("test_cases/sc_09_ocpp.py::test_composite_schedule: the meter's port vanished: /dev/ttyUSB0",)
    return c.finish()


def hostile(folder: Path) -> Path:
    """A charger whose every word is an attack on the page that shows it."""
    dut = {
        "vendorName": HOSTILE,
        "model": HOSTILE,
        "serialNumber": HOSTILE,
        "firmwareVersion": HOSTILE,
    }
    c = Campaign(folder, dut=dut)
    c.case("case::sc-04", HOSTILE, ("SC-04.2",), 1)
    c.step(1.5, HOSTILE)
    sent = c.call(2, "SetChargingProfile", profile_frame(1, HOSTILE, "A", limit=1e308), {"status": HOSTILE})
    c.call(3, "SetChargingProfile", profile_frame(2, HOSTILE, "W", limit=-5), {"status": "Accepted"})
    c.at(
        3.5,
        "bench.sample",
        "bench.light",
        {"values": {"r": 999, "g": -4, "b": "x", "colour": HOSTILE, "pattern": HOSTILE}},
    )
    c.at(4.5, "bench.sample", "bench.pilot", {"values": {"state": HOSTILE}})
    c.curve(4, 20, lambda t: 5000 + 1000 * math.sin(t))
    bad = Finding(
        verdict=Verdict.FAIL,
        expected=HOSTILE,
        seen=HOSTILE,
        clause=HOSTILE,
        acted=HOSTILE,
        events=(sent.seq, sent.seq + 1, 9999),
    )
    c.claim(21, "SC-04.2", bad, judge=HOSTILE)
    c.end_case(22)
    c.verdicts["SC-04.2"] = (Verdict.FAIL, HOSTILE)
    c.statements["SC-04.2"] = HOSTILE
    c.errors = (HOSTILE,)
    c.attachments[HOSTILE.replace("/", "_").replace("\x1b", "")] = b"x"
    return c.finish(profile={"pco": {"bench": {HOSTILE: {"driver": HOSTILE, "uncertainty": {HOSTILE: HOSTILE}}}}})


def _photo_answer(c: Campaign, at: float) -> None:
    c.attachments["marking.png"] = _png(48, 24)
    photo = {"file": "marking.png", "sha256": "00"}
    answer = c.at(
        at,
        "operator.answer",
        "operator",
        {"answer": "yes", "text": "Is a marking visible?", "photo": photo, "observer": "J. Bakker"},
    )
    found = Finding(
        verdict=Verdict.PASS,
        expected="a person sees the marking from the driver's place",
        seen="seen by J. Bakker",
        acted="operator",
        at_ns=answer.t_ns,
        events=(answer.seq,),
    )
    c.claim(at + 1, "BI-17.1", found, judge="operator.confirmed")


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\x00" + bytes((120, 60, 190) * width) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def partial(folder: Path) -> Path:
    """A GO for SC-04 alone."""
    c = Campaign(folder, narrowed=("-r SC-04",))
    setpoint_case(c, 5)
    return c.finish()
