"""Charging profiles that somebody else has put into the charger: set aside before the first case, put back at the end.

They outlive a restart (K01.FR.27), and operators install them; a case would take what they limit for the charger's own
doing. What could be cleared is put back whatever becomes of the run; what could not stays in the trace, where judges
that calculate find it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.csms import V21, Answer, Station
from harness.hands import DutAbsent, Stand

ASKED_WITHIN_S = 15.0
ALL_WITHIN_S = 120.0  # however many there are, and however often the charger goes away meanwhile
_NOT_OURS = ("ChargingStationExternalConstraints", "LocalGeneration")  # set on site; K10 does not clear them
_LIVES_WITH_ITS_SESSION = "TxProfile"
# a backend names what it asks for (K09.FR.03)
_PURPOSES = ("ChargingStationMaxProfile", "TxDefaultProfile", "TxProfile", "ChargingStationExternalConstraints")
_PURPOSES_2_1 = ("PriorityCharging", "LocalGeneration")


@dataclass(frozen=True)
class Leftover:
    """A profile as ReportChargingProfiles told it, and for which EVSE (0: the station)."""

    evse_id: int
    body: dict[str, Any]

    def __str__(self) -> str:
        where = f"EVSE {self.evse_id}" if self.evse_id else "the station"
        return f"{self.body.get('chargingProfilePurpose')} {self.body.get('id')} of {where}"


class Leftovers:
    """`await set_aside()`, then the cases, then `await put_back()`; neither raises for what the charger does."""

    def __init__(self, stand: Stand, say: Callable[[str], None]) -> None:
        self._ports, self._reach, self._running = stand.ports, stand.reach, stand.running
        self._say = say
        self._taken: list[Leftover] = []
        self._version: str | None = None

    async def set_aside(self) -> None:
        """Ask what stands in the charger (K09), keep it, and clear what a backend may clear (K10)."""
        if self._ports.profile.declared("smart_charging") == "no":
            return
        left: list[str] = []
        try:
            async with asyncio.timeout(ALL_WITHIN_S):
                await self._clear(left)
        except (TimeoutError, ConnectionError) as error:
            left.append(str(error) or f"not done within {ALL_WITHIN_S:g} s")
        if self._taken or left:
            self._tell("profiles.set_aside", self._taken, left)
        if self._taken:
            self._say(f"charging profiles of the charger's operator, set aside for the run: {_names(self._taken)}")
        for each in dict.fromkeys(left):
            self._say(f"  could not be set aside, and may limit what is measured: {each}")

    async def _clear(self, left: list[str]) -> None:
        """Ask purpose by purpose and clear; `left` gets in plain words what stays."""
        station = await self._reach.connected()
        self._version = station.version
        for purpose in (*_PURPOSES, *(_PURPOSES_2_1 if station.version == V21 else ())):
            asked = await station.get_charging_profiles(purpose=purpose, within_s=ASKED_WITHIN_S)
            for found in leftovers(asked.items):
                self._taken.append(found)  # before it is cleared: a run broken off in between puts it back all the same
                answer = await station.clear_charging_profile(found.body["id"])
                if answer.accepted:
                    continue
                left.append(f"{found}: {_said(answer)}")
                if not answer.timed_out:  # without an answer it may be gone: to install it twice does no harm
                    self._taken.remove(found)
            left += [] if asked.complete else [asked.missing]
            if not asked.answer.payload:  # it does not answer, or knows no such request: the next is no better
                left += [] if asked.missing else [f"asked for its profiles, {_said(asked.answer)}"]
                break

    async def put_back(self, gone: str = "") -> None:
        """Install again what was set aside; what the charger does not take is told to the person.

        `gone`: why nothing of it is to be tried, where the charger was lost.
        """
        if not self._taken:
            return
        back: list[Leftover] = []
        if gone := gone or await self._not_there():
            lost, self._taken = [f"{each}: {gone}" for each in self._taken], []
        else:
            lost = []
        try:
            async with asyncio.timeout(ALL_WITHIN_S):
                while self._taken:
                    trouble = await self._install(self._taken[0])
                    each = self._taken.pop(0)
                    back += [] if trouble else [each]
                    lost += [f"{each}: {trouble}"] if trouble else []
        except TimeoutError:
            lost += [f"{each}: not done within {ALL_WITHIN_S:g} s" for each in self._taken]
            self._taken = []
        with contextlib.suppress(DutAbsent):
            await self._running.undo()
        self._tell("profiles.put_back", back, lost)
        self._say(f"put back into the charger: {_names(back)}")
        for each_lost in lost:
            self._say(f"  NOT put back, do it by hand (it stands in the trace): {each_lost}")

    async def _not_there(self) -> str:
        """Why the charger cannot be given anything, "" when it can; it then speaks as it did when it was asked."""
        try:
            if (await self._reach.until_connected()).version != self._version:
                await self._reach.speak(self._version)
        except (TimeoutError, ConnectionError) as error:
            return str(error)
        return ""

    async def _install(self, leftover: Leftover) -> str:
        """Why it could not be installed again; empty when it could."""
        until = leftover.body.get("validTo")
        if leftover.body.get("chargingProfilePurpose") == _LIVES_WITH_ITS_SESSION:
            return "it belonged to a session that is over"
        if _over(until, self._ports.recorder.clock.utc()):
            return f"its validity ended on {until}"
        try:
            station: Station = await self._reach.until_connected()
            payload = {"evseId": leftover.evse_id, "chargingProfile": leftover.body}
            answer = await station.call("SetChargingProfile", payload, ASKED_WITHIN_S)
        except (TimeoutError, ConnectionError, ValueError) as error:
            return str(error)
        return "" if answer.accepted else _said(answer)

    def _tell(self, kind: str, profiles: list[Leftover], not_so: list[str]) -> None:
        told = [{"evse_id": each.evse_id, "profile": each.body} for each in profiles]
        self._ports.recorder.record(kind, "harness", {"profiles": told, "not": not_so})


def leftovers(reports: list[dict[str, Any]]) -> list[Leftover]:
    """What a backend installed, of ReportChargingProfiles payloads; limits that were set on site are not among it."""
    found = []
    for report in reports:
        if report.get("chargingLimitSource", "CSO") != "CSO" or not isinstance(report.get("evseId"), int):
            continue
        for body in report.get("chargingProfile") or []:
            if isinstance(body, dict) and "id" in body and body.get("chargingProfilePurpose") not in _NOT_OURS:
                found.append(Leftover(report["evseId"], body))
    return found


def _over(until: object, now: str) -> bool:
    """Whether a validTo lies in the past; one that cannot be read does not."""
    try:
        ends = datetime.fromisoformat(str(until))
    except ValueError:
        return False
    return (ends if ends.tzinfo is not None else ends.replace(tzinfo=UTC)) <= datetime.fromisoformat(now)


def _said(answer: Answer) -> str:
    return f"the charger answered {answer.status or answer.error_code or 'nothing'}"


def _names(profiles: list[Leftover]) -> str:
    return ", ".join(map(str, profiles)) or "none"
