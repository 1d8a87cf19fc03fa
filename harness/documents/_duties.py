"""A pure judge over update duties (GEN-03): which newer version should be in the product by now, and is it."""

from __future__ import annotations

import datetime
from typing import Any

from harness.documents._dates import add_months, add_years
from harness.documents._issuer import says_something
from harness.documents._judges import evaluation_day, of_a_real_charger, papers_named
from harness.judge import Claim, Finding, Limits, Verdict, judge, worst
from harness.trace import Trace
from requirement_catalog import Confidence

CLAUSE = "SCALE D5.4 Annex 1, Generic no. 3"


@judge("duties.none_overdue")
def none_overdue(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """No newer edition of `severity` ("major" | "minor") is overdue on the evaluation date.

    The clock starts when independent test certification becomes available. When that day is unknown the result is
    inconclusive, never "not due", unless a dated check shows that there was none so late that the period cannot be
    over. Months end-of-month clamped. Params: `severity`, optional `standards` (names that must be in the register).
    """
    severity = claim.params["severity"]
    months = limits["months"].value
    years = limits["years"].value if severity == "major" else None
    size = "large" if severity == "major" else "small"
    expected = f"no {size} change is overdue {months:g} months after independent certification became available"
    day = evaluation_day(trace)
    registers = trace.of("duties.register")
    if not registers:
        return _finding(
            Verdict.PENDING, expected, "missing: the register of purchase date and implemented versions", ()
        )
    register = registers[len(registers) - 1]
    if day is None:
        return _finding(Verdict.INCONCLUSIVE, expected, "no evaluation date was recorded", (register.seq,))
    told = [*_vouched(register.data, trace), *_unlisted(register.data, claim.params.get("standards"))]
    for standard in register.data["standards"]:
        told += _standard(
            {**register.data, "papers": papers_named(trace)}, standard, severity, day.date, int(months), years
        )
    verdict = worst([Verdict.PASS, *(each for each, _ in told)])
    if verdict is Verdict.PASS:
        seen = "; ".join(text for _, text in told) or f"no {size} change of an applicable standard is known"
    else:
        seen = "; ".join(text for each, text in told if each is verdict)
    return _finding(verdict, expected, seen, tuple(sorted((register.seq, day.seq))))


def _vouched(register: dict[str, Any], trace: Trace) -> list[tuple[Verdict, str]]:
    """What is wrong with the register itself."""
    found = []
    if not says_something(register.get("kept_by")):
        found.append((Verdict.INCONCLUSIVE, "the register names nobody who keeps it (kept_by)"))
    if register.get("emulated") and of_a_real_charger(trace):
        found.append((Verdict.FAIL, "the register is a sample, which proves nothing of a real charger"))
    return found


def _unlisted(register: dict[str, Any], wanted: list[str] | None) -> list[tuple[Verdict, str]]:
    """Standards that apply but of which the register names no implemented edition."""
    found = []
    for standard in register["standards"]:
        if (
            (wanted is None or standard["name"] in wanted)
            and standard["editions"]
            and not _implemented(register, standard)
        ):
            text = f"the register does not say which edition of {standard['name']} is implemented"
            found.append((Verdict.INCONCLUSIVE, text))
    return found


def _standard(
    register: dict[str, Any],
    standard: dict[str, Any],
    severity: str,
    day: datetime.date,
    months: int,
    years: float | None,
) -> list[tuple[Verdict, str]]:
    editions = standard["editions"]
    done = _implemented(register, standard)
    newest = max(done) if done else -1
    told = []
    for place, edition in enumerate(editions):
        if edition["change"] == severity and place > newest and done:
            told.append(_edition(register, standard, edition, day, months, years))
    return told


def _edition(
    register: dict[str, Any],
    standard: dict[str, Any],
    edition: dict[str, Any],
    day: datetime.date,
    months: int,
    years: float | None,
) -> tuple[Verdict, str]:
    name = f"{standard['name']} {edition['edition']}"
    waits = _find(register["needs_new_hardware"], standard, edition)
    if waits:
        lives = datetime.date.fromisoformat(waits["hardware_lives_until"])
        if day <= lives and waits["shown_by"].strip().casefold() not in register["papers"]:
            text = f"{name} is said to need new hardware, and the paper that shows it is not at hand"
            return Verdict.INCONCLUSIVE, f"{text} ({waits['shown_by']}): give its number, title or file as `shown_by`"
        if day <= lives:
            return Verdict.PASS, f"{name} needs new hardware and waits until {lives} ({waits['shown_by']})"
    certification = edition["certification_available"]
    if certification.get("date") is None:
        return _unknown(register, standard, edition, name, day, months)
    available = datetime.date.fromisoformat(certification["date"])
    if not Confidence(certification["confidence"]).decides:
        text = f"{name}: certification since {available} by a source nobody confirmed ({certification['source']})"
        return Verdict.INCONCLUSIVE, text
    if years is not None:
        purchased = register.get("purchased")
        if purchased is None:
            return Verdict.INCONCLUSIVE, f"{name}: the register gives no purchase date"
        ends = add_years(datetime.date.fromisoformat(purchased), int(years))
        if available > ends:
            return Verdict.PASS, f"{name}: certification came after the duty to make large changes ended on {ends}"
    due = add_months(available, months)
    if day > due:
        return (
            Verdict.FAIL,
            f"{name} was due on {due} (certification available since {available}) and is not implemented",
        )
    return Verdict.PASS, f"{name} is due on {due}"


def _unknown(
    register: dict[str, Any],
    standard: dict[str, Any],
    edition: dict[str, Any],
    name: str,
    day: datetime.date,
    months: int,
) -> tuple[Verdict, str]:
    """An unknown day is no excuse; a check that found none on a day rules out a due date before it + months."""
    check = _find(register["checks"], standard, edition)
    if check is None:
        text = f"{name} is not implemented, and it is unknown since when independent certification is available"
        return Verdict.INCONCLUSIVE, f"{text}; check it and note the check in the register"
    if datetime.date.fromisoformat(check["dated"]) > day or not (
        says_something(check.get("by")) and says_something(check.get("found"))
    ):
        text = f"{name}: the check of {check['dated']} ({check['by']}) is of a day to come, or says not who found what"
        return Verdict.INCONCLUSIVE, text
    earliest = add_months(datetime.date.fromisoformat(check["dated"]), months)
    if day <= earliest:
        text = f"{name}: no certification yet on {check['dated']} ({check['by']}), so not due before {earliest}"
        return Verdict.PASS, text
    return (
        Verdict.INCONCLUSIVE,
        f"{name}: the last check is of {check['dated']}; check again whether certification is available",
    )


def _find(entries: list[dict[str, Any]], standard: dict[str, Any], edition: dict[str, Any]) -> dict[str, Any] | None:
    """The latest entry about that edition."""
    names = _names(standard["name"], standard["also_called"])
    editions = _names(edition["edition"], edition["also_called"])
    found = [e for e in entries if e["standard"].casefold() in names and e["edition"].casefold() in editions]
    return max(found, key=lambda e: str(e.get("dated", ""))) if found else None


def _implemented(register: dict[str, Any], standard: dict[str, Any]) -> list[int]:
    """Places of the implemented editions; an edition that standards.yaml does not know is no proof of anything."""
    names = _names(standard["name"], standard["also_called"])
    said = {
        edition.casefold()
        for name, editions in register["implemented"].items()
        if name.casefold() in names
        for edition in editions
    }
    return [
        place for place, each in enumerate(standard["editions"]) if said & _names(each["edition"], each["also_called"])
    ]


def _names(name: str, others: list[str]) -> set[str]:
    return {each.casefold() for each in (name, *others)}


def _finding(verdict: Verdict, expected: str, seen: str, events: tuple[int, ...]) -> Finding:
    return Finding(verdict=verdict, expected=expected, seen=seen, clause=CLAUSE, acted="operator", events=events)
