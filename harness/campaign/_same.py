"""Whether cases may be run again in a campaign: only with everything the same, and on the very same charger."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec

from harness.campaign._bound import PLAN, first_event, sha256
from harness.hands import Reach
from harness.plan import Bound, Plan, PlanError
from harness.profile import Profile
from harness.trace import Trace, messages
from plain_files import octets_of

_ASKED_WITHIN_S = 10.0
_INSTEAD = "run a new campaign (chargeproof run without --rerun)"
_BOUND = {
    "profile": "the profile is another one than this campaign ran with (--dut, --defect, --variant, or an edited file)",
    "overlay": "the tender is another one than this campaign was planned with (--tender)",
    "catalogue": "the requirement catalogue has changed since this campaign",
    "suites": "the test suites have changed since this campaign",
}


class RerunRefused(PlanError):
    """Another charger, profile, tender, catalogue or suite is another campaign; the text says which and what to do."""


def check_same(folder: Path, now: Bound, profile: Profile, trace: Trace) -> Plan:
    """The plan of a campaign whose cases may be run again with what is given now.

    Raises RerunRefused, FileNotFoundError when the folder is no campaign.
    """
    octets = octets_of(folder / "evidence" / PLAN, most=1 << 30)
    started = trace[0].data if len(trace) and trace[0].kind == "campaign.started" else {}
    if "plan" not in started or "bound" not in started:
        raise RerunRefused(f"the trace of {folder.name} does not say which plan it belongs to; {_INSTEAD}")
    if started["plan"] != sha256(octets):
        raise RerunRefused(f"{PLAN} of {folder.name} is not the plan that its trace began with; {_INSTEAD}")
    plan = msgspec.json.decode(octets, type=Plan)
    then, given = started["bound"], msgspec.to_builtins(now)
    for name, words in _BOUND.items():
        if then.get(name, "") != given[name]:
            raise RerunRefused(f"{words}: that is another campaign; {_INSTEAD}")
    want = first_event("", plan, octets, profile)
    if any(started.get(name) != want[name] for name in ("emulated", "launch")):
        raise RerunRefused(f"the charger is started or reached in another way than in this campaign; {_INSTEAD}")
    if not seen_in(trace).anybody:
        raise RerunRefused(f"no charger ever connected in {folder.name}, so none can be the same; {_INSTEAD}")
    return plan


@dataclass(frozen=True)
class Seen:
    """What a charger told of itself, newest last, and the certificates that it proved to hold."""

    vendor: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    serial: tuple[str, ...] = ()
    firmware: tuple[str, ...] = ()
    certificate: tuple[str, ...] = ()

    @property
    def anybody(self) -> bool:
        """Whether there was one that told anything."""
        return any(getattr(self, each.name) for each in fields(self))

    def differs(self, other: Seen) -> str:
        """In what another one differs, in plain words; empty when in nothing that both tell.

        A charger may come back with any firmware that it had in this campaign: updated, or put back.
        """
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            if mine and theirs and theirs[-1] not in mine:
                return f"its {each.name} is {theirs[-1]}, and that of this campaign's charger {mine[-1]}"
        return ""

    def shares(self, other: Seen) -> bool:
        """Whether there is anything that both tell."""
        return any(getattr(self, each.name) and getattr(other, each.name) for each in fields(self))


def seen_in(trace: Trace) -> Seen:
    """Read boots, answers about the component ChargingStation, and the certificates of accepted connections."""
    told: dict[str, list[str]] = {each.name: [] for each in fields(Seen)}
    for event in trace:
        if event.kind == "ocpp.connection" and event.data.get("state") == "open":
            tls = event.data.get("tls") or {}
            _tell(told, "certificate", tls.get("peer_subject"))
    for message in messages(trace, direction="in"):
        if message.action == "BootNotification" and message.type == 2:
            station = message.payload.get("chargingStation")
            for name, kind in _AT_BOOT.items():
                _tell(told, kind, station.get(name) if isinstance(station, dict) else None)
        elif message.action == "GetVariables" and message.type == 3:
            for result in message.payload.get("getVariableResult") or []:
                if isinstance(result, dict) and _name(result, "component") == "chargingstation":
                    _tell(told, _ASKED.get(_name(result, "variable"), ""), result.get("attributeValue"))
    return Seen(**{kind: tuple(values) for kind, values in told.items()})


_AT_BOOT = {"vendorName": "vendor", "model": "model", "serialNumber": "serial", "firmwareVersion": "firmware"}
_ASKED = {name.lower(): kind for name, kind in _AT_BOOT.items()}


def _name(result: dict[str, Any], part: str) -> str:
    named = result.get(part)
    return str(named.get("name")).lower() if isinstance(named, dict) else ""


def _tell(told: dict[str, list[str]], kind: str, value: object) -> None:
    if kind in told and isinstance(value, str) and value:
        told[kind].append(value)


async def ask_who_it_is(reach: Reach) -> None:
    """Have the charger tell who it is, as one that stays up sends no BootNotification."""
    wanted = [("ChargingStation", name[0].upper() + name[1:]) for name in _AT_BOOT]
    station = await reach.until_connected()
    await station.get_variables(wanted, within_s=_ASKED_WITHIN_S)


def check_the_charger(before: Trace, again: Trace) -> None:
    """Raises RerunRefused when whoever came now is not who came before, or does not say who it is."""
    known, now = seen_in(before), seen_in(again)
    if why := known.differs(now):
        raise RerunRefused(f"another charger has connected: {why}; {_INSTEAD}")
    if not known.shares(now):
        raise RerunRefused(f"the charger does not say that it is the one of this campaign; {_INSTEAD}")
