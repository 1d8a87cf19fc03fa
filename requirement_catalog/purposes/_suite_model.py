"""A suite's types: test purposes and rules as data, as ISO/IEC 9646 knows them, frozen and validated."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from requirement_catalog._model import Confidence, Limit, Sense


class Depth(StrEnum):
    """How much of the suites a tender wants run; each depth includes the ones before it."""

    SHORT = "short"
    ACCEPTANCE = "acceptance"
    THOROUGH = "thorough"

    def includes(self, other: Depth) -> bool:
        """Whether a run of this depth includes what is marked with the other."""
        order = list(Depth)
        return order.index(other) <= order.index(self)


class Conformance(StrEnum):
    """How strongly the standard asks for it; changeable by nobody."""

    MANDATORY = "mandatory"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"


class Hands(StrEnum):
    """What a person has to do for it."""

    NONE = "none"
    SWIPE = "swipe"
    PLUG = "plug"
    LOOK = "look"


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, and a misspelt key is an error."""


class Serves(_Base, frozen=True, kw_only=True):
    """A criterion that a purpose or rule serves; `when` names the conditions ("version", "service", "direction")."""

    criterion: str
    when: dict[str, str] = {}


class Needs(_Base, frozen=True, kw_only=True):
    """The points of control and observation it cannot do without."""

    csms: bool = True
    car: str = "none"  # "none", "any" (on the pilot wire) or "iso15118"
    bench: tuple[str, ...] = ()  # instrument roles
    operator: bool = False
    evses: int = 1
    security_profile: int = 0  # at least, of the connection under test
    firmware: bool = False  # a newer firmware image of the vendor's


class Cost(_Base, frozen=True, kw_only=True):
    """About how long it runs on a correct device: its own seconds, and how often it waits out a role of its limits."""

    own_s: float = 5.0
    waits: dict[str, int] = {}


class Purpose(_Base, frozen=True, kw_only=True):
    """One test purpose. `applies` is a PICS expression over features.yaml ("smart_charging and current_limits").

    `versions` empty: the version of OCPP does not matter, it runs once. `services` ("DC_BPT/Dynamic") and `directions`
    ("charge", "export") empty: likewise. `instead_of` names purposes that it stands in for where these lacked a point
    of control. `controlled_by` names those whose own runs are its positive control: without them it can prove nothing.
    """

    id: str
    statement: str
    revision: int = 1
    successor: str | None = None  # of a retired id: what came after it
    answers_to: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    conformance: Conformance = Conformance.MANDATORY
    applies: str = "always"
    role: str = "station"
    serves: tuple[Serves, ...] = ()
    judges: tuple[str, ...] = ()
    limits: dict[str, Limit] = {}  # roles of its own, only where `serves` is empty
    instead_of: tuple[str, ...] = ()
    controlled_by: tuple[str, ...] = ()
    depth: Depth = Depth.ACCEPTANCE
    needs: Needs = Needs()
    before: tuple[str, ...] = ()
    hands: Hands = Hands.NONE
    cost: Cost = Cost()
    disruptive: str | None = None
    exercises: tuple[str, ...] = ()
    confidence: Confidence = Confidence.CORROBORATED
    dispute: str | None = None

    @property
    def retired(self) -> bool:
        """Whether another id came in its place: it is kept so that its id is never given again, and is not run."""
        return self.successor is not None


class TraceEdit(_Base, frozen=True, kw_only=True):
    """One named change of a recorded trace (drop, duplicate, move, delay, set), and exactly what it turns red."""

    trace: str
    edit: dict[str, Any]
    turns_red: tuple[str, ...]


class RuleLimit(_Base, frozen=True, kw_only=True):
    """A number that a rule's function compares with, and where it comes from; outside its range it makes no sense.

    `sense`: a charger keeps more easily to a larger number (at most), or to a smaller one (at least).
    """

    value: float
    unit: str
    range: tuple[float, float]
    source: str
    confidence: Confidence = Confidence.CONTRACT_DEFAULT
    sense: Sense = Sense.AT_MOST


class Rule(_Base, frozen=True, kw_only=True):
    """An obligation that is tried on every trace, claimed or not. `readings` below 2: advisory, it decides nothing."""

    id: str
    statement: str
    revision: int = 1
    successor: str | None = None  # of a retired id: what came after it
    answers_to: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    conformance: Conformance = Conformance.MANDATORY
    applies: str = "always"
    role: str = "station"
    given: str = ""
    then: str = ""
    unless: tuple[str, ...] = ()
    state_from: str = "connection"  # "connection", "boot" or "session": earlier than this nothing is known
    set_off: str = "surely"  # by its purposes; "perhaps" where that lies with the station: then silence is no gap
    serves: tuple[Serves, ...] = ()
    depth: Depth = Depth.ACCEPTANCE
    exercised_by: tuple[str, ...] = ()
    proof: TraceEdit | None = None
    limits: dict[str, RuleLimit] = {}
    confidence: Confidence = Confidence.CORROBORATED
    readings: int = 1
    dispute: str | None = None

    @property
    def retired(self) -> bool:
        """Whether another id came in its place: it is kept so that its id is never given again, and is not tried."""
        return self.successor is not None

    @property
    def numbers(self) -> dict[str, float]:
        """Its limits as the engine heeds them, by name."""
        return {name: limit.value for name, limit in self.limits.items()}


class SuiteSource(_Base, frozen=True, kw_only=True):
    """The edition that a file was written from."""

    standard: str
    edition: str = ""
    errata: str = ""


class SuiteFile(_Base, frozen=True, kw_only=True):
    """One use case: its purposes and rules, after `defaults:` were filled in by the loader."""

    use_case: str
    title: str = ""
    sources: tuple[SuiteSource, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    rules: tuple[Rule, ...] = ()
