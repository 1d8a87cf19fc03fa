"""What `verify` says a bundle is about, in sentences: everything is recomputed from the trace."""

from __future__ import annotations

from harness.evidence import Report, Stated
from harness.judge import Tested


def about(report: Report) -> list[str]:
    """What a bundle states, recomputed: who was tested, how, when, on what it rests; nothing of one that is unsound."""
    says = report.stated
    if says is None or report.dut is None:
        return ["  What it states is not repeated here: it could not be read in full, or does not hold."]
    who = says.tested
    client = f"for {report.client}" if report.client else "for no named client"
    campaign = f", campaign {says.campaign}" if says.campaign else ""
    return [
        f"  States: {report.decision} for {_named(who)}",
        *_identity(who),
        f"  It is about {who.about}.",
        f"  Tender: {report.tender}, {client}; {_how_much(says)}",
        f"  Tested: from {_minute(who.began)} to {_minute(who.ended)}{campaign}",
        f"  Judged: as of {says.judged_as_of}, by chargeproof {report.harness_version}",
        *_asks_less(says, report.harness_version),
        *(f"  Cut: {sentence}" for sentence in says.cut),
        *_rests(says),
        *_operator(says),
        *_waived(says),
    ]


def _named(who: Tested) -> str:
    """The charger by what it told of itself."""
    maker_model = " ".join(part for part in (who.manufacturer, who.model) if part)
    parts = [f"serial {who.serial}" if who.serial else "", f"firmware {who.firmware}" if who.firmware else ""]
    told = ", ".join(part for part in (maker_model, *parts) if part)
    return f"{told}, as the charger itself told" if told else "a charger that told nothing of itself"


def _identity(who: Tested) -> list[str]:
    """What the wire tells beside it, what was only declared, and where the two differ."""
    lines = []
    if who.certificate:
        lines.append(f"    it proved to hold the certificate of {who.certificate}")
    if who.firmware_after:
        lines.append(f"    after an update in this test it ran firmware {who.firmware_after}")
    if who.declared_only:
        only = ", ".join(f"{kind} {who.declared.get(kind) or '(nothing)'}" for kind in who.declared_only)
        lines.append(f"    declared only, nothing on the wire tells: {only}")
    return [*lines, *(f"    DIFFERS: {sentence}" for sentence in who.differs)]


def _how_much(says: Stated) -> str:
    size = f"{says.criteria} criteria" + (f", {says.ran} of {says.purposes} test purposes run" if says.purposes else "")
    depth = f", depth {says.depth}" if says.depth else ""
    whole = f"the whole tender{depth} ({size})"
    if says.narrowed:
        whole = f"a part of the tender only: {', '.join(says.narrowed)}{depth} ({size})"
    again = f"; run again: {', '.join(says.rerun)}" if says.rerun else ""
    if says.left_out:
        whole = f"{whole}, of which it LEAVES OUT {len(says.left_out)}: {_some(says.left_out)}"
    return whole + again + ("; an interrupted run" if says.interrupted else "")


def _asks_less(says: Stated, made_by: str) -> list[str]:
    """Where less decides than in the catalogue that this chargeproof ships with."""
    lines = []
    if says.made_wishes:
        lines.append(
            f"  ASKS LESS: {_criteria(len(says.made_wishes))} that the catalogue demands "
            f"{'is' if len(says.made_wishes) == 1 else 'are'} a mere wish here, and no failure of them stands against "
            f"GO: {_some(says.made_wishes)}"
        )
    if says.other_catalogue:
        lines.append(
            f"  OTHER REQUIREMENTS: the catalogue in this bundle (chargeproof {made_by}) is not the one that this "
            "chargeproof ships with; only who signed it answers for what it demands"
        )
    return lines


def _some(names: tuple[str, ...], most: int = 6) -> str:
    """The first of them, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _rests(says: Stated) -> list[str]:
    """On what the criteria that are needed and hold rest."""
    basis = says.basis
    if not (basis.seen or basis.papers or basis.waived or basis.follows):
        return []
    lines = [
        f"  Rests on: what was seen, for {_criteria(len(basis.seen))}; papers alone, for {len(basis.papers)}; "
        f"a signed waiver, for {len(basis.waived)}" + (f"; {len(basis.follows)} more follow" if basis.follows else "")
    ]
    if basis.instead:
        lines.append(
            f"    in {len(basis.instead)} a PAPER STANDS IN PLACE OF A TEST that the bench could not run: "
            f"{', '.join(basis.instead)}"
        )
    return lines


def _criteria(number: int) -> str:
    """ "1 criterion", "3 criteria"."""
    return f"{number} {'criterion' if number == 1 else 'criteria'}"


def _operator(says: Stated) -> list[str]:
    if not says.by_script:
        return []
    return [f"  Operator: a script, no person ({says.by_script} of {says.answers} answers)"]


def _waived(says: Stated) -> list[str]:
    return [
        f"  Waived: {w.of} until {w.until}, signed by {w.signed_by} on {w.dated}: {w.reason}" for w in says.waivers
    ] or ["  Waived: nothing"]


def _minute(utc: str) -> str:
    return f"{utc[:10]} {utc[11:16]} UTC" if len(utc) > 15 else utc or "an unknown time"
