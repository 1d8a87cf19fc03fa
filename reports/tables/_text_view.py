"""The report as plain text: the decision, who was tested, what stands in the way, and the counts."""

from __future__ import annotations

from collections.abc import Iterator

from reports._results import criteria_of, hung, rule_rank, rule_settled
from reports._text import counted, day, shortened, visible
from reports._view import EvidenceView
from reports._words import DEPTHS, SORTS, VERDICTS, WORST_FIRST

REASONS = 40  # of a HOLD with more, the rest is counted
_ROWS = (("manufacturer", "Maker"), ("model", "Model"), ("serial", "Serial"), ("firmware", "Firmware"))


def render_text(view: EvidenceView) -> str:
    """Text for a terminal, a log or a mail. Unsound evidence says so first; foreign characters are made visible."""
    return "\n".join(_one_line(line) for line in _lines(view)) + "\n"


def _lines(view: EvidenceView) -> Iterator[str]:
    result, told = view.result, view.result.tested
    yield from view.unsound[:5]
    yield result.decision + (", EMULATED: this proves nothing about a real product" if view.emulated else "")
    for key, name in _ROWS:
        found, declared = str(getattr(told, key)), told.declared.get(key, "")
        other = f" (declared: {declared})" if declared and declared != found else ""
        yield f"  {name + ':':<14}{found or 'not told on the wire'}{other}"
    yield f"  {'Tested:':<14}{told.began or 'time unknown'} to {told.ended or 'time unknown'}"
    yield f"  {'Judged as of:':<14}{day(result.evaluation_date)}, tender {view.plan.tender or 'not named'}"
    beyond = counted(result.beyond, "purpose lies", "purposes lie")
    yield f"  {'Depth:':<14}{DEPTHS[result.depth][0]}; {beyond} beyond it"
    yield f"  {'Device:':<14}{SORTS.get(view.sort, view.sort)}"
    yield from _rests(view)
    if result.narrowed:
        yield f"  {'Narrowed by:':<14}{', '.join(result.narrowed)}"
    for line in told.differs:
        yield f"  Differs: {line}"
    yield from _cut(view)
    yield from _reasons(view)
    yield from _counts(view)
    yield from _rules(view)


def _cut(view: EvidenceView) -> Iterator[str]:
    """Every run that came to no verdict: nothing on this page may hide one."""
    for c in view.result.cut_runs:
        yield f"Cut run {c.id} ({', '.join(c.purposes)}), {c.when}: {c.why}"
        for seen in c.seen:
            yield f"  until then: {seen}"
        yield f"  {f'explained: {c.explained}' if c.reason else 'NOT EXPLAINED: it stands against a GO'}"


def _rests(view: EvidenceView) -> Iterator[str]:
    basis, (scripted, answers) = view.basis, view.scripted
    many = counted(len(basis.seen), "criterion", "criteria")
    waived = f", {len(basis.waived)} on a signed waiver" if basis.waived else ""
    follow = f"; {counted(len(basis.follows), 'more follows', 'more follow')} from these" if basis.follows else ""
    yield f"  {'Rests on:':<14}what was seen, for {many}; {len(basis.papers)} on papers alone{waived}{follow}"
    if basis.instead:
        yield f"  In {len(basis.instead)} a PAPER STANDS IN PLACE OF A TEST: {', '.join(basis.instead)}"
    if scripted:
        yield f"  {'Operator:':<14}a script, no person ({scripted} of {answers} answers)"


def _reasons(view: EvidenceView) -> Iterator[str]:
    reasons = view.result.reasons
    for r in reasons[:REASONS]:
        told = (*r.rules, *r.purposes)
        names = f" [{', '.join(told[:4])}{' …' if len(told) > 4 else ''}]" if told else ""
        yield f"{r.criterion or 'Campaign'} {r.verdict}{names}: {r.why}"
        yield f"  {r.who}: {r.what}"
    if len(reasons) > REASONS:
        yield f"… and {len(reasons) - REASONS} more reasons in the report"


def _counts(view: EvidenceView) -> Iterator[str]:
    hang = hung(view.result)
    yield "Criteria with the results of their purposes:"
    for c in criteria_of(view.result):
        mine = hang.under.get(c.id, [])
        tally = ((v, sum(r.verdict is v for r in mine)) for v in WORST_FIRST)
        many = ", ".join(f"{n} {VERDICTS[v].word.lower()}" for v, n in tally if n)
        waived = ", waived" if c.waived else ""
        yield f"  {c.id:<10}{VERDICTS[c.verdict].word.lower()}{waived}{f' ({many})' if many else ''}"
    if hang.along:
        names = ", ".join(dict.fromkeys(p.purpose for p in hang.along))
        yield f"Run along, as the control of what was chosen: {names}. It does not gate."
    if hang.beyond:
        yield f"Beyond the tender: {counted(len(hang.beyond), 'result', 'results')}, none of which gates."


def _rules(view: EvidenceView) -> Iterator[str]:
    """How many rules were exercised and violated, and the violated ones, worst first."""
    outcomes = view.result.rules
    if not outcomes:
        return
    exercised = {r.rule for r in outcomes if r.exercised}
    violated = {r.rule for r in outcomes if r.violated}
    whole = f"{counted(len({r.rule for r in outcomes}), 'rule', 'rules')} watched everything"
    yield f"{whole}: {len(exercised)} exercised, {len(violated)} violated."
    worst = sorted((r for r in outcomes if r.violated or not rule_settled(r)), key=rule_rank)
    for r in worst[:REASONS]:
        how = "" if r.decides else " (advisory)"
        yield f"  {r.label} {VERDICTS[r.verdict].word.lower()}{how}: {r.why}"
    if len(worst) > REASONS:
        yield f"  … and {len(worst) - REASONS} more in the report"


def _one_line(text: str) -> str:
    """A charger's newline must not write a line of its own."""
    lead = len(text) - len(text.lstrip(" "))
    shown = str(visible(text.strip(" "))).replace("\n", "⟨U+000A⟩").replace("\t", " ")
    return " " * lead + shortened(shown, 600)
