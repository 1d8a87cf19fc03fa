"""How a rule fared with a station: counted, and where it was violated."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule was violated: what was seen, the frames by number, when, and how often at such a place."""

    seen: str
    at: tuple[int, ...]
    t_ns: int
    utc_ns: int | None
    frame: str = ""
    times: int = 1


@dataclass
class Tally:
    """How one rule fared with one station: exercised and violated so many times, and where, each kind of place once.

    `version` is what was spoken then ("ocpp2.1"), empty where nobody told. `violations` are the numbers of the first
    messages by which it was violated.
    """

    rule: str
    station: str
    version: str = ""
    exercised: int = 0
    violated: int = 0
    first_at: int | None = None
    places: dict[str, Place] = field(default_factory=dict)
    violations: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
