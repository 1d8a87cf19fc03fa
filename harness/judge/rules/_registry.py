"""The rules there are: small functions under one decorator, found by what sets them off."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from requirement_catalog import own_count

if TYPE_CHECKING:
    from harness.judge.rules._message import Message
    from harness.judge.rules._station import Station

Said = "None | bool | str | Debt | Iterable[bool | str | Debt]"
RuleFunction = Callable[["Station", Any], Any]
EVENT = "call:TransactionEvent"
_STARTED, _ENDED, _CAUSED = (f"{EVENT}:{kind}" for kind in ("Started", "Ended", "Caused"))
_FAMILIES = {"call": "call:*", "asked": "asked:*", "result": "answer:*", "error": "answer:*"}


class Row(Protocol):
    """What the engine needs to know of a rule: a suite's row, or what a plan keeps of it."""

    @property
    def id(self) -> str:
        """The id that its function is registered under."""

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of OCPP that say so."""

    @property
    def unless(self) -> tuple[str, ...]:
        """Its exceptions, in words that the engine knows."""

    @property
    def state_from(self) -> str:
        """From where its state is known: "connection", "boot" or "session"."""

    @property
    def numbers(self) -> Mapping[str, float]:
        """Its limits by name: what its function compares with (`s.limits`)."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What else a station sends while something is owed: so many calls `by` which it could have been sent before, and
    `after_s` seconds, show that nothing holds it up. A lost connection, an answer that refuses or what we did on
    purpose begins the count anew."""

    times: int
    after_s: float
    by: Callable[[Message], bool]


@dataclass(frozen=True, slots=True)
class Debt:
    """Something that the station owes from here on: paid when `paid_by` says so of a later message of its.

    Not paid within `within_s` is a violation, told as `seen` (empty: none, it stays undecided); what is `wrong_by` a
    message is told as that says. What `ends_by` the duty without a payment leaves it undecided, and so does a lost
    connection, unless it `survives`. What is `passed` over is not paid either, however short the log.
    """

    seen: str
    within_s: float
    paid_by: Callable[[Message], bool]
    wrong_by: Callable[[Message], str | None] | None = None
    ends_by: Callable[[Message], bool] | None = None
    survives: bool = False
    passed: Passed | None = None


@dataclass(frozen=True, slots=True)
class WatchedRule:
    """A rule's function and what sets it off."""

    id: str
    on: tuple[str, ...]
    function: RuleFunction


_rules: dict[str, WatchedRule] = {}


def rule(identity: str, *on: str) -> Callable[[RuleFunction], RuleFunction]:
    """Register a rule under the id that its row in a suite has, set off by `on`.

    "call:BootNotification", "result:Reset" (the station's answers), "asked:Reset" (the backend's calls) and so on; the
    families "call:*", "asked:*" and "answer:*"; "sent" for everything that came from the station. Most of all messages
    are events with periodic values: what says nothing of those asks for "call:TransactionEvent:Caused", or for
    "call:TransactionEvent:Started" or "call:TransactionEvent:Ended" alone.
    The function is given the station's state and the message. It returns None (not exercised), True (it held), a text
    (it was violated: what was seen), a Debt (it is decided later), or a list of these.
    """

    def register(function: RuleFunction) -> RuleFunction:
        if identity in _rules and _rules[identity].function.__qualname__ != function.__qualname__:
            raise ValueError(f"two rules are called {identity}")
        _rules[identity] = WatchedRule(identity, on, function)
        return function

    return register


@cache
def known_rules() -> Mapping[str, WatchedRule]:
    """Every rule in this package, by id."""
    from harness.judge.rules import ocpp as shelf

    for module in pkgutil.walk_packages(shelf.__path__, f"{shelf.__name__}."):
        importlib.import_module(module.name)
    return dict(sorted(_rules.items()))


def event_kind(payload: dict[str, Any]) -> str:
    """What a TransactionEvent sets off: one with periodic values the fewest rules."""
    kind = payload.get("eventType")
    if kind == "Updated":
        return EVENT if payload.get("triggerReason") == "MeterValuePeriodic" else _CAUSED
    return _STARTED if kind == "Started" else _ENDED if kind == "Ended" else _CAUSED


class Dispatch:
    """Finds the rules that a message sets off."""

    def __init__(self, rules: Mapping[str, WatchedRule]) -> None:
        self._rules = tuple(rules.values())
        self._found: dict[str, tuple[WatchedRule, ...]] = {}

    def of(self, trigger: str) -> tuple[WatchedRule, ...]:
        """The rules for "call:BootNotification": its own, its family's, and those for all that the station sent."""
        found = self._found.get(trigger)
        if found is None:
            kind = trigger.split(":")[0]
            names = {trigger, _FAMILIES.get(kind, "")}
            if trigger in (_STARTED, _ENDED, _CAUSED):
                names |= {EVENT, _CAUSED}
            if kind in ("call", "result", "error", "send", "frame"):
                names.add("sent")
            found = tuple(rule for rule in self._rules if names.intersection(rule.on))
            if len(self._found) < own_count("rules.most_triggers"):
                self._found[trigger] = found
        return found
