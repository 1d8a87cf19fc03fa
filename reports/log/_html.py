"""One self-contained HTML file about a judged log; everything that a log says is escaped, nothing is fetched or run."""

from __future__ import annotations

from pathlib import Path

import jinja2
from markupsafe import Markup

from harness.judge.rules import Fault, LogVerdicts, StationVerdict
from reports._text import visible

TEMPLATES = Path(__file__).parent / "templates"
MOST_STATIONS = 200  # with a page of faults each; the JSON holds all of them


def render_log_html(verdicts: LogVerdicts) -> str:
    """The page. It counts and shows; it never says that something may go live."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["visible"] = visible
    faulty = [s for s in verdicts.stations if s.rules_violated]
    return env.get_template("log.html.j2").render(
        log=verdicts,
        shown=faulty[:MOST_STATIONS],
        faulty=faulty,
        most=MOST_STATIONS,
        issue=lambda station: issue_text(station, verdicts.of),
        style=Markup((TEMPLATES / "log.css").read_text("utf-8")),
    )


def issue_text(station: StationVerdict, of: str = "OCPP") -> str:
    """The faults of one station as plain text for an issue tracker."""
    lines = [
        f"Charging station {station.station}: {_counted(station.rules_violated, 'obligation')} of {of} not kept",
        "",
    ]
    for fault in station.faults:
        lines += _issue(fault)
    return "\n".join(lines)


def _issue(fault: Fault) -> list[str]:
    lines = [
        f"* {fault.statement} ({', '.join(fault.clauses)}; {fault.rule})",
        f"  {_counted(fault.violated, 'time')} of {fault.exercised}"
        + (f"; advisory: {fault.advisory_because}" if fault.advisory else ""),
    ]
    for place in fault.places:
        lines.append(
            f"  - {place.seen} ({_counted(place.times, 'time')}; first {place.time} at {', '.join(place.where)})"
        )
        if place.frame:
            lines.append(f"    {place.frame}")
    return [*lines, ""]


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
