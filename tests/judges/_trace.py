"""Hand-written traces: each method adds one thing that happened, `judged()` asks the judge of the last claim."""

from __future__ import annotations

import datetime
import json
from typing import Any, Self

import msgspec

from harness.evidence import load_judges
from harness.judge import Finding, Judged, ResolvedLimit, evaluate
from harness.trace import Event, Trace
from requirement_catalog import Confidence, DecisionRule, Sense

load_judges()

ZERO = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
CASE = "hand::written"


def limit(name: str, value: float, unit: str = "s", **more: Any) -> ResolvedLimit:
    """A limit as a plan would hold it."""
    return ResolvedLimit(name=name, value=value, unit=unit, source="this test", **{"most_uncertain": 0.5, **more})


LIMITS = {
    "response": limit("response", 10),
    "dwell": limit("dwell", 2, sense=Sense.AT_LEAST),
    "current_tolerance": limit("current_tolerance", 0.5, "A"),
    "power_tolerance": limit("power_tolerance", 350, "W"),
    "zero_current": limit("zero_current", 0.5, "A"),
    "over": limit("over", 0, "A", tolerance=0.5),
    "over_power": limit("over_power", 0, "W", tolerance=350),
    "over_current": limit("over_current", 0, "A", tolerance=1),
    "over_voltage": limit("over_voltage", 0, "V", tolerance=5),
    "answer": limit("answer", 5),
    "agreement": limit("agreement", 5, "%"),
    "floor": limit("floor", 150, "W"),
    "stamp": limit("stamp", 60),
    "phase_voltage": limit("phase_voltage", 300, "V"),
    "phase_power": limit("phase_power", 500, "W"),
    "missed": limit("missed", 3, "intervals"),
    "steady": limit("steady", 5, "%"),
    "least_power": limit("least_power", 100, "W", sense=Sense.AT_LEAST),
    "lead": limit("lead", 1, sense=Sense.AT_LEAST),
    "trail": limit("trail", 1, sense=Sense.AT_LEAST),
    "oldest": limit("oldest", 60),
    "reconnect": limit("reconnect", 120),
    "notice": limit("notice", 2),
    "attempt": limit("attempt", 10),
    "offline_events": limit("offline_events", 6, "events", sense=Sense.AT_LEAST),
    "heartbeat_delay": limit("heartbeat_delay", 5),
    "share": limit("share", 98, "%", sense=Sense.AT_LEAST),
    "alive": limit("alive", 35),
    "window": limit("window", 30, "day", sense=Sense.AT_LEAST),
    "early": limit("early", 1),
    "clock": limit("clock", 10),
    "off": limit("off", 0.5),
    "duty_tolerance": limit("duty_tolerance", 0.6, "A"),
    "duty_shortfall": limit("duty_shortfall", 2, "A"),
    "low_range_factor": limit("low_range_factor", 0.6, "A/%", confidence=Confidence.CORROBORATED),
    "high_range_factor": limit("high_range_factor", 2.5, "A/%", confidence=Confidence.CORROBORATED),
    "high_range_offset": limit("high_range_offset", 64, "%", confidence=Confidence.CORROBORATED),
    "range_change": limit("range_change", 85, "%", confidence=Confidence.CORROBORATED),
    "least_duty": limit("least_duty", 8, "%", confidence=Confidence.CORROBORATED, sense=Sense.AT_LEAST),
    "least_current": limit("least_current", 6, "A", confidence=Confidence.CORROBORATED, sense=Sense.AT_LEAST),
    "digital_duty": limit("digital_duty", 5, "%", confidence=Confidence.CORROBORATED),
    "follow": limit("follow", 2),
    "export": limit("export", 100, "W", sense=Sense.AT_LEAST),
    "message": limit("message", 2, confidence=Confidence.CORROBORATED),
    "install": limit("install", 900),
    "refusal": limit("refusal", 300),
    "schedule_current": limit("schedule_current", 0.1, "A"),
    "schedule_power": limit("schedule_power", 70, "W"),
    "schedule_time": limit("schedule_time", 2),
    "voltage": limit("voltage", 10, "%"),
    "event": limit("event", 30),
    "least_tls": limit("least_tls", 1.2, "TLS version", confidence=Confidence.CORROBORATED, sense=Sense.AT_LEAST),
}
OF_ITS_OWN = {
    "SC-07.6": {"off": limit("off", 3)},
    "SC-07.8": {"off": limit("SC-07.8 off", 0.1, confidence=Confidence.SECONDARY)},
    "BI-19.5": {"least_tls": limit("least_tls", 1.3, "TLS version", sense=Sense.AT_LEAST)},
    "SC-07.10": {"off": limit("off", 3)},
    "SC-07.11": {
        "tested": limit("tested", 150, "V", sense=Sense.AT_LEAST),
        "apart": limit("apart", 20, "V"),
        "live": limit("live", 60, "V"),
        "gone": limit("gone", 5),
        "off": limit("off", 10),
    },
    "BI-19.8": {
        "over": limit("BI-19.8 over", 0, "W", tolerance=350),
    },
}


class _OfAnyId(dict[str, dict[str, ResolvedLimit]]):
    """The same limits for every criterion, but for those that have another number in a role."""

    def __init__(self, by_role: dict[str, ResolvedLimit]) -> None:
        super().__init__()
        self._by_role = by_role

    def get(self, key: str, default: Any = None) -> dict[str, ResolvedLimit]:
        rule = next(iter(self._by_role.values())).decision_rule
        own = OF_ITS_OWN.get(key, {})
        return {
            **self._by_role,
            **{role: msgspec.structs.replace(one, decision_rule=rule) for role, one in own.items()},
        }


def by_rule(rule: DecisionRule) -> dict[str, ResolvedLimit]:
    """The same limits under another decision rule of the tender."""
    return {
        name: ResolvedLimit(
            **{f: getattr(one, f) for f in one.__struct_fields__ if f != "decision_rule"}, decision_rule=rule
        )
        for name, one in LIMITS.items()
    }


class T:
    """A trace in the making. `at` and `wait` move its clock; `named` keeps the newest event's number for a claim.

    In a claim's parameters "@name" stands for the event named so. The charger's clock may differ by `skew_s`.
    """

    def __init__(self, *, version: str = "ocpp2.0.1", case: str | None = CASE, skew_s: float = 0.0) -> None:
        self.events: list[Event] = []
        self.names: dict[str, int] = {}
        self.version, self.case, self.skew_s, self.conn = version, case, skew_s, 1
        self.station: str | None = None
        self.evse: int | None = None
        self._ns = 0
        self._ids = 0
        self._open: dict[str, list[int]] = {"in": [], "out": []}
        if case:
            self.event("case.started", "harness", title=case)

    # -- time and events

    def at(self, seconds: float) -> Self:
        """Go to this second."""
        self._ns = round(seconds * 1e9)
        return self

    def of(self, station: str | None = None, evse: int | None = None) -> Self:
        """From here on claims and the bench are about this station and EVSE."""
        self.station, self.evse = station, evse
        return self

    def wait(self, seconds: float) -> Self:
        """Let time pass."""
        self._ns += round(seconds * 1e9)
        return self

    @property
    def now_s(self) -> float:
        """The clock, in s."""
        return self._ns / 1e9

    def stamp(self, at_s: float | None = None) -> str:
        """The charger's own time stamp for a second of the trace."""
        when = self.now_s if at_s is None else at_s
        return _text(ZERO + datetime.timedelta(seconds=when + self.skew_s))

    def event(self, kind: str, who: str, **data: Any) -> Self:
        """Any event."""
        about = kind.startswith(("bench.", "case.", "claim"))
        utc = (ZERO + datetime.timedelta(microseconds=self._ns / 1000)).isoformat(timespec="microseconds")
        self.events.append(
            Event(
                seq=len(self.events),
                t_ns=self._ns,
                utc=utc.replace("+00:00", "Z"),
                kind=kind,
                who=who,
                data=data,
                case=self.case,
                station=self.station if about else None,
                evse=self.evse if about else None,
            )
        )
        return self

    def named(self, name: str) -> Self:
        """Keep the newest event's number."""
        self.names[name] = self.events[-1].seq
        return self

    def __getitem__(self, name: str) -> int:
        return self.names[name]

    # -- OCPP

    def connects(self, conn: int | None = None, *, tls: Any = True, **more: Any) -> Self:
        """A connection opens; later frames come by it."""
        self.conn = conn if conn is not None else self.conn
        secured = {"version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384", "peer_subject": "CN=CS-1"}
        data = {
            "conn": self.conn,
            "state": "open",
            "identity": "CS-1",
            "offered": [self.version],
            "subprotocol": self.version,
            "scenario": "good",
            "tls": secured if tls is True else tls,
        }
        return self.event("ocpp.connection", "dut", **{**data, **more})

    def closes(self, conn: int | None = None, by: str = "dut", **more: Any) -> Self:
        """A connection closes."""
        at = conn if conn is not None else self.conn
        return self.event("ocpp.connection", by, conn=at, state="closed", identity="CS-1", closed_by=by, **more)

    def asks(self, action: str, payload: dict[str, Any] | None = None, **more: Any) -> Self:
        """Our backend sends a CALL."""
        return self._call("out", action, payload or {}, more)

    def says(self, action: str, payload: dict[str, Any] | None = None, **more: Any) -> Self:
        """The charger sends a CALL."""
        return self._call("in", action, payload or {}, more)

    def answers(self, payload: dict[str, Any] | str = "Accepted", *, to: int | None = None, **more: Any) -> Self:
        """The charger answers our last open CALL (a bare text is its status)."""
        return self._answer("in", "out", {"status": payload} if isinstance(payload, str) else payload, to, more)

    def is_answered(self, payload: dict[str, Any] | None = None, *, to: int | None = None, **more: Any) -> Self:
        """We answer the charger's last open CALL."""
        return self._answer("out", "in", payload or {}, to, more)

    def errs(self, code: str, **more: Any) -> Self:
        """The charger answers our last open CALL with a CALLERROR."""
        seq = self._open["out"].pop()
        asked = self.events[seq]
        raw = json.dumps([4, asked.data["id"], code, "", {}])
        return self._frame("in", raw, 4, asked.data["id"], asked.data["action"], seq, more)

    def _call(self, direction: str, action: str, payload: dict[str, Any], more: dict[str, Any]) -> Self:
        self._ids += 1
        identifier = more.pop("id", f"id-{self._ids}")
        raw = json.dumps([2, identifier, action, payload])
        self._frame(direction, raw, 2, identifier, action, None, more)
        self._open[direction].append(self.events[-1].seq)
        return self

    def _answer(self, direction: str, of: str, payload: dict[str, Any], to: int | None, more: dict[str, Any]) -> Self:
        seq = self._open[of].pop() if to is None else to
        asked = self.events[seq]
        raw = json.dumps([3, asked.data["id"], payload])
        return self._frame(direction, raw, 3, asked.data["id"], asked.data["action"], seq, more)

    def _frame(
        self, direction: str, raw: str, kind: int, identifier: str, action: str, to: int | None, more: dict[str, Any]
    ) -> Self:
        data = {
            "conn": self.conn,
            "dir": direction,
            "raw": raw,
            "type": kind,
            "id": identifier,
            "action": action,
            "reply_to": to,
            "errors": [],
            "remark": None,
            "version": self.version,
        }
        return self.event("ocpp.frame", "dut" if direction == "in" else "harness", **{**data, **more})

    def limits_to(self, value: float | None, unit: str = "A", *, answer: str | None = "Accepted", **how: Any) -> Self:
        """SetChargingProfile with one period, and its answer 50 ms later; named "limit"."""
        self.asks("SetChargingProfile", profile(value, unit, at_s=self.now_s, **how)).named("limit")
        if answer is not None:
            self.wait(0.05).answers(answer)
        return self

    def tells(self, kind: str, number: int, *, tx: str = "TX-1", at_s: float | None = None, **more: Any) -> Self:
        """A TransactionEvent."""
        payload = {
            "eventType": kind,
            "timestamp": self.stamp(at_s),
            "triggerReason": "ChargingStateChanged",
            "seqNo": number,
            "transactionInfo": {"transactionId": tx},
        }
        return self.says("TransactionEvent", {**payload, **more})

    # -- the bench

    def sample(self, role: str, uncertainty: dict[str, float] | None = None, **values: Any) -> Self:
        """One reading of an instrument."""
        return self.event("bench.sample", f"bench.{role}", values=values, uncertainty=uncertainty or {})

    def meter(self, amps: float, *, phases: int = 3, sign: int = 1, u_a: float = 0.05, u_w: float = 15.0) -> Self:
        """The meter shows this current on each phase, and its power."""
        currents = {f"i_l{n}_a": amps if n <= phases else 0.0 for n in (1, 2, 3)}
        return self.sample("meter", {"i_a": u_a, "p_w": u_w}, **currents, p_w=sign * amps * 230.0 * phases)

    def power(self, watts: float, *, u_w: float = 15.0) -> Self:
        """The meter shows this power."""
        return self.sample("meter", {"p_w": u_w}, p_w=watts)

    def draws(self, amps: float, for_s: float, every_s: float = 0.1, **how: Any) -> Self:
        """The meter shows this current through `for_s` seconds; the clock moves on."""
        return self._through(for_s, every_s, lambda: self.meter(amps, **how))

    def flows(self, watts: float, for_s: float, every_s: float = 0.1, **how: Any) -> Self:
        """The meter shows this power through `for_s` seconds; the clock moves on."""
        return self._through(for_s, every_s, lambda: self.power(watts, **how))

    def pilot(self, state: str, mains: bool | None = False, duty: float | None = None, **more: Any) -> Self:
        """The pilot box's reading."""
        values: dict[str, Any] = {"state": state, **more}
        if mains is not None:
            values["mains_on"] = mains
        if duty is not None:
            values["duty_pct"] = duty
        return self.sample("pilot", {"duty_pct": 0.3}, **values)

    def stays(self, state: str, mains: bool | None, for_s: float, every_s: float = 0.05, **more: Any) -> Self:
        """The pilot box shows the same through `for_s` seconds."""
        return self._through(for_s, every_s, lambda: self.pilot(state, mains, **more))

    def light(self, colour: str, pattern: str = "steady") -> Self:
        """The light's look."""
        return self.sample("light", colour=colour, pattern=pattern)

    def acts(self, role: str, command: str, **more: Any) -> Self:
        """A bench action of ours."""
        return self.event("bench.action", "harness", role=role, command=command, reply="done", **more)

    def _through(self, for_s: float, every_s: float, show: Any) -> Self:
        for _ in range(round(for_s / every_s)):
            show()
            self.wait(every_s)
        return self

    # -- claims

    def claims(
        self, judge: str, criterion: str = "SC-04.2", *, as_control: bool = False, group: str = "", **params: Any
    ) -> Self:
        """A claim; "@name" in a parameter is an event's number."""
        resolved = {k: self._resolve(v) for k, v in params.items()}
        return self.event(
            "claim",
            "harness",
            criterion=criterion,
            judge=judge,
            params=resolved,
            control=as_control,
            group=group or None,
        )

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._resolve(v) for v in value]
        return self.names[value[1:]] if isinstance(value, str) and value.startswith("@") else value

    def trace(self) -> Trace:
        """What a judge sees."""
        return Trace(self.events)

    def all_judged(self, limits: dict[str, ResolvedLimit] | None = None) -> list[Judged]:
        """Every claim, judged."""
        return evaluate(self.trace(), _OfAnyId(limits or LIMITS))

    def judged_by(self, roles: dict[str, ResolvedLimit]) -> Finding:
        """What the judge of the last claim finds with these limits and no others."""
        last = self.events[-1].data["criterion"]
        return evaluate(self.trace(), {last: roles})[-1].finding

    def judged(self, limits: dict[str, ResolvedLimit] | None = None) -> Finding:
        """What the judge of the last claim finds."""
        return self.all_judged(limits)[-1].finding


def profile(
    value: float | None,
    unit: str = "A",
    *,
    at_s: float = 0.0,
    purpose: str = "TxDefaultProfile",
    level: int = 0,
    number: int | None = None,
    evse: int = 1,
    periods: list[dict[str, Any]] | None = None,
    kind: str = "Absolute",
    duration: int | None = None,
    setpoint: float | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A SetChargingProfile request whose schedule starts at `at_s`; `more` goes into the profile."""
    period: dict[str, Any] = {"startPeriod": 0}
    if value is not None:
        period["limit"] = value
    if setpoint is not None:
        period |= {"setpoint": setpoint, "operationMode": "CentralSetpoint"}
    schedule: dict[str, Any] = {
        "id": 1,
        "chargingRateUnit": unit,
        "chargingSchedulePeriod": periods or [period],
    }
    if kind in ("Absolute", "Recurring"):
        schedule["startSchedule"] = _text(ZERO + datetime.timedelta(seconds=at_s))
    if duration is not None:
        schedule["duration"] = duration
    if number is None:
        number = 1000 + 10 * level + sum(map(ord, purpose)) % 97
    return {
        "evseId": evse,
        "chargingProfile": {
            "id": number,
            "stackLevel": level,
            "chargingProfilePurpose": purpose,
            "chargingProfileKind": kind,
            "chargingSchedule": [schedule],
            **more,
        },
    }


def _text(when: datetime.datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
