"""`chargeproof verify`: check an evidence bundle, offline and without the charger."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import msgspec

from harness import evidence
from harness.cli._codes import Exit
from harness.cli._say import Door, ours, refuse
from harness.evidence import GivenKey, KeyFault, NotABundle, Problem, Report, Stated, given_key
from harness.judge import Tested


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help="The signer's public key (PEM), got from the signer.")
@click.option("--integrity-only", is_flag=True, help="Exit with 0 although nobody knows who signed.")
@click.option("--serial", help="It must be about the charger that reports this serial number.")
@click.option("--firmware", help="It must be about a charger that reports this firmware at its first boot.")
@click.option("--tested-since", metavar="DATE", help="The test must not have begun before this day (YYYY-MM-DD).")
@click.option("--rejudge", is_flag=True, help="Judge the trace again and compare every verdict.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify(
    bundle: Path, key: Path | None, integrity_only: bool, rejudge: bool, as_json: bool, **expected: str | None
) -> None:
    """Check an evidence bundle, offline and without the charger.

    Every byte is checked: the zip, the files, the trace's chain, the signature. Without --key the bundle is only shown
    to be unaltered since somebody sealed it, not who that was. A bundle may hold and be another charger's, or an old
    one: say with --serial, --firmware and --tested-since which one you expect.

    Exit codes: 0 it holds and the key you gave signed it, 1 it does not hold or is not what you expect, 2 it cannot be
    read or not be checked by this version, 3 chargeproof failed, 4 it holds and its signer is unknown (0 with
    --integrity-only).
    """
    _check_date(expected["tested_since"])
    try:
        given = _given(key, bundle)
        report = evidence.verify(bundle, given.public if given else None, rejudge)
        report = msgspec.structs.replace(report, problems=(*report.problems, *unexpected(report, expected)))
    except NotABundle as error:
        refuse(error)
    except OSError as error:
        refuse(f"{error.filename or bundle}: {error.strerror}")
    except click.ClickException:
        raise
    except Exception as error:  # whatever is inside a bundle must not look like its own fault
        ours(error)
    code = exit_code(report, integrity_only)
    door = Door()
    if as_json:
        door.data({**msgspec.to_builtins(report), "ok": report.ok, "exit_code": int(code)})
    else:
        notes = (PRIVATE_GIVEN,) if given and given.from_private else ()
        door.lines(in_words(report, integrity_only, notes))
    sys.exit(code)


PRIVATE_GIVEN = (
    "The key you gave is a private key; its public half was used. To verify, the public half is enough: "
    "keep the private one where nobody else can read it."
)


def unexpected(report: Report, expected: Mapping[str, str | None]) -> list[Problem]:
    """Where a bundle is about another charger, or an earlier test, than the one asked for."""
    who = report.stated.tested if report.stated else Tested()
    found = []
    for name, told in (("serial", who.serial), ("firmware", who.firmware)):
        wanted = expected[name]
        if wanted is not None and told != wanted:
            said = f"reports {name} {told}" if told else f"reports no {name}"
            found.append(Problem(where="trace.jsonl", what=f"the charger {said}, you expect {wanted}"))
    since = expected["tested_since"]
    if since is not None and who.began[:10] < since:
        what = f"the test began on {who.began[:10]}, you expect none before {since}"
        found.append(Problem(where="trace.jsonl", what=what))
    return found


def _check_date(text: str | None) -> None:
    try:
        datetime.date.fromisoformat(text or "2026-11-22")
    except ValueError:
        refuse(f"--tested-since {text} is not a date such as 2026-11-22")


def exit_code(report: Report, integrity_only: bool) -> Exit:
    """What the findings come to."""
    if not report.holds:
        return Exit.HOLD
    if not report.ok:
        return Exit.REFUSED
    return Exit.GO if report.signer == "known" or integrity_only else Exit.UNKNOWN


def _given(path: Path | None, bundle: Path) -> GivenKey | None:
    if path is None:
        return None
    try:
        return given_key(path, bundle)
    except KeyFault as error:
        refuse(f"--key {path} {error}")


def in_words(report: Report, integrity_only: bool = False, notes: tuple[str, ...] = ()) -> list[str]:
    """The report as sentences for somebody who buys chargers; the first and the last one say how it ended."""
    code = exit_code(report, integrity_only)
    unknown = code in (Exit.GO, Exit.UNKNOWN) and report.signer != "known"
    lines = [
        UNKNOWN_SIGNER if unknown else _FIRST[code],
        f"{report.bundle}  ({report.files} files, {report.events} events, {report.size_bytes} bytes)",
    ]
    if report.decision:
        lines += _about(report)
    lines += [f"  ALTERED OR WRONG  {problem}" for problem in report.problems]
    if not report.problems:
        lines.append("  Unaltered: every byte, every file's SHA-256 and the trace's chain fit what was sealed.")
        lines += _signed(report)
    lines += _judged(report)
    lines += [f"  Cannot be checked: {sentence}" for sentence in report.cannot]
    lines += [f"  Note: {note}" for note in (*report.notes, *notes)]
    return [*lines, _ENOUGH if unknown and integrity_only else _LAST[code]]


UNKNOWN_SIGNER = "INTEGRITY ONLY, SIGNER UNKNOWN"
_FIRST = {Exit.GO: "HOLDS", Exit.HOLD: "DOES NOT HOLD", Exit.REFUSED: "NOT CHECKED IN FULL"}
_ENOUGH = "Integrity only, signer unknown; you said that this is enough."
_LAST = {
    Exit.GO: "The evidence holds.",
    Exit.HOLD: "The evidence DOES NOT HOLD.",
    Exit.REFUSED: "Nothing speaks against the evidence, but not everything could be checked.",
    Exit.UNKNOWN: "Integrity only, signer unknown: give the signer's public key with --key, "
    "or say with --integrity-only that this is enough.",
}


def _about(report: Report) -> list[str]:
    says = report.stated
    if says is None or report.dut is None:
        return ["  What it states is not repeated here: it could not be read in full, or does not hold."]
    who = says.tested
    client = f"for {report.client}" if report.client else "for no named client"
    campaign = f", campaign {says.campaign}" if says.campaign else ""
    return [
        f"  States: {report.decision} for {_named(who)}",
        *_identity(who),
        f"  It is about {_EMULATED if who.emulated else 'a real charger, as far as its trace tells'}.",
        f"  Tender: {report.tender}, {client}; {_how_much(says)}",
        f"  Tested: from {_minute(who.began)} to {_minute(who.ended)}{campaign}",
        f"  Judged: as of {says.judged_as_of}, by chargeproof {report.harness_version}",
        *_waived(says),
    ]


_EMULATED = "an emulated charger, no real one, and proves nothing about a product"


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
        some, more = says.left_out[:6], len(says.left_out) - 6
        named = ", ".join(some) + (f" and {more} more" if more > 0 else "")
        whole = f"{whole}, of which it LEAVES OUT {len(says.left_out)}: {named}"
    return whole + again + ("; an interrupted run" if says.interrupted else "")


def _waived(says: Stated) -> list[str]:
    return [
        f"  Waived: {w.of} until {w.until}, signed by {w.signed_by} on {w.dated}: {w.reason}" for w in says.waivers
    ] or ["  Waived: nothing"]


def _minute(utc: str) -> str:
    return f"{utc[:10]} {utc[11:16]} UTC" if len(utc) > 15 else utc or "an unknown time"


def _signed(report: Report) -> list[str]:
    if report.signer == "known":
        return [f"  Signed by the key you gave ({report.keyid})."]
    return [
        f"  Signer unknown: the bundle brings its own key ({report.keyid}),",
        "  and anybody could have put one there. Ask the signer for the public key and give it with --key.",
    ]


def _judged(report: Report) -> list[str]:
    if report.rejudged == "agrees":
        return ["  Judged again from the trace: every verdict agrees."]
    if report.rejudged == "differs":
        return ["  JUDGED AGAIN, AND DIFFERENT:", *(f"    {difference}" for difference in report.differences)]
    if report.rejudged == "not asked" and report.holds:
        return ["  Not judged again: the verdicts are as they were sealed; --rejudge recomputes them from the trace."]
    return []
