"""Certificates in the charger's stores: what it lists after it has installed, refused or deleted one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.power._asked import asked_by
from harness.trace import OcppMessage, Trace

_NO_LIST = "it gave no list of its certificates"
Entry = tuple[str, ...]


@judge("certificates.listed")
def listed(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After `install` was answered Accepted, list `get` holds a certificate that list `before` did not hold.

    `before` and `get` are GetInstalledCertificateIds of the type that was installed.
    """
    expected, clause = "what it said it has installed is listed", "OCPP 2.0.1 M05.FR.02, M03.FR.03, M03.FR.04"
    if (status := _status(trace, claim.params["install"])) != "Accepted":
        return unseen(expected, f"to install it was answered {status}", acted="dut", clause=clause)
    return _compared(trace, claim, expected, clause, grows=True)


@judge("certificates.not_listed")
def not_listed(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """List `get` holds no certificate that list `before` did not hold: what was offered in between was refused."""
    return _compared(trace, claim, "what it must refuse is not among what it has", "OCPP 2.0.1 M05.FR.07", grows=False)


@judge("certificates.kept")
def kept(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After `install` was answered Accepted, list `get` holds all that list `before` held: a new root is one more."""
    expected, clause = "what it had before is listed still, beside the new one", "OCPP 2.0.1 M05.FR.02, M03.FR.03"
    if (status := _status(trace, claim.params["install"])) != "Accepted":
        return unseen(expected, f"to install it was answered {status}", acted="dut", clause=clause)
    before, after = _list(trace, claim.params["before"]), _list(trace, claim.params["get"])
    if before is None or after is None:
        return unseen(expected, _NO_LIST, acted="dut", clause=clause)
    had = set(_entries(before.payload))
    if not had:
        return unseen(expected, "it had none before", acted="dut", clause=clause)
    gone = had - set(_entries(after.payload))
    return holds(not gone, expected, f"{len(gone)} of {len(had)} are gone", before.event, after.event, clause=clause)


@judge("certificates.deleted")
def deleted(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """DeleteCertificate `delete` was answered Accepted, and list `get` does not hold that certificate any more.

    Failed is inconclusive: it may refuse to delete what it has (M04.FR.03). NotFound is wrong of what it had listed.
    """
    expected, clause = "what it said it has deleted is not listed any more", "OCPP 2.0.1 M04.FR.02"
    asked, status = asked_by(trace, claim.params["delete"]), _status(trace, claim.params["delete"])
    if status == "NotFound":
        return holds(False, expected, "it does not find what it has listed", asked.call.event, clause=clause)
    if status != "Accepted":
        return unseen(expected, f"to delete it was answered {status}", acted="dut", clause=clause)
    answer = _list(trace, claim.params["get"])
    if answer is None:
        return unseen(expected, _NO_LIST, acted="dut", clause=clause)
    there = _entry(asked.call.payload.get("certificateHashData") or {}) in set(_entries(answer.payload))
    seen = "it lists it still" if there else "it does not list it"
    return holds(not there, expected, seen, asked.call.event, answer.event, clause=clause)


def _compared(trace: Trace, claim: Claim, expected: str, clause: str, *, grows: bool) -> Finding:
    before, after = _list(trace, claim.params["before"]), _list(trace, claim.params["get"])
    if before is None or after is None:
        return unseen(expected, _NO_LIST, acted="dut", clause=clause)
    new = set(_entries(after.payload)) - set(_entries(before.payload))
    return holds(
        bool(new) is grows, expected, f"it lists {len(new)} that it did not list before", after.event, clause=clause
    )


def _status(trace: Trace, call: int) -> str:
    answer = asked_by(trace, call).answer
    return "not at all" if answer is None else str(answer.payload.get("status", answer.error_code))


def _list(trace: Trace, call: int) -> OcppMessage | None:
    """The answer that lists certificates; NotFound is an empty list."""
    answer = asked_by(trace, call).answer
    return answer if answer is not None and answer.payload.get("status") in ("Accepted", "NotFound") else None


def _entries(payload: dict[str, Any]) -> Iterator[Entry]:
    for chain in payload.get("certificateHashDataChain") or []:
        for each in [chain.get("certificateHashData"), *(chain.get("childCertificateHashData") or [])]:
            if isinstance(each, dict):
                yield _entry(each)


def _entry(data: dict[str, Any]) -> Entry:
    """What tells certificates apart: hexadecimal, of either case, with or without leading zeros."""
    names = ("hashAlgorithm", "issuerNameHash", "issuerKeyHash", "serialNumber")
    return tuple(str(data.get(name, "")).lower().lstrip("0") for name in names)
