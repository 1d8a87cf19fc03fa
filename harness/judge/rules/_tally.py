"""How a rule fared with a station: counted, where it was violated, and what is still owed to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.judge.rules._message import Message
from harness.judge.rules._registry import Debt, WatchedRule


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


@dataclass(slots=True)
class Owed:
    """A debt from the message `since` on which it is owed."""

    rule: WatchedRule
    debt: Debt
    since: Message
    due_ns: int
    heard_ns: int | None = None  # when the station was last heard before it was due
    passed: int = 0  # how many calls came instead since `passed_ns` (0: since it is owed)
    passed_ns: int = 0

    def begins_anew(self, t_ns: int) -> None:
        """What came instead before this moment may have been held up."""
        self.passed, self.passed_ns = 0, t_ns

    def is_passed_over(self, m: Message) -> bool:
        """Whether enough came instead of it, which was sent when it was made."""
        wanted = self.debt.passed
        if wanted is None or not m.is_call or m.remark is not None or m.payload.get("offline"):
            return False
        self.passed += wanted.by(m)
        since_ns = max(self.passed_ns, self.since.t_ns)
        return self.passed >= wanted.times and m.t_ns - since_ns >= wanted.after_s * 1e9
