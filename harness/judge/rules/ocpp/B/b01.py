"""OCPP B01: starting up, and being accepted."""

from __future__ import annotations

from collections.abc import Callable

from harness.judge.rules import CSMS, Debt, Message, Station, rule
from harness.judge.rules._owed import passed_over
from harness.judge.rules._read import is_old, items, part, reported_states, told_at_s, variable_name

_FIRMWARE = "chargingstation.firmwareversion"
_RESETS = ("RemoteReset", "ScheduledReset")


@rule("OCPP-B01.R001", "call:*")
def announces_itself_first(s: Station, m: Message) -> bool | str | None:
    """B01.FR.03, .08: after a reset the first call over a new connection is BootNotification."""
    if m.action != "BootNotification" and (s.reset is None or m.connection == s.reset_on):
        return None
    early = s.note("B01.R001")  # what came first over which connection: whether it had booted by then, its boot tells
    if m.action == "BootNotification":
        first = early.pop(m.connection, None)
        early.clear()
        if first is not None:
            return f"reset and connected again, it sent {first} first"
        return True if s.reset is not None and m.connection != s.reset_on else None
    early[m.connection] = m.action
    return None


@rule("OCPP-B01.R002", "call:*")
def waits_for_the_answer_to_its_boot(s: Station, m: Message) -> bool | str | Debt | None:
    """B01.FR.08: between BootNotification and its answer it sends no other request."""
    if not s.booting or m.t_ns - s.boot_sent_ns > s.limits["unanswered"] * 1e9:
        return None
    if m.action == "BootNotification" or s.was_asked_for(m.action, s.limits["asked"]):
        return True if s.tells_answers_of(CSMS) else None
    seen = f"it sent {m.action} before its BootNotification was answered"
    if s.tells_answers_of(CSMS):
        return seen

    def was_answered_after(x: Message) -> str | None:  # so the log tells answers, from its first boot on
        return seen if s.boot_answered_ns is not None and s.boot_answered_on == m.connection == x.connection else None

    return Debt("", s.limits["unanswered"], lambda _: False, was_answered_after)


@rule("OCPP-B01.R003", "call:BootNotification")
def reason_fits_a_reset(s: Station, m: Message) -> bool | str | None:
    """B01.FR.09: after a Reset that the backend asked for, the reason of the boot says so."""
    if s.reset is None or m.t_ns - s.reset.t_ns > s.limits["since"] * 1e9:
        return None
    reason = m.payload.get("reason")
    if reason == "FirmwareUpdate":
        return None  # both may be true
    return True if reason in _RESETS else f"reset by the backend, it booted with reason {reason}"


@rule("OCPP-B01.R005", "call:*")
def clock_is_the_backends(s: Station, m: Message) -> bool | str | None:
    """B01.FR.06, G02.FR.06: its times agree with the backend's time that it was told, where that is its clock."""
    if not s.variables.get("clockctrlr.timesource", "").lower().startswith("heartbeat"):
        return None
    now_s, told_s = s.backend_time_s(m.t_ns), told_at_s(m)
    if s.clock_jumped or now_s is None or told_s is None or m.payload.get("offline") or not _was_just_set(s, m):
        return None
    if told_s > now_s + s.limits["off"]:
        return f"{m.action}: its clock is {told_s - now_s:.0f} s ahead of the time it was told"
    asked_s = _asked_at_s(s, m)
    if asked_s is not None and told_s < asked_s - s.limits["off"]:
        return f"its clock is behind: {m.payload['triggerReason']} is {asked_s - told_s:.0f} s older than the request"
    return True


@rule("OCPP-B01.R006", "told:BootNotification")
def connectors_are_reported_after_boot(s: Station, m: Message) -> Debt | None:
    """B01.FR.05: once accepted, it reports the state of its connectors."""
    if m.status != "Accepted":
        return None
    seen = f"accepted, it reported the state of no connector for {s.limits['told']:g} s"
    return Debt(seen, s.limits["told"], lambda later: bool(reported_states(later)), ends_by=_boots_or_catches_up)


@rule("OCPP-B01.R007", "call:BootNotification")
def names_itself_alike(s: Station, m: Message) -> bool | str | None:
    """B01.FR.01: vendor, model and serial number are those of the station, at each boot."""
    known, now = s.note("B01.R007"), m.payload.get("chargingStation")
    facts = {k: part(now, k) for k in ("vendorName", "model", "serialNumber")}
    before = dict(known)
    known.update(facts)
    if not before:
        return None
    changed = [k for k, v in facts.items() if v != before.get(k)]
    return f"it calls itself {', '.join(f'{k} {facts[k]}' for k in changed)}, and did not before" if changed else True


@rule("OCPP-B01.R008", "call:BootNotification", "result:GetVariables", "call:NotifyReport")
def runs_the_firmware_that_it_booted_with(s: Station, m: Message) -> bool | str | None:
    """B01.FR.01: ChargingStation.FirmwareVersion is not one that only an earlier boot told."""
    booted = s.note("B01.R008")  # the versions of its boots, the newest last
    if m.action == "BootNotification":
        version = part(m.payload, "chargingStation", "firmwareVersion")
        booted.pop(version, None)
        booted[version] = True
        return None
    told = _told_version(m)
    if told is None or told not in booted or (now := next(reversed(booted))) is None:
        return None  # it may write them differently
    return True if told == now else f"it booted with firmware {now}, and its FirmwareVersion reads {told}"


def _told_version(m: Message) -> object:
    """ChargingStation.FirmwareVersion as it is read, or reported."""
    if m.action == "NotifyReport":
        entries = [x for x in items(m.payload.get("reportData")) if variable_name(x) == _FIRMWARE]
        actual = [a for x in entries for a in items(x.get("variableAttribute")) if a.get("type", "Actual") == "Actual"]
        return next((a.get("value") for a in actual), None)
    named = [x for x in items(m.payload.get("getVariableResult")) if variable_name(x) == _FIRMWARE]
    return next((x.get("attributeValue") for x in named if x.get("attributeStatus") == "Accepted"), None)


def _was_just_set(s: Station, m: Message) -> bool:
    """At boot it has to set its clock, later (G02.FR.06) it should: a clock may drift."""
    since_ns = m.t_ns - s.boot_answered_ns if s.boot_answered_ns is not None else 0
    return s.limits["stamped"] <= since_ns / 1e9 <= s.limits["drifted"]


def _asked_at_s(s: Station, m: Message) -> float | None:
    """When the backend first asked for what an event says to come of: no event is older than its cause."""
    wanted = {"RemoteStart": "RemoteStart", "RemoteStop": "RemoteStop", "Trigger": "TransactionEvent"}
    cause = wanted.get(str(m.payload.get("triggerReason"))) if m.action == "TransactionEvent" else None
    first_ns = min((t_ns for t_ns, asked in s.asked_for if asked == cause), default=None)
    return None if cause is None or first_ns is None else s.backend_time_s(first_ns)


def _boots_or_catches_up(m: Message) -> bool:
    return m.action == "BootNotification" or m.payload.get("offline") is True


@rule("OCPP-B01.R010", "told:BootNotification")
def each_connector_is_reported_after_boot(s: Station, m: Message) -> Debt | None:
    """B01.FR.05: once accepted, it reports the state of each connector that it has told of before."""
    left, kept, firmware = {at for at in s.connectors if min(at) > 0}, s.note("B01.R010"), s.firmware
    other, kept["firmware"] = firmware != kept.get("firmware", firmware), firmware
    if m.status != "Accepted" or len(left) < 2 or other or m.asked.get("reason") in ("Triggered", "FirmwareUpdate"):
        return None  # it was not started, or may have other connectors now
    seen, within_s = f"accepted, it did not report each of the {len(left)} connectors that it has", s.limits["told"]

    def all_told(x: Message) -> bool:
        left.difference_update(told[:2] for told in reported_states(x))
        return not left

    return Debt(seen, within_s, all_told, ends_by=_catches_up(s, within_s), passed=passed_over(s))


def _catches_up(s: Station, within_s: float) -> Callable[[Message], bool]:
    """Whether it sends what waited, which goes first."""
    return lambda x: _boots_or_catches_up(x) or is_old(s, x, within_s)
