"""Why something ended, by field. Traces of before 0.2.0 told it in words alone: those are read here, nowhere else."""

from __future__ import annotations

import re

from harness.trace._events import Event

_OLD_ALERT = re.compile(r"(?:TLSV[\d.]+|SSLV3|SSL/TLS)[_ ](?:ALERT[_ ])?([A-Z_ ]+)|sent the alert (\w+)")


def alert_sent(event: Event) -> str | None:
    """The name of the TLS alert by which the charger ended this `v2g.connection`; None where it sent none."""
    if "alert" in event.data:
        return str((event.data["alert"] or {}).get("name") or "") or None
    told = _OLD_ALERT.search(str(event.data.get("detail", "")))
    return (told[1] or told[2]).strip().replace(" ", "_").lower() if told else None


def came_without_certificate(event: Event) -> bool:
    """Whether the client of this `tls.handshake` was asked for a certificate and sent none, so that we ended it."""
    if "cause" in event.data:
        return bool(event.data["cause"] == "no_certificate")
    detail = str(event.data.get("detail", "")).lower().replace("_", " ")
    return event.data.get("ended_by") == "harness" and "did not return a certificate" in detail


def had_no_room(event: Event) -> bool:
    """Whether our backend turned this `ocpp.connection` away because too many were open."""
    if "cause" in event.data:
        return bool(event.data["cause"] == "full")
    return event.data.get("state") == "refused" and "too many connections" in str(event.data.get("reason"))


def was_replaced(event: Event) -> bool:
    """Whether our backend ended this `ocpp.connection` because a newer one had come by the same identity."""
    if "cause" in event.data:
        return bool(event.data["cause"] == "replaced")
    reason = str(event.data.get("reason", ""))
    return event.data.get("state") == "closed" and reason.startswith("replaced by connection")
