"""`chargeproof verify`: check an evidence bundle, offline and without the charger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from harness import evidence
from harness.evidence import KeyFault, NotABundle, PublicKey, Report

HOLDS, DOES_NOT_HOLD, USAGE, HARNESS_ERROR = 0, 1, 2, 3


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help="The signer's public key (PEM), got from the signer.")
@click.option("--rejudge", is_flag=True, help="Judge the trace again and compare every verdict.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify(bundle: Path, key: Path | None, rejudge: bool, as_json: bool) -> None:
    """Check an evidence bundle, offline and without the charger.

    Every byte is checked: the zip, the files, the trace's chain, the signature. Without --key the bundle is only shown
    to be unaltered since somebody sealed it, not who that was.

    Exit code: 0 it holds, 1 it does not, 2 it cannot be read or not be checked by this version, 3 chargeproof failed.
    """
    try:
        report = evidence.verify(bundle, PublicKey.from_pem(key) if key else None, rejudge)
    except (NotABundle, KeyFault) as error:
        _stop(str(error) if isinstance(error, NotABundle) else f"{key}: {error}")
    except OSError as error:
        _stop(f"{error.filename or bundle}: {error.strerror}")
    except Exception as error:  # whatever is inside a bundle must not look like its own fault
        click.echo(f"chargeproof itself failed: {type(error).__name__}: {error}", err=True)
        sys.exit(HARNESS_ERROR)
    if as_json:
        fields = {**msgspec.to_builtins(report), "ok": report.ok}
        click.echo(msgspec.json.format(msgspec.json.encode(fields), indent=2))
    else:
        for line in in_words(report):
            click.echo(line)
    sys.exit(HOLDS if report.ok else USAGE if report.holds else DOES_NOT_HOLD)


def in_words(report: Report) -> list[str]:
    """The report as sentences for somebody who buys chargers."""
    lines = [f"{report.bundle}  ({report.files} files, {report.events} events, {report.size_bytes} bytes)"]
    if report.decision:
        lines += _about(report)
    for problem in report.problems:
        lines.append(f"  ALTERED OR WRONG  {problem}")
    if not report.problems:
        lines.append("  Unaltered: every byte, every file's SHA-256 and the trace's chain fit what was sealed.")
        lines.append(_signed(report))
    lines += _judged(report)
    lines += [f"  Cannot be checked: {sentence}" for sentence in report.cannot]
    lines += [f"  Note: {note}" for note in report.notes]
    verdict = "The evidence holds." if report.ok else "The evidence DOES NOT HOLD."
    if report.holds and not report.ok:
        verdict = "Nothing speaks against the evidence, but not everything could be checked."
    return [*lines, verdict]


def _about(report: Report) -> list[str]:
    dut = report.dut
    who = f"{dut.manufacturer} {dut.model}, serial {dut.serial}, firmware {dut.firmware}" if dut else "unknown"
    marks = [
        word
        for word, on in (
            ("an emulated charger, no real one", report.emulated),
            ("an interrupted run", report.interrupted),
            ("a part of the tender only", report.partial),
        )
        if on
    ]
    lines = [
        f"  States: {report.decision} for {who}",
        f"  Tender: {report.tender}; judged as of {report.evaluation_date} by chargeproof {report.harness_version}",
    ]
    return [*lines, *([f"  It is about {', '.join(marks)}."] if marks else [])]


def _signed(report: Report) -> str:
    if report.signer == "known":
        return f"  Signed by the key you gave ({report.keyid})."
    return (
        f"  Integrity only, signer unknown: the bundle brings its own key ({report.keyid}),\n"
        "  and anybody could have put one there. Ask the signer for the public key and give it with --key."
    )


def _judged(report: Report) -> list[str]:
    if report.rejudged == "agrees":
        return ["  Judged again from the trace: every verdict agrees."]
    if report.rejudged == "differs":
        shown = [f"    {difference}" for difference in report.differences]
        return ["  JUDGED AGAIN, AND DIFFERENT:", *shown]
    return []


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(USAGE)
