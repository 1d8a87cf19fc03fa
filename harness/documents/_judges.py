"""Pure judges over papers: does a certificate cover this product today, and is the firmware the one it names."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from harness.documents._paper import Held, answers, hold_alone, hold_paper, name_of, same_model
from harness.documents._reported import reported_by_station
from harness.judge import Claim, Finding, Limits, Verdict, judge, worst
from harness.trace import Event, Trace

CLAUSE = "SCALE D5.4 Annex 1, Generic no. 2; ISO/IEC 17065"
_BEST_FIRST = (Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL, Verdict.PENDING)


@dataclass(frozen=True)
class _Day:
    date: datetime.date
    seq: int


def evaluation_day(trace: Trace) -> _Day | None:
    """The last evaluation date in the trace, or None when it holds none."""
    events = trace.of("evaluation.date")
    if not events:
        return None
    event = events[len(events) - 1]
    return _Day(datetime.date.fromisoformat(event.data["date"]), event.seq)


@judge("documents.certificate_covers", whole=True)
def certificate_covers(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Every paper in `needs` is at hand, in date on the evaluation date, from an accredited body, and for this model.

    Params: `needs` (see document_claims), or `standard` and optional `edition` for one certificate; `model` when the
    station never reported one. A missing paper is `pending`; a paper that does not hold is `fail`; one that cannot be
    told is `inconclusive`.
    """
    needs = claim.params["needs"] if "needs" in claim.params else [_simple_need(claim)]
    if not needs:
        return _finding(
            Verdict.INCONCLUSIVE, "certificates for what applies", "nothing that applies asks for a certificate"
        )
    expected = "; ".join(dict.fromkeys(need["paper"] for need in needs))
    day = evaluation_day(trace)
    if day is None:
        return _finding(
            Verdict.INCONCLUSIVE, expected, "no evaluation date was recorded, so no paper is in or out of date"
        )
    models = reported_by_station(trace).values("model") or [m for m in [claim.params.get("model")] if m]
    held = [_need(trace, need, day, models) for need in needs]
    verdict = worst([each.verdict for each in held])
    told = [each for each in held if each.verdict is verdict] if verdict is not Verdict.PASS else held
    events = sorted({day.seq, *(seq for each in held for seq in each.events)})
    return _finding(verdict, expected, "; ".join(dict.fromkeys(each.text for each in told)), tuple(events))


@judge("documents.matches_reported_firmware")
def matches_reported_firmware(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The model and firmware that the station reported as delivered are those that each deciding certificate names.

    For each standard: of the certificates that hold on the evaluation date, one must name both.
    """
    expected = "the model and firmware that the charging station reports are the ones its certificates name"
    reported = reported_by_station(trace)
    models, versions = reported.values("model"), reported.values("firmware")
    if not models or not versions:
        missing = " and ".join(kind for kind, seen in (("model", models), ("firmware version", versions)) if not seen)
        return _finding(Verdict.INCONCLUSIVE, expected, f"the charging station never reported its {missing}")
    if len(models) > 1 or len(versions) > 1:
        both = ", ".join(models) if len(models) > 1 else ", ".join(versions)
        seen = f"the charging station contradicts itself: it reports {both}"
        return _finding(Verdict.FAIL, expected, seen, reported.events(), "dut")
    day = evaluation_day(trace)
    if day is None:
        return _finding(Verdict.INCONCLUSIVE, expected, "no evaluation date was recorded, so no paper is in date")
    groups = _certificate_groups(trace, claim, day, models)
    held = [_of_group(group, models[0], versions[0]) for group in groups]
    if not held:
        return _finding(Verdict.PENDING, expected, "no certificate of this product was handed in", reported.events())
    verdict = worst([each.verdict for each in held])
    seen = f"all {len(held)} certificates that decide name both"
    if verdict is not Verdict.PASS:
        seen = "; ".join(dict.fromkeys(each.text for each in held if each.verdict is verdict))
    events = sorted({*reported.events(), day.seq, *(seq for each in held for seq in each.events)})
    return _finding(verdict, expected, f"it reports {models[0]}, firmware {versions[0]}; {seen}", tuple(events), "dut")


def _need(trace: Trace, need: dict[str, Any], day: _Day, models: list[str]) -> Held:
    papers = [paper for paper in _papers(trace) if answers(paper, need)]
    if not papers:
        return Held(Verdict.PENDING, f"missing: {need['paper']}")
    held = [hold_paper(paper, need, day.date, models, real=of_a_real_charger(trace)) for paper in papers]
    good = [each for each in held if each.verdict is Verdict.PASS]
    if not good:
        best = min((each.verdict for each in held), key=_BEST_FIRST.index)
        told = [each for each in held if each.verdict is best]
        return Held(best, "; ".join(each.text for each in told), tuple(s for each in told for s in each.events))
    named = frozenset().union(*(each.scope for each in good))
    events = tuple(seq for each in good for seq in each.events)
    lacking = [part for part in need["scope"] if part.casefold() not in named]
    if lacking:
        return Held(Verdict.PENDING, f"missing: {need['paper']} - no paper at hand names {', '.join(lacking)}", events)
    return Held(Verdict.PASS, "; ".join(each.text for each in good), events)


def of_a_real_charger(trace: Trace) -> bool:
    """Whether a campaign began that says that its charger is none of ours."""
    return any(event.data.get("emulated") is False for event in trace.of("campaign.started"))


@dataclass(frozen=True)
class _Paper:
    """A product certificate, and whether it holds by itself and for what it is to prove."""

    event: Event
    holds: Held


def _certificate_groups(trace: Trace, claim: Claim, day: _Day, models: list[str]) -> list[list[_Paper]]:
    """Product certificates that stand for the same thing: one of them must fit, an older one may lie beside it.

    They answer the same need; when the claim brings no needs, they name the same standards.
    """
    papers = [p for p in _papers(trace) if p.data["kind"] in ("certificate", "programme_evidence")]
    needs, real = claim.params.get("needs"), of_a_real_charger(trace)
    if needs is not None:
        groups = [
            [_Paper(p, hold_paper(p, need, day.date, models, real=real)) for p in papers if answers(p, need)]
            for need in needs
            if need["about"] == "product"
        ]
        return [group for group in groups if group]
    alike: dict[tuple[str, ...], list[_Paper]] = {}
    for paper in papers:
        if paper.data.get("model"):
            named = [each["standard"].casefold() for each in paper.data.get("standards", [])]
            group = alike.setdefault(tuple(sorted([*named, *paper.data.get("proves", [])])), [])
            group.append(_Paper(paper, hold_alone(paper, day.date, real=real)))
    return list(alike.values())


def _of_group(group: list[_Paper], model: str, version: str) -> Held:
    """Papers that hold decide, and one of them must name the firmware; where none holds, none can prove anything."""
    deciding = [each for each in group if each.holds.verdict is Verdict.PASS]
    found = [_firmware(each.event, model, version) for each in deciding or group]
    best = min(found, key=lambda held: _BEST_FIRST.index(held.verdict))
    if best.verdict is Verdict.PASS and not deciding:
        return Held(Verdict.INCONCLUSIVE, f"no paper holds: {group[0].holds.text}", best.events)
    return best


def _firmware(event: Event, model: str, version: str) -> Held:
    """One certificate against what the charger reports."""
    data, name = event.data, name_of(event.data)
    if data.get("model") and not same_model(data["model"], model):
        return Held(Verdict.FAIL, f"{name} is for model {data['model']}", (event.seq,))
    versions = data.get("firmware", [])
    if versions and version not in versions:
        return Held(Verdict.FAIL, f"{name} is for firmware {', '.join(versions)}", (event.seq,))
    if not versions:
        return Held(Verdict.INCONCLUSIVE, f"{name} names no firmware version", (event.seq,))
    return Held(Verdict.PASS, name, (event.seq,))


def _papers(trace: Trace) -> list[Event]:
    """Each reviewed paper once, as it was reviewed last: a paper stands in the trace once for every criterion."""
    reviewed = trace.of("document.reviewed")
    newest: dict[tuple[int, ...], list[Event]] = trace.once("papers", dict)
    key = (len(reviewed), reviewed[-1].seq) if len(reviewed) else ()
    if key not in newest:
        last = {event.data.get("record_file") or event.data["title"]: event for event in reviewed}
        newest.clear()  # all criteria that ask for papers ask at one time
        newest[key] = list(last.values())
    return newest[key]


def papers_named(trace: Trace) -> set[str]:
    """Number, title and file of every paper at hand whose file is there, in small letters."""
    sound = (p.data for p in _papers(trace) if not p.data.get("file_problem"))
    named = (data.get(name) for data in sound for name in ("number", "title", "file"))
    return {text.strip().casefold() for text in named if isinstance(text, str)}


def _simple_need(claim: Claim) -> dict[str, Any]:
    standard, edition = claim.params["standard"], claim.params.get("edition")
    return {
        "criterion": claim.params.get("criterion", claim.criterion),
        "paper": f"an independent certificate for {standard}{f', {edition} or later' if edition else ''}",
        "standards": [{"names": [standard], "edition": edition, "good": [edition] if edition else [], "too_old": []}],
        "scope": [],
        "kinds": ["certificate", "programme_evidence"],
        "about": "product",
    }


def _finding(
    verdict: Verdict, expected: str, seen: str, events: tuple[int, ...] = (), acted: str = "operator"
) -> Finding:
    return Finding(verdict=verdict, expected=expected, seen=seen, clause=CLAUSE, acted=acted, events=events)
