"""Hand-written streams: a station and its backend talk, time passes, and rules look at it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from harness.judge.rules import CSMS, STATION, Line, Provoked, Talk, Tally, Watch, known_rules, rule, together
from requirement_catalog import Rule, load_suites

ZERO = datetime(2026, 11, 1, 10, tzinfo=UTC)
ZERO_NS = int(ZERO.timestamp()) * 10**9
BOOT = {"reason": "PowerUp", "chargingStation": {"model": "M", "vendorName": "V"}}


def stamp(s: float) -> str:
    """A moment of the stream as OCPP writes it."""
    return (ZERO + timedelta(seconds=s)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Stream:
    """One station, CP1. Each method adds something; `s` is the time in seconds; messages are numbered from 1."""

    def __init__(self, *rows: Rule, version: str | None = "ocpp2.0.1", station: str = "CP1") -> None:
        self.rows = rows or load_suites().rules
        self.watch = Watch(self.rows)
        self.version, self.station, self.now, self.at, self.connection = version, station, 0.0, 0, 0
        self.talk = Talk(station)
        self.asked: dict[str, str] = {}

    def after(self, s: float) -> Self:
        """Time passes."""
        self.now += s
        return self

    def opened(self) -> Self:
        """A new connection."""
        self.connection += 1
        self.talk.opened(self.connection)
        return self._take(Line(self._next(), self._t, self._utc, self.station, "opened", self.connection, self.version))

    def closed(self) -> Self:
        """The connection is lost."""
        return self._take(Line(self._next(), self._t, self._utc, self.station, "closed", self.connection))

    def provoked(self, what: str = "a late answer", for_s: float = 0, away: bool = False) -> Self:
        """We do something odd on purpose."""
        return self._take(Provoked(self._next(), self._t, self.station, what, int(for_s * 1e9), away))

    def raw(self, text: str, by: str = STATION) -> Self:
        """Any text."""
        return self._take(self.talk.take(self._next(), self._t, self._utc, by, self.connection, self.version, text))

    def sends(self, action: str, payload: dict[str, Any], answer: dict[str, Any] | None = None, **more: Any) -> Self:
        """The station calls; the backend answers at once, with `answer` (None: {}), unless `open` is given."""
        identity = more.get("id") or f"s{self.at}"
        self.raw(json.dumps([2, identity, action, payload]))
        return self if more.get("open") else self.raw(json.dumps([3, identity, answer or {}]), CSMS)

    def answered(self, action: str, request: dict[str, Any], answer: Any, code: str | None = None) -> Self:
        """The backend calls, and the station answers: a result, or the error `code`."""
        identity = f"b{self.at}"
        self.raw(json.dumps([2, identity, action, request]), CSMS)
        said = [3, identity, answer] if code is None else [4, identity, code, "", {}]
        return self.after(0.1).raw(json.dumps(said))

    def boots(self, status: str = "Accepted", interval: int = 300, **payload: Any) -> Self:
        """BootNotification and its answer."""
        told = {"currentTime": stamp(self.now), "interval": interval, "status": status}
        return self.sends("BootNotification", BOOT | payload, told)

    def state(self, state: str, evse: int = 1, connector: int = 1) -> Self:
        """StatusNotification."""
        told = {"timestamp": stamp(self.now), "connectorStatus": state, "evseId": evse, "connectorId": connector}
        return self.sends("StatusNotification", told)

    def state_alone(self) -> Self:
        """StatusNotification of which no answer is seen."""
        told = {"timestamp": stamp(self.now), "connectorStatus": "Available", "evseId": 1, "connectorId": 1}
        return self.sends("StatusNotification", told, open=True)

    def event(self, kind: str, number: int, trigger: str = "Trigger", tx: str = "T1", **more: Any) -> Self:
        """TransactionEvent; `state`, `reason` and `remote` go into its transactionInfo, the rest stands beside it."""
        names = {"state": "chargingState", "reason": "stoppedReason", "remote": "remoteStartId"}
        info = {"transactionId": tx} | {names[k]: more.pop(k) for k in tuple(more) if k in names}
        told = {"eventType": kind, "timestamp": stamp(self.now), "triggerReason": trigger, "seqNo": number}
        return self.sends("TransactionEvent", told | {"transactionInfo": info} | more)

    def of(self, rule: str) -> Tally:
        """How a rule fared."""
        mine = [t for t in self.watch.tallies if (t.rule, t.station) == (rule, self.station)]
        return together(mine) if mine else Tally(rule, self.station)

    def red(self) -> list[str]:
        """The rules that were violated, and those that failed."""
        return sorted({t.rule for t in self.watch.tallies if t.violated or t.errors})

    def _take(self, item: Any) -> Self:
        self.watch.take(item)
        return self

    def _next(self) -> int:
        self.at += 1
        return self.at

    @property
    def _t(self) -> int:
        return int(self.now * 1e9)

    @property
    def _utc(self) -> int:
        return ZERO_NS + self._t


def row(function: Callable[..., Any], *on: str, id: str = "OCPP-X99.R001", **more: Any) -> Rule:
    """A rule made for a test: its function registered, its row."""
    from harness.judge.rules import _registry

    known_rules()
    _registry._rules.pop(id, None)
    rule(id, *on)(function)
    known_rules.cache_clear()
    return Rule(id=id, statement="A rule of a test.", **{"versions": ("2.0.1", "2.1")} | more)


def sample(value: float, what: str = "Energy.Active.Import.Register", unit: str = "Wh", **more: Any) -> dict[str, Any]:
    """A sampled value."""
    return {"value": value, "measurand": what, "unitOfMeasure": {"unit": unit}, **more}


def meter(s: float, *samples: dict[str, Any]) -> dict[str, Any]:
    """Meter values of one moment, to be given to `event`."""
    return {"meterValue": [{"timestamp": stamp(s), "sampledValue": list(samples)}]}
