"""The charger's clock, read from the times in its own messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from harness.onboard._advice import Advice, Told
from harness.trace import OcppMessage

_FIELDS = {"StatusNotification": "timestamp", "NotifyReport": "generatedAt", "NotifyEvent": "generatedAt"}
_FIELDS |= {"TransactionEvent": "timestamp", "SecurityEventNotification": "timestamp"}
_LATEST = 10
_QUARTER_S = 900.0
_FURTHEST_ZONE_S = 14 * 3600.0


def clock_advice(calls: list[OcppMessage], told: Told) -> list[Advice]:
    """What the newest times in a charger's CALLs say about its clock; nothing when there are none.

    Some messages tell of the past (a queue, a state that began earlier), so one good time among the newest clears it.
    """
    read = [(m, _text(m.payload, _FIELDS[m.action])) for m in calls if m.action in _FIELDS]
    times = [(m, text, when) for m, text in read[-_LATEST:] if text and (when := _parse(text)) is not None]
    if not times:
        return []
    advice = []
    bare = [(m, text) for m, text, when in times if when.tzinfo is None]
    if bare:
        m, text = bare[-1]
        see = f"The charger writes times without a time zone: {text} in {m.action}."
        means = "OCPP wants UTC, marked with Z, or an offset. Nobody can tell what it means."
        advice.append(Advice("problem", "clock.no_zone", see, means, "Ask its manufacturer.", m.event.seq))
    off = [(_seconds_off(m, when), m, text) for m, text, when in times]
    off_s, m, text = min(off, key=lambda each: abs(each[0]))
    if abs(off_s) <= told.clock_tolerance_s:
        see = f"Its clock is right ({off_s:+.1f} s)."
        return [*advice, Advice("good", "clock.right", see, seq=m.event.seq)] if not bare else advice
    see = f"The charger's clock is {_span(off_s)} {'ahead' if off_s > 0 else 'behind'}: it wrote {text} at "
    see += f"{m.event.utc[:19]}Z."
    means, do = _cause(off_s, text)
    return [*advice, Advice("problem", "clock.off", see, means, do, m.event.seq)]


def _cause(off_s: float, text: str) -> tuple[str, str]:
    do = "Set its time source to this backend (Heartbeat) or to an NTP server it can reach; then restart it."
    if text.startswith(("1970", "2000")):
        return "Its clock was never set.", do
    quarters = round(off_s / _QUARTER_S)
    near = abs(off_s - quarters * _QUARTER_S) <= 60
    if quarters and near and abs(off_s) <= _FURTHEST_ZONE_S + 60:
        return "It sends local time and calls it UTC.", "Set its time zone to UTC, or correct the zone."
    means = "Certificates are judged, and what happened is dated, by a wrong time."
    return means, do


def _seconds_off(message: OcppMessage, when: datetime) -> float:
    ours = datetime.fromisoformat(message.event.utc.replace("Z", "+00:00"))
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - ours).total_seconds()


def _text(payload: dict[str, Any], field: str) -> str:
    value = payload.get(field)
    return value if isinstance(value, str) else ""


def _parse(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _span(off_s: float) -> str:
    seconds = abs(off_s)
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 2 * 86400:
        return str(timedelta(seconds=round(seconds)))
    return f"{seconds / 86400:.0f} days"
