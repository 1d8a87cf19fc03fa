"""`chargeproof judge`: logs and captures that others made, held against the standards' rules; it never says GO."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from harness.cli._codes import Exit
from harness.cli._outputs import Outputs
from harness.cli._say import Door, ours, refuse
from harness.cli.catalogue._words import counted
from harness.cli.judged import OF, is_evidence, judged_captures, judged_evidence, judged_log
from harness.judge.rules import LogVerdicts, StationVerdict
from harness.trace import TraceError
from harness.trace.captures import CaptureError, is_capture
from harness.trace.logs import CsvMapping, LogError
from plain_files import is_plain, text_of
from reports.log import render_log_html
from requirement_catalog import CatalogueError, load_suites, read_record

_MOST_STATIONS, _MOST_FAULTS = 10, 20
_MOST_KEYS = 64 << 20  # octets of a key log
_VERSIONS = {"2.0.1": "ocpp2.0.1", "2.1": "ocpp2.1"}


@click.command()
@click.argument("logs", metavar="LOG...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write judged.html and judged.json here.")
@click.option("--version", type=click.Choice(list(_VERSIONS)), help="The OCPP version, where the log does not tell it.")
@click.option("--mapping", type=click.Path(path_type=Path), help="Of a CSV file: which column is what (YAML).")
@click.option("--tls-keys", type=click.Path(path_type=Path), help="Of a capture: the key log of its TLS sessions.")
def judge(
    logs: tuple[Path, ...], out: Path | None, version: str | None, mapping: Path | None, tls_keys: Path | None
) -> None:
    """Judge what others recorded, logs of OCPP 2.0.1 and 2.1 or captures of ISO 15118: which obligations came up,
    which were kept, which not.

    A log is a file of JSON lines with time, station, sender and frame, an Open OCPP Trace, a table (CSV) with
    --mapping, or evidence of chargeproof; gzip is unpacked, lines need not be in order. Several files are one log.
    Without a version, in the log or by --version, only what both versions say is judged.

    A capture (pcap or pcapng) holds sessions between car and charger by DIN SPEC 70121, ISO 15118-2 or ISO 15118-20;
    the charger is judged, and the car only as far as it concerns the charger. TLS is opened with the secrets that
    --tls-keys gives (NSS key log), or that the capture itself carries; without them it is named, counted and not read.

    Neither a log nor a capture ever proves that a charger may go live.

    Exit codes: 0 no rule that decides was violated, 1 one was, 2 the log cannot be read, 3 chargeproof failed, 4
    nothing was exercised.
    """
    outputs = Outputs(*logs, mapping, tls_keys)
    pages = {name: out / name for name in ("judged.html", "judged.json")} if out else {}
    for path in pages.values():
        outputs.check("--out", path)
    verdicts = _judged(logs, _VERSIONS.get(version or ""), mapping, tls_keys)
    door = Door()
    _tell(door, verdicts)
    try:
        for name, path in pages.items():
            outputs.write(path, _WRITERS[name](verdicts))
            door.line("written  {}", path, whole=True)
    except OSError as error:
        refuse(f"{error.filename or out}: {error.strerror}")
    door.line("{}", _last(verdicts))
    sys.exit(exit_code(verdicts))


def exit_code(verdicts: LogVerdicts) -> Exit:
    """What the findings come to."""
    if verdicts.decided:
        return Exit.HOLD
    return Exit.GO if verdicts.exercised else Exit.UNKNOWN


def _judged(logs: tuple[Path, ...], version: str | None, mapping: Path | None, tls_keys: Path | None) -> LogVerdicts:
    try:
        if captured := [path for path in logs if is_plain(path) and is_capture(path)]:
            return _captured(logs, captured, mapping, tls_keys)
        if tls_keys is not None:
            refuse(f"--tls-keys goes with a capture (pcap or pcapng), and {logs[0]} is none")
        evidence = [path for path in logs if is_evidence(path)]
        if evidence and len(logs) > 1:
            refuse(f"{evidence[0]} is evidence of chargeproof; give it alone")
        if evidence:
            return judged_evidence(evidence[0], load_suites())
        columns = read_record(mapping, CsvMapping)[0] if mapping else None
        return judged_log(logs, load_suites(), version, columns)
    except (LogError, TraceError, CatalogueError, CaptureError) as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{error.filename or logs[0]}: {error.strerror}")
    except click.ClickException:
        raise
    except Exception as error:  # whatever stands in a log must not look like its own fault
        ours(error)


def _captured(logs: tuple[Path, ...], captured: list[Path], mapping: Path | None, tls_keys: Path | None) -> LogVerdicts:
    others = [path for path in logs if path not in captured]
    if others:
        refuse(f"{captured[0]} is a capture and {others[0]} is none; judge them one by one")
    if mapping is not None:
        refuse(f"--mapping goes with a table (CSV), and {captured[0]} is a capture")
    keys = text_of(tls_keys, most=_MOST_KEYS, encoding="ascii") if tls_keys is not None else ""
    return judged_captures(logs, load_suites(), keys)


def _json(verdicts: LogVerdicts) -> bytes:
    return msgspec.json.format(msgspec.json.encode(verdicts), indent=1) + b"\n"


_WRITERS: dict[str, Callable[[LogVerdicts], bytes]] = {
    "judged.html": lambda verdicts: render_log_html(verdicts).encode("utf-8", "backslashreplace"),
    "judged.json": _json,
}


def _tell(door: Door, log: LogVerdicts) -> None:
    for file in log.files:
        door.line("{} ({})", file.name, file.format)
    stations = counted(len(log.stations), "charging station")
    if log.of == OF:
        stations += f" in {counted(len(log.sessions), 'session')}"
    door.line("{}", f"{counted(log.messages, 'message')} of {stations}, {log.first or '?'} to {log.last or '?'}")
    for note in log.notes:
        door.line("Note: {}", note)
    for version, count in log.left_alone.items():
        door.line("Left alone: {} of {}, which is not judged here", counted(count, "message"), version)
    if log.skipped:
        what = "message" if log.of == OF else "line"
        door.line("Skipped: {} that could not be read", counted(log.skipped, what))
        for line in log.skipped_lines[:_MOST_FAULTS]:
            door.line("    {}: {}", line.where, line.why)
    for station in [s for s in log.stations if s.rules_violated][:_MOST_STATIONS]:
        _tell_station(door, station)
    errors = [(rule.rule, error) for rule in log.rules for error in rule.errors]
    for id, error in errors:
        door.line("Rule {} failed, which is chargeproof's fault: {}", id, error)
    door.line()


def _tell_station(door: Door, station: StationVerdict) -> None:
    door.line()
    broken, tried = station.rules_violated, station.rules_exercised
    door.line("[bold]{}[/]: {} of {} exercised obligations violated", station.station, broken, tried)
    for fault in station.faults[:_MOST_FAULTS]:
        clauses = ", ".join(fault.clauses)
        often = f"{fault.violated} of {fault.exercised} times"
        often += f"; advisory: {fault.advisory_because}" if fault.advisory else ""
        door.line("  {}  {} ({}), {}", fault.rule, fault.statement, clauses, often)
        for place in fault.places[:3]:
            door.line("      {}: {}", ", ".join(place.where), place.seen)


def _last(log: LogVerdicts) -> str:
    silent, rules = len(log.rules) - log.exercised, counted(len(log.rules), "obligation")
    if not log.exercised:
        unread = f" {counted(log.encrypted, 'session')} encrypted and not read." if log.encrypted else ""
        return f"Nothing was exercised: of {rules} none came up in this log.{unread}"
    broken = f"{log.violated} of them violated" if log.violated else "none of them violated"
    said = f"{log.exercised} of {rules} came up, {broken}; of {silent} nothing is known."
    if log.violated and not log.decided:
        said += " Each violated rule is advisory (read once, or its check not proven): a reason to look, not a verdict."
    return said
