"""One line of a log, whatever its format: a text that somebody sent, or a connection that opened or closed."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import lru_cache

import msgspec

STATION, CSMS = "station", "csms"
_VERSIONS = {"2.0.1": "ocpp2.0.1", "201": "ocpp2.0.1", "2.1": "ocpp2.1", "21": "ocpp2.1"}


class Record(msgspec.Struct, frozen=True, array_like=True):
    """`at` is file and line in one number (see `place_of`), `utc_ns` what the log says of the time.

    `sender` is "station" or "csms" and `text` what it sent; or both are empty, and `event` is "connected" or
    "disconnected". `version` is a WebSocket subprotocol ("ocpp2.1"); empty where the line tells none.
    """

    at: int
    utc_ns: int
    station: str
    sender: str = ""
    text: str = ""
    event: str = ""
    version: str = ""


class Unreadable(ValueError):
    """A line that is no record; the text says what is wrong, and what would be right."""


def time_ns(text: object, zone: tzinfo | None = None) -> int:
    """Nanoseconds since 1970 of an RFC 3339 time; one without a zone is taken to be in `zone`. Raises Unreadable."""
    if not isinstance(text, str):
        raise Unreadable("it has no time; write an RFC 3339 time like 2026-11-01T10:00:00.000Z")
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"time {text[:40]!r} is none; write it like 2026-11-01T10:00:00.000Z") from None
    if read.tzinfo is None:
        if zone is None:
            raise Unreadable(f"time {text[:40]!r} names no zone; write it like 2026-11-01T10:00:00.000Z")
        read = read.replace(tzinfo=zone)
    return ns_of(read)


_ZERO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def ns_of(moment: datetime) -> int:
    """Nanoseconds since 1970, without the rounding of floating point."""
    since = moment - _ZERO
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000


@lru_cache(maxsize=256)
def subprotocol(version: str) -> str:
    """ "2.1", "OCPP2.1", "ocpp2.1" are "ocpp2.1"; what is no version that we know stays as it was written."""
    plain = version.strip().lower().removeprefix("ocpp").strip(" -_j").removeprefix("v")
    return _VERSIONS.get(plain, f"ocpp{plain}" if plain else "")
