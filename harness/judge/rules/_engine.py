"""One pass over a stream: every rule that a message sets off looks at it, then the station's facts take it in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from harness.judge.rules._facts import learn
from harness.judge.rules._message import CSMS, STATION, Item, Line, Message, Provoked
from harness.judge.rules._registry import EVENT, Debt, Dispatch, Row, RuleFunction, WatchedRule, event_kind, known_rules
from harness.judge.rules._station import Station
from harness.judge.rules._tally import Owed, Place, Tally
from harness.ocppj import CALLERROR
from requirement_catalog import own_count, own_ns, own_number

MOST_PLACES = own_count("rules.most_places")
MOST_DEBTS = own_count("rules.most_debts")
MOST_ERRORS = own_count("rules.most_errors")
MOST_VIOLATIONS = own_count("rules.most_violations")
MOST_TRIGGERS = own_count("rules.most_triggers")
_RETRIED_NS = own_ns("rules.refused_call_retried")
_HOLE_NS, _HOLE_SHARE = own_ns("rules.hole"), own_number("rules.hole_share")
PROVOKED = "provoked by the harness"  # a rule whose row says so under `unless` forgives what we made happen
_DIGITS = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{9,}|\d+(?:\.\d+)?")


# a rule, its function, its id, and its limits
_Asked = tuple[WatchedRule, RuleFunction, str, Mapping[str, float]]


class Watch:
    """Rules over a stream of one or many stations; memory is bounded for each station.

    `rows` are the rules as the suites give them; one without a function here is left alone (tests see to it that there
    is none).
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = {row.id: row for row in rows}
        self._dispatch = Dispatch({id: each for id, each in known_rules().items() if id in self.rows})
        self._found: dict[tuple[str, str | None, bool, bool], tuple[_Asked, ...]] = {}
        self._forgives = frozenset(id for id, row in self.rows.items() if PROVOKED in row.unless)
        self._owed: dict[str, list[Owed]] = {}
        self.stations: dict[str, Station] = {}
        self._tallies: dict[tuple[str, str | None], dict[str, Tally]] = {}

    def take(self, item: Item) -> None:
        """Take in the next thing that happened, in order of time for each station."""
        if isinstance(item, Provoked):
            for s in list(self.stations.values()) if not item.station else [self._station(item.station)]:
                self._provoked(s, item)
            return
        s = self._station(item.station)
        s.now_ns = max(s.now_ns, item.t_ns)
        if self._owed[item.station]:
            self._settle(s, item)
            if isinstance(item, Message) and item.by == CSMS and item.type == CALLERROR:
                self._held_up(s)
        if isinstance(item, Message):
            self._ask_all(s, item)
        self._learn(s, item)

    def _learn(self, s: Station, item: Message | Line) -> None:
        try:
            learn(s, item)
        except Exception as error:  # what one message says wrongly must not end the watch
            if isinstance(item, Message):
                rules = [rule for rule, *_ in self._set_off(item.trigger, item.version or s.version, True, True)]
                for rule in rules or list(known_rules().values())[:1]:
                    self._failed(s, rule, error, item)
                return
            raise

    def _station(self, identity: str) -> Station:
        s = self.stations.get(identity)
        if s is None:
            s = self.stations[identity] = Station(identity)
            self._owed[identity] = []
        return s

    def _provoked(self, s: Station, item: Provoked) -> None:
        s.now_ns = max(s.now_ns, item.t_ns)
        owed = self._owed[s.identity]
        for each in owed:
            each.due_ns += item.for_ns
            each.begins_anew(item.t_ns + item.for_ns)
        if item.away:
            self._owed[s.identity] = [each for each in owed if each.debt.survives]
        learn(s, item)

    # -- one rule -----------------------------------------------------------------------------------------------------

    def _ask_all(self, s: Station, m: Message) -> None:
        version, trigger, session = m.version or s.version, m.trigger, True
        tallies = self._tallies.get((s.identity, version), {})
        if trigger == EVENT:
            trigger, session = event_kind(m.payload), s.knows("session", m)
        for rule, function, id, limits in self._set_off(trigger, version, s.booted or s.booting, session):
            s.limits = limits
            try:
                said = function(s, m)
                if said is None:
                    continue
                if said is True and (tally := tallies.get(id)) is not None and tally.first_at is not None:
                    tally.exercised += 1
                    continue
                for each in said if isinstance(said, list | tuple) else (said,):
                    self._heed(s, rule, each, m)
            except Exception as error:  # one rule's fault is its own, and never the station's
                self._failed(s, rule, error, m)

    def _set_off(self, trigger: str, version: str | None, boot: bool, session: bool) -> tuple[_Asked, ...]:
        """The rules for a message of this version whose state is known, where that of the boot or session is."""
        found = self._found.get((trigger, version, boot, session))
        if found is None:
            known = {"connection": True, "boot": boot, "session": session}
            rows = [(rule, self.rows[rule.id]) for rule in self._dispatch.of(trigger)]
            found = tuple(
                (rule, rule.function, rule.id, row.numbers)
                for rule, row in rows
                if self._is_for(row, version) and known[row.state_from]
            )
            if len(self._found) < MOST_TRIGGERS:
                self._found[trigger, version, boot, session] = found
        return found

    @staticmethod
    def _is_for(row: Row, version: str | None) -> bool:
        """Where nobody tells the version, only what is said by more than one is tried."""
        spoken = [f"ocpp{each}" for each in row.versions]
        return not spoken or (version in spoken if version is not None else len(spoken) > 1)

    def _failed(self, s: Station, rule: WatchedRule, error: Exception, *messages: Message) -> None:
        """A rule raised: our fault, unless one of the messages does not fit its schema, which another rule tells of."""
        m = messages[-1]
        if any(each.faults or (each.call is not None and each.call.faults) for each in messages):
            return
        errors = self._tally(rule, s, m).errors
        if len(errors) < MOST_ERRORS:
            errors.append(f"frame {m.at}: {type(error).__name__}: {error}"[:200])

    def _heed(self, s: Station, rule: WatchedRule, said: Debt | bool | str, m: Message) -> None:
        if not isinstance(said, Debt):
            self._count(s, rule, said, m)
            return
        owed = self._owed[s.identity]
        owed.append(Owed(rule, said, m, m.t_ns + int(said.within_s * 1e9)))
        if len(owed) > MOST_DEBTS:
            del owed[0]

    def _count(self, s: Station, rule: WatchedRule, said: bool | str, *messages: Message) -> None:
        if said is not True and rule.id in self._forgives and s.is_provoked:
            return
        tally = self._tally(rule, s, messages[0])
        tally.exercised += 1
        if tally.first_at is None:
            tally.first_at = messages[-1].at
        if said is True:
            return
        tally.violated += 1
        if len(tally.violations) < MOST_VIOLATIONS:
            tally.violations.append(messages[-1].at)
        seen = said if isinstance(said, str) else "it did not hold"
        kind = _DIGITS.sub("#", seen)[:160]
        before, last = tally.places.get(kind), messages[-1]
        if before is not None:
            tally.places[kind] = Place(
                before.seen, before.at, before.t_ns, before.utc_ns, before.frame, before.times + 1
            )
        elif len(tally.places) < MOST_PLACES:
            at = tuple(m.at for m in messages)
            tally.places[kind] = Place(seen[:400], at, last.t_ns, last.utc_ns, last.text[:1000])

    def _tally(self, rule: WatchedRule, s: Station, since: Message) -> Tally:
        version = since.version or s.version
        tallies = self._tallies.setdefault((s.identity, version), {})
        if rule.id not in tallies:
            tallies[rule.id] = Tally(rule.id, s.identity, version or "")
        return tallies[rule.id]

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """How each rule fared with each station in each version that it spoke; nothing of what nothing set off."""
        return tuple(tally for by_id in self._tallies.values() for tally in by_id.values())

    # -- what is owed -------------------------------------------------------------------------------------------------

    def _held_up(self, s: Station) -> None:
        """A call that the backend refused may be tried again first (E13.FR.02, .03), and holds up what follows."""
        for owed in self._owed[s.identity]:
            owed.due_ns += _RETRIED_NS
            owed.begins_anew(s.now_ns)

    def _settle(self, s: Station, item: Message | Line) -> None:
        left = []
        for owed in self._owed[s.identity]:
            if isinstance(item, Line) and not owed.debt.survives:
                continue  # without the line nothing can be said
            if isinstance(item, Line):
                owed.begins_anew(item.t_ns)
            if not isinstance(item, Message) or item.by != STATION:
                left.append(owed)  # only what is heard of it shows that it is there, and did not do it
            elif item.t_ns > owed.due_ns:
                self._overdue(s, owed, item.t_ns)
            elif not self._decided(s, owed, item):
                left.append(owed)
        self._owed[s.identity] = left

    def _decided(self, s: Station, owed: Owed, m: Message) -> bool:
        debt, owed.heard_ns = owed.debt, m.t_ns
        try:
            if debt.paid_by(m):
                self._count(s, owed.rule, True, owed.since, m)
                return True
            if debt.wrong_by is not None and (wrong := debt.wrong_by(m)) is not None:
                self._count(s, owed.rule, wrong, owed.since, m)
                return True
            if debt.ends_by is not None and debt.ends_by(m):
                return True
            if owed.is_passed_over(m):
                self._count(s, owed.rule, f"{debt.seen}, and {owed.passed} other calls came instead", owed.since, m)
                return True
            return False
        except Exception as error:  # as in `_ask_all`
            self._failed(s, owed.rule, error, owed.since, m)
            return True

    def _overdue(self, s: Station, owed: Owed, now_ns: int) -> None:
        """Silence may be a hole in a log that tells of no connections, and is none of a station that is away."""
        if not owed.debt.seen:
            return
        silent_ns = now_ns - (owed.heard_ns or owed.since.t_ns)
        if not s.connections_known and silent_ns > max(_HOLE_NS, owed.debt.within_s * _HOLE_SHARE * 1e9):
            return
        if owed.heard_ns is not None or (s.connections_known and not owed.debt.survives):
            self._count(s, owed.rule, owed.debt.seen, owed.since)
