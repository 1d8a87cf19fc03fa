"""One pass over sessions: every rule that an answer of the charger sets off looks at it, then the facts take it in."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Protocol

from harness.judge.rules._tally import Place, Tally
from harness.judge.rules.v2g._message import CHARGER, Hole, SessionLine, V2gItem, V2gMessage
from harness.judge.rules.v2g._registry import V2gRule, known_v2g_rules
from harness.judge.rules.v2g._session import Session, learn
from requirement_catalog import own_count

MOST_SESSIONS = own_count("v2g.most_sessions")
MOST_PLACES = own_count("rules.most_places")
MOST_ERRORS = own_count("rules.most_errors")
MOST_VIOLATIONS = own_count("rules.most_violations")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


class Row(Protocol):
    """What is needed of a rule's row: see `Rule` of the catalogue."""

    @property
    def id(self) -> str:
        """The id that its function is registered under."""

    @property
    def numbers(self) -> Mapping[str, float]:
        """Its limits by name: what its function compares with (`s.limits`)."""


class V2gWatch:
    """Rules over the sessions of one or many chargers; memory is bounded."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = {row.id: row for row in rows}
        self._rules = tuple(each for id, each in known_v2g_rules().items() if id in self._rows)
        self._found: dict[str, tuple[V2gRule, ...]] = {}
        self._sessions: OrderedDict[tuple[str, int], Session] = OrderedDict()
        self._tallies: dict[tuple[str, str], Tally] = {}

    def take(self, item: V2gItem) -> None:
        """Take in the next thing that happened, in order of time."""
        key = item.station, item.session
        s = self._sessions.get(key)
        if s is None:
            s = self._sessions[key] = Session(item.session)
            if len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
        if isinstance(item, SessionLine):
            s.whole = s.whole or (item.kind == "opened" and item.whole)
        elif isinstance(item, Hole):
            s.fair = False
        else:
            if item.by == CHARGER:
                self._ask_all(s, item)
            self._learn(s, item)

    def _learn(self, s: Session, m: V2gMessage) -> None:
        try:
            learn(s, m)
        except Exception as error:  # what one message says wrongly must not end the watch
            for rule in self._rules[:1]:
                self._failed(rule, m, error)

    def _ask_all(self, s: Session, m: V2gMessage) -> None:
        for rule in self._set_off(m.trigger):
            s.limits = self._rows[rule.id].numbers
            try:
                said = rule.function(s, m)
                for each in said if isinstance(said, list | tuple) else (said,):
                    if each is not None:
                        self._count(rule, m, each)
            except Exception as error:  # one rule's fault is its own, and never the charger's
                self._failed(rule, m, error)

    def _set_off(self, trigger: str) -> tuple[V2gRule, ...]:
        found = self._found.get(trigger)
        if found is None:
            found = tuple(rule for rule in self._rules if trigger in rule.on or "res:*" in rule.on)
            if len(self._found) < own_count("rules.most_triggers"):
                self._found[trigger] = found
        return found

    def _failed(self, rule: V2gRule, m: V2gMessage, error: Exception) -> None:
        """A rule raised: our fault, unless the message does not fit its schema, which another rule tells of."""
        if m.deviations or m.unreadable or (m.request is not None and (m.request.deviations or m.request.unreadable)):
            return
        errors = self._tally(rule, m).errors
        if len(errors) < MOST_ERRORS:
            errors.append(f"message {m.at}: {type(error).__name__}: {error}"[:200])

    def _count(self, rule: V2gRule, m: V2gMessage, said: bool | str) -> None:
        tally = self._tally(rule, m)
        tally.exercised += 1
        if tally.first_at is None:
            tally.first_at = m.at
        if said is True:
            return
        tally.violated += 1
        if len(tally.violations) < MOST_VIOLATIONS:
            tally.violations.append(m.at)
        seen = said if isinstance(said, str) else "it did not hold"
        kind = _DIGITS.sub("#", seen)[:160]
        before = tally.places.get(kind)
        if before is not None:
            tally.places[kind] = Place(
                before.seen, before.at, before.t_ns, before.utc_ns, before.frame, before.times + 1
            )
        elif len(tally.places) < MOST_PLACES:
            at = (m.at,) if m.request is None else (m.request.at, m.at)
            tally.places[kind] = Place(seen[:400], at, m.t_ns, m.utc_ns, m.text[:1000])

    def _tally(self, rule: V2gRule, m: V2gMessage) -> Tally:
        key = rule.id, m.station
        if key not in self._tallies:
            self._tallies[key] = Tally(rule.id, m.station)
        return self._tallies[key]

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """How each rule fared with each charger; nothing of what nothing set off."""
        return tuple(self._tallies.values())
