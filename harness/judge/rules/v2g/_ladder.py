"""A session as people read it: a line for each request with its answer, and what repeats itself once, with a count."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import msgspec

from harness.judge.rules.v2g._message import CAR, Hole, SessionLine, V2gItem, V2gMessage
from harness.judge.rules.v2g._numbers import number
from requirement_catalog import own_count

MOST_SESSIONS, MOST_RUNGS = own_count("v2g.most_ladders"), own_count("v2g.most_rungs")
_TOLD = ("EVSEProcessing", "EVSEID", "ChargeProgress", "ChargingSession", "SelectedPaymentOption", "ReadyToChargeState")
_MEASURED = {"EVSEPresentVoltage": "V", "EVSEPresentCurrent": "A", "EVTargetVoltage": "V", "EVTargetCurrent": "A"}


class Rung(msgspec.Struct):
    """One line: when, from which packet or event on, who, what, and how often in a row until when."""

    time_ns: int | None
    at: int
    by: str
    what: str
    told: str = ""
    times: int = 1
    last_at: int = 0


class Ladder(msgspec.Struct):
    """One session. `more`: lines that are not shown."""

    session: int
    station: str
    protocol: str = ""
    rungs: list[Rung] = []
    more: int = 0


class Ladders:
    """The ladders of a stream's sessions, bounded in number and length."""

    def __init__(self) -> None:
        self._of: OrderedDict[int, Ladder] = OrderedDict()
        self.left_out = 0

    def take(self, item: V2gItem) -> None:
        """The next thing that happened."""
        ladder = self._of.get(item.session)
        if ladder is None:
            if len(self._of) >= MOST_SESSIONS:
                self.left_out += isinstance(item, SessionLine) and item.kind == "opened"
                return
            ladder = self._of[item.session] = Ladder(item.session, item.station)
        if isinstance(item, SessionLine):
            self._add(ladder, item, "", f"connection {item.kind}", "" if item.whole else "its beginning was not seen")
        elif isinstance(item, Hole):
            self._add(ladder, item, "", "lost", item.why)
        else:
            ladder.protocol = item.protocol or ladder.protocol
            said = item.unreadable or ("deviates: " + str(item.deviations[0]) if item.deviations else "")
            self._add(ladder, item, item.by, item.name or "not read", "; ".join(x for x in (_told(item), said) if x))

    @property
    def all(self) -> tuple[Ladder, ...]:
        """Every ladder, in the order in which the sessions began."""
        return tuple(self._of.values())

    @staticmethod
    def _add(ladder: Ladder, item: V2gItem, by: str, what: str, told: str) -> None:
        rungs = ladder.rungs
        for before in rungs[-2:]:  # request and answer alternate
            if len(rungs) > 3 and (before.by, before.what) == (by, what) and by and _alike(before.told, told):
                before.times, before.last_at, before.told = before.times + 1, item.at, told
                return
        if len(rungs) >= MOST_RUNGS:
            ladder.more += 1
            return
        rungs.append(Rung(item.utc_ns, item.at, by, what, told, 1, item.at))


def _alike(one: str, other: str) -> bool:
    """Whether the two tell the same, numbers aside."""
    return one.split(" ")[0] == other.split(" ")[0]


def _told(m: V2gMessage) -> str:
    parts: list[Any] = [m.code] if m.code else []
    parts += [m.body[name] for name in _TOLD if isinstance(m.body.get(name), str | bool)]
    parts += [f"{name.removeprefix('EVSE').removeprefix('EV')} {value:g} {unit}" for name, value, unit in _values(m)]
    if m.by == CAR and m.name == "supportedAppProtocolReq":
        listed = m.body.get("AppProtocol")
        parts += [str(p.get("ProtocolNamespace")) for p in (listed if isinstance(listed, list) else [])[:8]]
    return ", ".join(str(each) for each in parts)[:300]


def _values(m: V2gMessage) -> list[tuple[str, float, str]]:
    found = ((name, number(m.body.get(name)), unit) for name, unit in _MEASURED.items())
    return [(name, value, unit) for name, value, unit in found if value is not None]
