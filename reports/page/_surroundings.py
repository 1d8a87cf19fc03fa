"""The bench a campaign ran on: instruments with their calibration, versions, host, and who sent it too much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.trace import Event
from reports._text import WallClock, number, shortened
from reports._view import EvidenceView
from reports.page._rests import Caveat

_MOST = 50  # peers that had too much; an attacker has many addresses


@dataclass(frozen=True)
class InstrumentShown:
    """One bench role as the profile describes it; dates are ISO 8601 or empty."""

    role: str
    driver: str
    serial: str
    uncertainty: str
    calibrated: str
    due: str
    overdue: bool


def instruments(view: EvidenceView) -> list[InstrumentShown]:
    """The bench's instruments, from the profile (`pco.bench`)."""
    pco = view.profile.get("pco")
    bench = pco.get("bench") if isinstance(pco, dict) else None
    if not isinstance(bench, dict):
        return []
    return [_instrument(str(role), i, view.result.evaluation_date) for role, i in bench.items() if isinstance(i, dict)]


def _instrument(role: str, told: dict[str, Any], on: str) -> InstrumentShown:
    uncertainty = told.get("uncertainty")
    due = str(told.get("calibration_due") or "")
    return InstrumentShown(
        role=role,
        driver=str(told.get("driver") or ""),
        serial=str(told.get("serial") or ""),
        uncertainty=", ".join(_spread(str(k), v) for k, v in uncertainty.items())
        if isinstance(uncertainty, dict)
        else "",
        calibrated=str(told.get("calibrated") or ""),
        due=due,
        overdue=bool(due) and due < on,
    )


def _spread(name: str, value: Any) -> str:
    unit = {"a": "A", "v": "V", "w": "W", "pct": "%", "hz": "Hz", "wh": "Wh"}.get(name.rsplit("_", 1)[-1], name)
    return f"± {number(float(value))} {unit}" if isinstance(value, (int, float)) else f"{name} {value}"


def surroundings(view: EvidenceView) -> list[tuple[str, str]]:
    """environment.json's single facts as (name, value) pairs, at most 40."""
    facts = [(n, v) for n, v in view.environment.items() if not isinstance(v, dict) and n != "schema"]
    return [(_said(name), _shown(value)) for name, value in facts][:40]


def versions(view: EvidenceView) -> list[tuple[str, list[tuple[str, str]]]]:
    """environment.json's tables (packages, judges) as (name, [(item, version)]), each version in 12 characters."""
    tables = [(n, v) for n, v in view.environment.items() if isinstance(v, dict)]
    return [(_said(name), [(str(k), _shown(v)[:12]) for k, v in list(t.items())[:400]]) for name, t in tables]


def _said(name: str) -> str:
    text = str(name).replace("_", " ")
    return text[:1].upper() + text[1:]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(value)


@dataclass(frozen=True)
class Beyond:
    """One peer and one thing that it had too much of. `left_out`: in words, "120" or "not counted"."""

    who: str
    charger: bool
    what: str
    allowed: str
    done: str
    left_out: str
    at: str
    times: int


def beyond(view: EvidenceView) -> list[Beyond]:
    """Each peer and budget once, the charger's first, with what its events say together; at most 50."""
    found: dict[tuple[bool, str, str], list[Event]] = {}
    for event in view.trace.of("peer.budget"):
        charger = event.who == "dut"
        peer = event.station if charger else event.data.get("remote")
        found.setdefault((not charger, str(peer or "unknown"), str(event.data.get("budget"))), []).append(event)
    clock = WallClock(view.trace)
    return [_row(peer, what, events, clock) for (_, peer, what), events in sorted(found.items())[:_MOST]]


def went_beyond(view: EvidenceView) -> Caveat | None:
    """The same beside the decision: what was left out was not judged."""
    rows = beyond(view)
    if not rows:
        return None
    charger = any(row.charger for row in rows)
    who = "The charger" if charger else "Somebody who was not known to be the charger"
    others = ", and so did others on its network" if charger and not all(row.charger for row in rows) else ""
    return Caveat(
        "More than anybody may send",
        f"{who} sent or asked for more than a charger has need of{others}. What was left out was not judged.",
        tuple(f"{row.who}: {row.what}, {row.done} ({row.left_out} left out)" for row in rows),
    )


def _row(peer: str, what: str, events: list[Event], clock: WallClock) -> Beyond:
    first, counts = events[0], [c for e in events if (c := _number(e.data.get("count"))) is not None]
    charger = first.who == "dut"
    return Beyond(
        who=f"the charger ({shortened(peer, 60)})" if charger else shortened(peer, 60),
        charger=charger,
        what=shortened(what, 80),
        allowed=_allowed(first.data),
        done=shortened(str(first.data.get("done") or ""), 120),
        left_out=number(sum(counts)) if counts else "not counted",
        at=clock.text(first.t_ns),
        times=sum(e.data.get("count") is None or charger for e in events) or 1,
    )


def _allowed(told: dict[str, Any]) -> str:
    """ "100 at once, then 2 in a second"; "not told" in older traces."""
    at_once, per_s = _number(told.get("allowed")), _number(told.get("per_s"))
    if at_once is None:
        return "not told"
    more = f", then {number(per_s)} in a second" if per_s else ""
    return f"{number(at_once)} at once{more}"


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
