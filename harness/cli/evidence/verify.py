"""`chargeproof verify`: check an evidence bundle, offline and without the charger."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import msgspec

import harness.captures  # noqa: F401  so that a capture is made again and held against the trace
from harness import evidence
from harness.cli._codes import Exit
from harness.cli._say import Door, ours, refuse
from harness.cli.evidence._about import about
from harness.evidence import GivenKey, KeyFault, NotABundle, Problem, Report, given_key
from harness.judge import Tested


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help="The signer's public key (PEM), got from the signer.")
@click.option("--integrity-only", is_flag=True, help="Exit with 0 although nobody knows who signed.")
@click.option("--serial", help="It must be about the charger that reports this serial number.")
@click.option("--firmware", help="It must be about a charger that reports this firmware at its first boot.")
@click.option("--tested-since", metavar="DATE", help="The test must not have begun before this day (YYYY-MM-DD).")
@click.option(
    "--expect",
    type=click.Choice(["GO", "HOLD", "SELECTION"]),
    help="The decision must be this one: 1 if it is another.",
)
@click.option("--rejudge", is_flag=True, help="Judge the trace again and compare every verdict.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify(
    bundle: Path, key: Path | None, integrity_only: bool, rejudge: bool, as_json: bool, **expected: str | None
) -> None:
    """Check an evidence bundle, offline and without the charger.

    Every byte is checked: the zip, the files, the trace's chain, the signature. Without --key the bundle is only shown
    to be unaltered since somebody sealed it, not who that was. A bundle may hold and be another charger's, or an old
    one: say with --serial, --firmware and --tested-since which one you expect. Exit code 0 says that the
    evidence holds, of a HOLD too; with --expect GO it also says that the decision is GO.

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
    wanted = expected["expect"]
    if wanted is not None and report.decision != wanted:
        told = f"the decision is {report.decision}" if report.decision else "no decision can be read"
        found.append(Problem(where="verdicts.json", what=f"{told}, you expect {wanted}"))
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
        lines += about(report)
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
