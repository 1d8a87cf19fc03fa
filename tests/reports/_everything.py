"""A campaign in which a criterion has purposes of every kind: cut and run again, waived, disputed, unproven, folded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.judge import Claim, Conditions, Finding, FindingResult, PurposeResult, Verdict
from requirement_catalog import Conformance
from tests.reports._build import RESPONSE, Campaign, within

HOME, SECOND = "SC-04.3", "SC-04.5"
CUT_CASE = "ocpp/K/k01::unplugged@2.1"


def everything(folder: Path) -> Path:
    """One criterion (SC-04.3) with 23 purposes; one of them serves SC-04.5 too, and one serves nothing."""
    c = Campaign(folder, emulated=False)
    c.verdicts[HOME] = (Verdict.FAIL, "3 of 26 results fail")
    c.purpose_results[HOME] = {"verdict": Verdict.PASS, "why": "no power", "next_what": "", "next_who": ""}
    for version in ("2.1", "2.0.1"):
        for evse in (1, 2):
            bad = (version, evse) == ("2.0.1", 2)
            under = Conditions(version=version, evse=evse)
            verdict = Verdict.FAIL if bad else Verdict.PASS
            _add(c, 1, verdict, "stayed at 16 A" if bad else f"0 A after 1.{evse} s", conditions=under, measured=True)
    _cut_and_run_again(c)
    waiver = "waiver signed by A. de Vries on 2026-02-20, valid until 2026-06-30: corrected in May"
    _add(c, 3, Verdict.FAIL, "waits for 12 s", waived=True, waiver=waiver)
    _add(c, 4, Verdict.FAIL, "answers Rejected", dispute="K01.FR.44 speaks of the next period only.")
    _add(c, 5, Verdict.PASS, "refused", proven=False)
    _add(c, 6, Verdict.PASS, "seen at the meter", stands_in_for=("OCPP-J02.P004",))
    _add(c, 7, Verdict.PASS, "both hold", serves=(HOME, SECOND), conformance=Conformance.CONDITIONAL)
    _add(c, 9, Verdict.FAIL, "offers no priority charging", serves=())
    for n in range(10, 25):
        _add(c, n, Verdict.PASS, "as it should be", measured=True)
    return c.finish()


def _add(c: Campaign, n: int, verdict: Verdict, why: str, *, measured: bool = False, **differs: Any) -> None:
    """A result of purpose OCPP-K01.P00n with one finding."""
    purpose = f"OCPP-K01.P{n:03d}"
    told: dict[str, Any] = {
        "purpose": purpose,
        "statement": f"What K01 asks in point {n}.",
        "verdict": verdict,
        "why": why,
        "serves": (HOME,),
        "proven": True,
        "next_who": "" if verdict is Verdict.PASS else "supplier",
        "next_what": "" if verdict is Verdict.PASS else "correct the charger, then test again",
        "case": f"ocpp/K/k01::{n}",
        "clauses": (f"K01.FR.{n:02d}", f"TC_K_{n:02d}_CS"),
    }
    told |= differs
    if "findings" not in told:
        measurements = (within("response time", 3 + n / 10, RESPONSE, 0.15, 1.0),) if measured else ()
        finding = Finding(verdict=verdict, expected="no power", seen=why, acted="dut", measurements=measurements)
        told["findings"] = (_found(c, told["case"], finding, 1),)
    c.more.append(PurposeResult(**told))


def _cut_and_run_again(c: Campaign) -> None:
    """P002: its first run was cut short after one check, its second ran to the end and passed."""
    findings = []
    for run, at, outcome in ((1, 10.0, "not_seen"), (2, 40.0, "completed")):
        c.recorder.case = CUT_CASE
        c.at(at, "case.started", "harness", {"title": "Unplugged while limited"})
        finding = Finding(verdict=Verdict.PASS, expected="no power", seen=f"no power in run {run}", acted="dut")
        findings.append(_found(c, CUT_CASE, finding, run))
        detail = "the station went away" if run == 1 else ""
        c.at(at + 9, "case.ended", "harness", {"outcome": outcome, "detail": detail})
        c.recorder.case = None
    _add(
        c,
        2,
        Verdict.INCONCLUSIVE,
        "its first run was cut short and its second was not whole",
        cut=True,
        case=CUT_CASE,
        findings=tuple(findings),
        next_who="test engineer",
        next_what="run it again, whole",
    )


def _found(c: Campaign, case: str, finding: Finding, run: int) -> FindingResult:
    made = c.at(c.clock.t_s, "note", "harness", {})
    claim = Claim(judge="setpoints.zero", params={}, case=case, seq=made.seq, purpose="OCPP-K01.P002", run=run)
    return FindingResult(claim=claim, finding=finding)
