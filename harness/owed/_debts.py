"""The guard at the wire: what a request is about to change is written down first, and ticked off once it is back.

It stands before every request that our backend sends, so no case can forget it. What cannot be read is not touched.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from harness.csms import Answer, Station
from harness.owed import _file
from harness.owed._look import (
    NotTouched,
    Payload,
    certificates_of,
    controls_of,
    list_version,
    serial_of,
    settings_before,
)
from harness.owed._model import Certificate, Monitor, Owed, SetAside, Setting, Stays, key_of
from harness.owed._settle import settle

__all__ = ["Debts", "NotTouched"]

ALL_PURPOSES = "all"


class Debts:
    """What a run owes the charger. `place` None: kept in memory alone, for a charger that ends with the run.

    Installed as `csms.guard`; `arm` names the charger before the first change. `unread` says by purpose why the
    charger's own charging profiles are not known ("all" for every purpose): those are not cleared by what they are
    like. `may_hold` says why there may be limits that nobody knows; "" when there is no sign of any.
    """

    def __init__(self, place: Path | None = None, identity: str = "", campaign: str = "") -> None:
        self.place, self.owed = place, Owed(identity=identity, campaign=campaign)
        self.path: Path | None = None
        self.unread: dict[str, str] = {}
        self.may_hold = ""
        self.runs = ""  # the firmware that it told when it came
        self.taken = False  # whether it took firmware that we offered
        self.make_room: Callable[[OSError], bool] = lambda _: False  # on a full disk, asked whether there is any now
        self.known: dict[tuple[str, ...], str] = {}  # values as the charger told them last
        self.ever_ours: set[int] = set()
        self.held: set[int] = set()
        self._looked: set[str] = set()  # kinds of DER control that were asked for
        self._written = b""
        self._writing = asyncio.Lock()
        self._before: dict[str, Callable[[Station, Payload], Awaitable[None]]] = {
            "SetVariables": self._set_variables,
            "SetChargingProfile": self._set_profile,
            "RequestStartTransaction": self._set_profile,
            "ClearChargingProfile": self._clear_profile,
            "ChangeAvailability": self._availability,
            "ReserveNow": self._reserve,
            "SetVariableMonitoring": self._monitor,
            "SetDERControl": self._set_control,
            "ClearDERControl": self._clear_control,
            "InstallCertificate": self._install,
            "DeleteCertificate": self._delete,
            "SendLocalList": self._local_list,
            "UpdateFirmware": self._firmware,
            "CertificateSigned": self._renew,
        }

    def arm(self, charger: Mapping[str, str], adopted: Owed | None = None) -> None:
        """From here on it is this charger's; `adopted`: what an earlier run left, which stays owed until it is back."""
        campaign = self.owed.campaign
        if adopted is not None:
            self.owed = adopted
            self.ever_ours |= set(adopted.ours)
            self.held |= set(adopted.ours)
        else:
            self.owed.charger, self.owed.campaign = dict(charger), campaign
        if self.place is not None:
            self.path = _file.charger_file(self.place, self.owed.identity, self.owed.charger)

    async def before(self, station: Station, action: str, payload: Payload) -> None:
        """Ahead of a request: write down what it may change. Raises NotTouched; OSError when that cannot be kept."""
        if (look := self._before.get(action)) is not None:
            await look(station, payload)
            await self.keep()

    def after(self, action: str, payload: Payload, answer: Answer) -> None:
        """The answer to a request: what is back is not owed any more, nor what was refused."""
        settle(self, action, payload, answer)

    async def set_aside(self, profile: SetAside) -> None:
        """A charging profile of the operator's, before it is cleared."""
        if all(
            (each.evse_id, each.body.get("id")) != (profile.evse_id, profile.body.get("id"))
            for each in self.owed.profiles
        ):
            self.owed.profiles.append(profile)
        await self.keep()

    async def owe(self, component: str, variable: str, value: str) -> None:
        """A setting that changes without being set (with an answer to a boot, say), and its value before."""
        item = {"component": {"name": component}, "variable": {"name": variable}}
        if all(key_of(each.item) != key_of(item) for each in self.owed.settings):
            self.owed.settings.append(Setting(item, value))
        await self.keep()

    def look_again(self) -> None:
        """What was read before is not relied on any more: it was put back meanwhile, and may be overruled anew."""
        self._looked.clear()

    def forget(self, profile: SetAside) -> None:
        """It is not owed: it was never cleared, or cannot be installed by anybody any more."""
        self.owed.profiles = [each for each in self.owed.profiles if each != profile]

    async def keep(self) -> None:
        """Have what is owed on the disk. Raises OSError."""
        async with self._writing:
            if self._changed():
                await asyncio.to_thread(self.flush)

    def flush(self) -> None:
        """The same from a thread that may wait; the file goes when nothing is owed. Raises OSError."""
        if not self._changed():
            return
        now = msgspec.json.encode(self.owed)
        if self.path is None:
            return
        if self.owed.words() or self.owed.stays:
            self._write(self.path)
        else:
            _file.remove(self.path)
        self._written = now

    def _write(self, path: Path) -> None:
        try:
            _file.write(path, self.owed)
        except OSError as error:
            if not self.make_room(error):
                raise
            _file.write(path, self.owed)

    def _changed(self) -> bool:
        return self.path is not None and msgspec.json.encode(self.owed) != self._written

    # --- what each request changes ------------------------------------------------------------------------------------

    async def _set_variables(self, station: Station, payload: Payload) -> None:
        owed = {key_of(each.item) for each in self.owed.settings}
        items = [each for each in _dicts(payload.get("setVariableData")) if key_of(each) not in owed]
        self.owed.settings += await settings_before(station, items, self.known)

    async def _set_profile(self, _: Station, payload: Payload) -> None:
        profile = payload.get("chargingProfile")
        number = profile.get("id") if isinstance(profile, dict) else None
        if not isinstance(number, int) or any(each.body == profile for each in self.owed.profiles):
            return
        self.ever_ours.add(number)
        if number not in self.owed.ours:
            self.owed.ours.append(number)

    async def _clear_profile(self, _: Station, payload: Payload) -> None:
        number = payload.get("chargingProfileId")
        if number is not None:
            if number not in self.ever_ours and all(each.body.get("id") != number for each in self.owed.profiles):
                raise NotTouched(f"charging profile {number} is not ours to clear, and nobody has read what it is")
            return
        criteria = payload.get("chargingProfileCriteria") or {}
        purpose = criteria.get("chargingProfilePurpose")
        if why := self._unread(purpose):
            raise NotTouched(f"charging profiles are not cleared by what they are like: {why}")

    def _unread(self, purpose: str | None) -> str:
        """Why profiles of this purpose (None: of any) are not known; "" when they are."""
        names = self.unread if purpose is None else [n for n in (purpose, ALL_PURPOSES) if n in self.unread]
        return next((self.unread[name] for name in names), "")

    async def _availability(self, _: Station, payload: Payload) -> None:
        evse = (payload.get("evse") or {}).get("id") or 0
        if payload.get("operationalStatus") == "Inoperative" and evse not in self.owed.evses:
            self.owed.evses.append(evse)

    async def _reserve(self, _: Station, payload: Payload) -> None:
        if payload.get("id") not in self.owed.reservations:
            self.owed.reservations.append(int(payload["id"]))

    async def _monitor(self, _: Station, payload: Payload) -> None:
        self.owed.monitors += [Monitor(each) for each in _dicts(payload.get("setMonitoringData"))]

    async def _set_control(self, station: Station, payload: Payload) -> None:
        await self._look_at_controls(station, payload.get("controlType"))
        number = str(payload.get("controlId"))
        if number not in self.owed.controls and all(each.id != number for each in self.owed.grid):
            self.owed.controls.append(number)

    async def _clear_control(self, station: Station, payload: Payload) -> None:
        if "controlId" not in payload:
            await self._look_at_controls(station, payload.get("controlType"))

    async def _look_at_controls(self, station: Station, kind: str | None) -> None:
        if self._looked & {kind or "", ""}:
            return
        found = await controls_of(station, kind)
        have = {each.id for each in self.owed.grid} | set(self.owed.controls)
        self.owed.grid += [each for each in found if each.id not in have]
        self._looked.add(kind or "")

    async def _install(self, station: Station, payload: Payload) -> None:
        found = await certificates_of(station, payload)
        mine = Certificate(str(payload.get("certificateType")), found.asked)
        if found.asked not in found.there and mine not in self.owed.certificates:
            self.owed.certificates.append(mine)

    async def _delete(self, station: Station, payload: Payload) -> None:
        serial = str((payload.get("certificateHashData") or {}).get("serialNumber", "")).lower().lstrip("0")
        if any(each.serial == serial for each in self.owed.certificates):
            return
        if serial in (await certificates_of(station, {})).there:
            raise NotTouched(f"the certificate with the serial number {serial} is not ours to delete")

    async def _local_list(self, station: Station, _: Payload) -> None:
        if self.owed.local_list:
            return
        if version := await list_version(station):
            raise NotTouched(f"it holds a local list (version {version}) that nobody can read, and so is not replaced")
        self.owed.local_list = True

    async def _firmware(self, _: Station, __: Payload) -> None:
        if all(each.kind != "firmware" for each in self.owed.stays):
            self.owed.stays.append(Stays("firmware", self.runs))

    async def _renew(self, _: Station, payload: Payload) -> None:
        self.owed.stays.append(Stays("certificate", serial=serial_of(payload.get("certificateChain"))))


def _dicts(value: object) -> Iterable[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
