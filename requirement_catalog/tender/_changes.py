"""In what a tender differs from the catalogue, in words for the first page of a report."""

from __future__ import annotations

from collections.abc import Iterator

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._model import ContractParameter, Limit, Obligation, ReferenceNumber, Sense
from requirement_catalog.purposes._suite_model import RuleLimit
from requirement_catalog.tender._overlay import DecisionRule
from requirement_catalog.tender._tender import Tender, TenderChange

_STRENGTH = (Obligation.INFORMATION, Obligation.WISH, Obligation.MANDATORY)
_RULES = {
    DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY: "is inconclusive",
    DecisionRule.ACCEPT_WITHIN_UNCERTAINTY: "passes",
    DecisionRule.REJECT_WITHIN_UNCERTAINTY: "fails",
}


def changes_of(catalogue: Catalogue, tender: Tender) -> tuple[TenderChange, ...]:
    """Every change that an overlay makes, what asks less of the charger first."""
    found = [
        *_manner(catalogue, tender),
        *_extent(catalogue, tender),
        *_papers(catalogue, tender),
        *_waivers(tender),
        *_numbers(catalogue, tender),
    ]
    return tuple(sorted(found, key=lambda change: not change.eases))


def _extent(catalogue: Catalogue, tender: Tender) -> Iterator[TenderChange]:
    asked, left = [c for c in catalogue.criteria if c.gates], len(tender.mandatory(catalogue.criteria))
    if left != len(asked):
        text = f"{left} criteria are mandatory before go-live; the catalogue has {len(asked)}"
        yield TenderChange(kind="extent", of="", text=text, eases=left < len(asked))
    for of, reason in tender.left_out.items():
        yield TenderChange(kind="left_out", of=of, text=f"{of} is not asked for: {reason}", eases=True)
    for of, change in tender.obligations.items():
        before = _obligations(catalogue, of)
        eases = any(_STRENGTH.index(change.obligation) < _STRENGTH.index(each) for each in before)
        was = " or ".join(dict.fromkeys(each.value for each in before))
        text = f"{of} is {_said(change.obligation)} instead of {was}: {change.reason}"
        yield TenderChange(kind="obligation", of=of, text=text, eases=eases)
    if tender.scope is not None:
        parts = [*tender.scope.current, *(s.replace("_", "-") for s in tender.scope.site), *tender.scope.product]
        if tender.scope.bidirectional is not None:
            parts.append("bidirectional" if tender.scope.bidirectional else "one-way")
        text = f"only for {', '.join(parts) or 'every product'}"
        yield TenderChange(kind="scope", of="", text=text, eases=True)


def _obligations(catalogue: Catalogue, of: str) -> list[Obligation]:
    return [c.obligation for c in catalogue.criteria if of in (c.id, c.id.split(".")[0])]


def _said(obligation: Obligation) -> str:
    return {"mandatory": "mandatory", "wish": "a wish", "information": "for information"}[obligation.value]


def _papers(catalogue: Catalogue, tender: Tender) -> Iterator[TenderChange]:
    before = {each.of: each.reason for each in catalogue.default_tender.accept_papers_for}
    for of, reason in tender.papers_accepted.items():
        if before.get(of) != reason:
            text = f"a paper may take the place of a test for {of}, where the bench cannot run it: {reason}"
            yield TenderChange(kind="papers", of=of, text=text, eases=of not in before)
    for of in before:
        if of not in tender.papers_accepted:
            yield TenderChange(kind="papers", of=of, text=f"no paper takes the place of a test for {of}")


def _waivers(tender: Tender) -> Iterator[TenderChange]:
    for waiver in tender.waivers:
        revision = f" (revision {waiver.revision})" if waiver.revision is not None else ""
        text = (
            f"{waiver.of}{revision} is waived from {waiver.dated} until {waiver.until}, "
            f"signed by {waiver.signed_by}: {waiver.reason}"
        )
        yield TenderChange(kind="waiver", of=waiver.of, text=text, eases=True)


def _numbers(catalogue: Catalogue, tender: Tender) -> Iterator[TenderChange]:
    for before in catalogue.default_tender.parameters:
        now = tender.parameters[before.name]
        if (now.value, now.source) != (before.value, before.source):
            text = f"{before.name}: {_instead(now.value, before)}: {now.reason} ({now.source})"
            yield TenderChange(kind="limit", of=before.name, text=text, eases=_eases(before, now.value))
    for number in catalogue.reference_numbers:
        read = tender.reference_numbers[number.name]
        if read.checked_by != number.checked_by:
            text = f"{number.name}: {_instead(read.value, number)}, confirmed: {read.source}"
            yield TenderChange(kind="confirmation", of=number.name, text=text, eases=_eases(number, read.value))
    for name, each in tender.confirmations.items():
        criterion, role = name.split(" ")
        limit = catalogue.criterion(criterion).limits[role]
        text = f"{name}: {_instead(each.value, limit)}, confirmed: {each.source}"
        yield TenderChange(kind="confirmation", of=name, text=text, eases=_eases(limit, each.value))

    for name, change in tender.rule_limits.items():
        text = f"{name}: {_instead(change.now.value, change.was)}: {change.reason} ({change.now.source})"
        yield TenderChange(kind="limit", of=name, text=text, eases=_eases(change.was, change.now.value))


_Number = ContractParameter | ReferenceNumber | Limit | RuleLimit


def _instead(value: float, before: _Number) -> str:
    unit = before.unit or ""
    if value == before.value:
        return f"{value:g} {unit} as before"
    return f"{value:g} {unit} instead of {before.value:g} {unit}"


def _eases(before: _Number, value: float) -> bool:
    assert before.value is not None
    return value > before.value if (before.sense or Sense.AT_MOST) is Sense.AT_MOST else value < before.value


def _manner(catalogue: Catalogue, tender: Tender) -> Iterator[TenderChange]:
    default = catalogue.default_tender
    if tender.demo:
        text = "a demonstration's tender: nobody has agreed its numbers"
        yield TenderChange(kind="demo", of="", text=text, eases=True)
    if tender.depth is not default.depth:
        text = f"run at depth {tender.depth.value} instead of {default.depth.value}"
        yield TenderChange(kind="depth", of="", text=text, eases=default.depth.includes(tender.depth))
    if tender.decision_rule is not default.decision_rule:
        was, now = _RULES[default.decision_rule], _RULES[tender.decision_rule]
        text = f"a measured value within its uncertainty of a limit {now}; otherwise it {was}"
        eases = tender.decision_rule is DecisionRule.ACCEPT_WITHIN_UNCERTAINTY
        yield TenderChange(kind="decision_rule", of="", text=text, eases=eases)
    if tender.evaluation_date is not None:
        text = f"papers and update duties are judged as of {tender.evaluation_date}, not of the day of the test"
        yield TenderChange(kind="date", of="", text=text, eases=True)
