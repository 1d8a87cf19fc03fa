"""Hand-written traces of a document review: what a judge sees, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from harness.judge import Claim, Finding, Limits, ResolvedLimit, judge_named
from harness.trace import Event, Trace

MODEL, FIRMWARE = "Emulated-BiDi-22", "1.4.2"
LIMITS = {  # by a claim's `severity`, as the criteria GEN-03.1 and GEN-03.2 have them
    "major": {
        "months": ResolvedLimit(name="update.major_months", value=18, unit="month"),
        "years": ResolvedLimit(name="update.major_years", value=5, unit="year"),
    },
    "minor": {"months": ResolvedLimit(name="update.minor_months", value=6, unit="month")},
}


def paper(**changed: Any) -> dict[str, Any]:
    """A certificate for IEC 61851-1:2017 that holds in every respect, with some of it changed."""
    record = {
        "title": "Certificate IEC 61851-1",
        "kind": "certificate",
        "standards": [{"standard": "IEC 61851-1", "edition": "2017"}],
        "scope": ["mode 3"],
        "proves": [],
        "body": {"name": "A body", "accredited_for": "ISO/IEC 17065"},
        "number": "C-1",
        "issued": "2025-01-01",
        "valid_until": "2028-12-31",
        "model": MODEL,
        "firmware": [FIRMWARE],
        "signed_by": [],
        "reviewed_by": "A. Reader",
        "record_file": "c-1.yaml",
        "file_sha256": "0" * 64,
        "file_problem": None,
        "emulated": False,
    }
    return {**record, **changed}


def need(**changed: Any) -> dict[str, Any]:
    """What SC-07.1 asks for, with some of it changed."""
    wanted = {
        "criterion": "SC-07.1",
        "paper": "a certificate for IEC 61851-1:2017 or later",
        "standards": [
            {
                "names": ["IEC 61851-1", "EN IEC 61851-1"],
                "edition": "2017",
                "good": ["2017", "2030"],
                "too_old": ["2010"],
            }
        ],
        "scope": [],
        "kinds": ["certificate", "programme_evidence"],
        "about": "product",
    }
    return {**wanted, **changed}


def boot(model: str = MODEL, firmware: str = FIRMWARE) -> tuple[str, dict[str, Any]]:
    """The station announces itself."""
    station = {"model": model, "vendorName": "a vendor", "firmwareVersion": firmware}
    return _call("BootNotification", {"reason": "PowerUp", "chargingStation": station})


def report(variable: str, value: str) -> tuple[str, dict[str, Any]]:
    """The station reports one variable of its device model."""
    item = {
        "component": {"name": "ChargingStation"},
        "variable": {"name": variable},
        "variableAttribute": [{"type": "Actual", "value": value}],
    }
    return _call(
        "NotifyReport", {"requestId": 1, "generatedAt": "2026-11-22T00:00:00Z", "seqNo": 0, "reportData": [item]}
    )


def day(date: str = "2026-11-22") -> tuple[str, dict[str, Any]]:
    """The evaluation date."""
    return "evaluation.date", {"date": date}


def reviewed(**changed: Any) -> tuple[str, dict[str, Any]]:
    """A paper as the review recorded it."""
    return "document.reviewed", paper(**changed)


def trace(*entries: tuple[str, dict[str, Any]]) -> Trace:
    """Events in order, a millisecond apart."""
    return Trace(
        Event(seq=n, t_ns=n * 1_000_000, utc="2026-11-22T00:00:00.000000Z", kind=kind, who="operator", data=data)
        for n, (kind, data) in enumerate(entries)
    )


def judged(name: str, seen: Trace, **params: Any) -> Finding:
    """What the judge of that name finds."""
    claim = Claim(criterion="SC-07.1", judge=name, params=params, case="document review", seq=len(seen))
    return judge_named(name)(seen, claim, Limits(LIMITS.get(params.get("severity", ""), {})))


def _call(action: str, payload: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    raw = json.dumps([2, "x", action, payload])
    return "ocpp.frame", {"conn": 1, "dir": "in", "raw": raw, "type": 2, "id": "x", "action": action, "errors": []}
