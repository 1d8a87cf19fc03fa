"""Which charging profiles were in force at a moment, replayed from what the charger accepted and reported."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import Any

from harness.judge.ocpp._clock import moment
from harness.judge.ocpp._sessions import transactions_at
from harness.trace import Exchange, OcppMessage, Trace, exchanges, messages

_ABOUT_PROFILES = (
    *("ClearChargingProfile", "GetChargingProfiles", "RequestStartTransaction", "SetChargingProfile"),
    "UpdateDynamicSchedule",
)
Cleared = tuple[str | None, int | None]  # a purpose and an EVSE; None: any


@dataclass(frozen=True)
class Profile:
    """A charging profile as it was accepted, and for which EVSE (0: all of them)."""

    evse: int
    body: dict[str, Any]
    started_by: int | None = None  # the remoteStartId of the request that it came with (K05)

    @property
    def purpose(self) -> str:
        """What it limits."""
        return str(self.body.get("chargingProfilePurpose"))

    @property
    def level(self) -> int:
        """Its stack level."""
        return int(self.body.get("stackLevel", 0))

    @property
    def schedule(self) -> dict[str, Any]:
        """Its schedule; of several, which only ISO 15118 knows (K01.FR.34), the first."""
        schedules = self.body.get("chargingSchedule") or [{}]
        return dict(schedules[0] if isinstance(schedules, list) else schedules)


@dataclass(frozen=True)
class Standing:
    """The profiles in force, and what is not known of them: `unknown` says why nothing can be calculated."""

    profiles: tuple[Profile, ...]
    unknown: str | None = None
    cleared: frozenset[Cleared] = frozenset()  # what was cleared before, so that nothing older is left of it
    told_limits: bool = False  # the charger announced a limit from outside, which is not in the profiles
    active: frozenset[str] = frozenset()  # transactions under way
    priority: bool = False  # priority charging was switched on

    def is_all_known(self, evse: int) -> bool:
        """Whether nothing from before the trace can still bear on this EVSE."""
        session = any(p in (None, "TxDefaultProfile") and e in (None, evse) for p, e in self.cleared)
        station = any(p in (None, "ChargingStationMaxProfile") and e in (None, 0) for p, e in self.cleared)
        return session and station and not self.told_limits


@dataclass
class _Replay:
    by_id: dict[int, Profile] = field(default_factory=dict)
    cleared: set[Cleared] = field(default_factory=set)
    unknown: str | None = None

    def take(self, pair: Exchange, until_seq: float) -> None:
        """What a CALL and its answer, if it came by then, changed."""
        if pair.answer is not None and pair.answer.seq <= until_seq:
            _apply(self, pair)
        elif pair.call.action in ("SetChargingProfile", "ClearChargingProfile"):
            self.unknown = f"{pair.call.action} was not answered, so that nobody knows whether it was carried out"

    def copy(self) -> _Replay:
        """The same, to go on from."""
        return _Replay(dict(self.by_id), set(self.cleared), self.unknown)


@dataclass
class _Stages:
    """A trace's changes of profiles, and what stood ahead of each, so that nobody has to begin from the beginning."""

    pairs: list[Exchange]
    reports: list[OcppMessage]
    ahead: list[_Replay] = field(default_factory=list)
    reported: list[int] = field(default_factory=list)  # reports taken in ahead of each
    settled: list[int] = field(default_factory=list)  # when the last answer to it and all before it had come


def _stages(trace: Trace) -> _Stages:
    stages = _Stages(
        exchanges(trace, action=_ABOUT_PROFILES, direction="out"),
        [m for m in messages(trace, action="ReportChargingProfiles", direction="in") if m.type == 2],
    )
    replay, reported, settled = _Replay(), 0, -1
    for pair in stages.pairs:
        stages.ahead.append(replay.copy())
        stages.reported.append(reported)
        reported = _report_until(replay, stages.reports, reported, pair.call.seq - 1)
        replay.take(pair, float("inf"))
        settled = max(settled, pair.answer.seq if pair.answer is not None else -1)
        stages.settled.append(settled)
    stages.ahead.append(replay)
    stages.reported.append(reported)
    return stages


def _replayed(trace: Trace, until_seq: int) -> _Replay:
    stages = trace.once("profiles", lambda: _stages(trace.whole))
    # every change is judged by what had come of it by then: only from the first one that was still open on anew
    known = bisect_right(stages.settled, until_seq)
    called = bisect_left(stages.pairs, until_seq, key=lambda pair: pair.call.seq)
    first = min(known, called)
    replay, reported = stages.ahead[first].copy(), stages.reported[first]
    for pair in stages.pairs[first:called]:
        reported = _report_until(replay, stages.reports, reported, pair.call.seq - 1)
        replay.take(pair, until_seq)
    _report_until(replay, stages.reports, reported, until_seq)
    return replay


def _report_until(replay: _Replay, reports: list[OcppMessage], done: int, until_seq: int) -> int:
    """Take in the reports up to an event; how many are taken in then."""
    while done < len(reports) and reports[done].seq <= until_seq:
        _report(replay, reports[done])
        done += 1
    return done


def profiles_at(trace: Trace, until_seq: int, *, evse: int | None = None) -> Standing:
    """What stood when an event happened; with `evse` only what bears on that EVSE.

    A TxProfile ends with its transaction (K02.FR.05); persistence across restarts is a duty (K01.FR.27), so that a
    restart changes nothing.
    """
    replay = _replayed(trace, until_seq)
    started, ended, remote = transactions_at(trace, until_seq)
    standing = [p for p in replay.by_id.values() if p.purpose != "TxProfile" or _lives(p, started, ended, remote)]
    return Standing(
        profiles=tuple(p for p in standing if evse is None or p.evse in (0, evse)),
        unknown=replay.unknown,
        cleared=frozenset(replay.cleared),
        told_limits=_told_limits(trace, until_seq),
        active=frozenset(started - ended),
        priority=_priority(trace, until_seq),
    )


def _apply(replay: _Replay, pair: Exchange) -> None:
    assert pair.answer is not None
    payload, status = pair.call.payload, pair.answer.payload.get("status")
    if pair.call.action == "ClearChargingProfile" and status in ("Accepted", "Unknown"):
        replay.by_id = {k: v for k, v in replay.by_id.items() if not _clears(payload, k, v)}
        criteria = payload.get("chargingProfileCriteria") or {}
        if "chargingProfileId" not in payload and "stackLevel" not in criteria:
            replay.cleared.add((criteria.get("chargingProfilePurpose"), criteria.get("evseId")))
    elif pair.call.action == "GetChargingProfiles":
        _none_of(replay, payload, status)
    elif status != "Accepted" or not {"chargingProfile", "scheduleUpdate"} & payload.keys():
        return
    elif pair.call.action == "UpdateDynamicSchedule":
        _update(replay, payload)
    elif pair.call.action in ("SetChargingProfile", "RequestStartTransaction"):
        new = Profile(int(payload.get("evseId", 0)), payload["chargingProfile"], payload.get("remoteStartId"))
        replay.by_id = {k: v for k, v in replay.by_id.items() if not _replaces(new, v)}
        replay.by_id[int(new.body["id"])] = new


def _none_of(replay: _Replay, payload: dict[str, Any], status: object) -> None:
    """A charger that says it has no such profile, anywhere, has nothing older of that purpose (K09.FR.06)."""
    criterion = payload.get("chargingProfile") or {}
    if status == "NoProfiles" and "evseId" not in payload and set(criterion) == {"chargingProfilePurpose"}:
        replay.cleared.add((criterion["chargingProfilePurpose"], None))


def _report(replay: _Replay, report: OcppMessage) -> None:
    """What the charger reports (K09) and nobody saw it accept stood there before; what it leaves out it may forget."""
    bodies, evse = report.payload.get("chargingProfile"), report.payload.get("evseId")
    if not isinstance(evse, int) or not isinstance(bodies, list):
        return
    for body in bodies:
        if isinstance(body, dict) and isinstance(body.get("id"), int):
            replay.by_id.setdefault(body["id"], Profile(evse, body))


def _update(replay: _Replay, payload: dict[str, Any]) -> None:
    """A dynamic profile's only period takes the new values (OCPP 2.1 K28)."""
    number = payload.get("chargingProfileId")
    if isinstance(number, int) and number in replay.by_id:
        old = replay.by_id[number]
        period = {"startPeriod": 0, **(payload.get("scheduleUpdate") or {})}
        body = {**old.body, "chargingSchedule": [{**old.schedule, "chargingSchedulePeriod": [period]}]}
        replay.by_id[number] = replace(old, body=body)


def _replaces(new: Profile, old: Profile) -> bool:
    """The same purpose, level and EVSE (K01.FR.06) or transaction (K01.FR.39), valid at the same time."""
    same = (new.purpose, new.level, new.evse) == (old.purpose, old.level, old.evse)
    if new.purpose == "TxProfile":
        same = same and new.body.get("transactionId") == old.body.get("transactionId")
    (a, b), (c, d) = _validity(new), _validity(old)
    return same and (a is None or d is None or a < d) and (c is None or b is None or c < b)


def _validity(profile: Profile) -> tuple[Any, Any]:
    return moment(profile.body.get("validFrom")), moment(profile.body.get("validTo"))


def _clears(payload: dict[str, Any], number: int, profile: Profile) -> bool:
    if "chargingProfileId" in payload:
        return bool(payload["chargingProfileId"] == number)
    criteria = payload.get("chargingProfileCriteria") or {}
    return all(
        wanted == actual
        for wanted, actual in (
            (criteria.get("evseId", profile.evse), profile.evse),
            (criteria.get("chargingProfilePurpose", profile.purpose), profile.purpose),
            (criteria.get("stackLevel", profile.level), profile.level),
        )
    )


def _lives(profile: Profile, started: set[str], ended: set[str], remote: dict[int, str]) -> bool:
    number = profile.body.get("transactionId")
    if number is None and profile.started_by is not None:
        number = remote.get(profile.started_by)
    return str(number) not in ended if number is not None else bool(started - ended) or not started


def _told_limits(trace: Trace, until_seq: int) -> bool:
    seen = trace.up_to(until_seq)
    told = messages(seen, action=("NotifyChargingLimit", "ClearedChargingLimit"), direction="in")
    return next((m.action == "NotifyChargingLimit" for m in reversed(told) if m.type == 2), False)


def _priority(trace: Trace, until_seq: int) -> bool:
    told = [m for m in messages(trace, action="NotifyPriorityCharging", direction="in") if m.event.seq <= until_seq]
    return bool(told) and bool(told[-1].payload.get("activated"))
