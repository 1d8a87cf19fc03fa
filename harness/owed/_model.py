"""The shape of an undo file: everything of a charger that a run has changed, or is about to, as it was before."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

SCHEMA = "chargeproof/owed/1"


class Setting(msgspec.Struct, frozen=True):
    """A variable and the value it had. `item`: component, variable and attributeType as SetVariables names them."""

    item: dict[str, Any]
    value: str

    def __str__(self) -> str:
        return name_of(self.item)


class SetAside(msgspec.Struct, frozen=True):
    """A charging profile of the charger's operator; `evse_id` 0: of the station. `version`: the OCPP it was read by."""

    evse_id: int
    body: dict[str, Any]
    version: str = ""

    def __str__(self) -> str:
        where = f"EVSE {self.evse_id}" if self.evse_id else "the station"
        return f"{self.body.get('chargingProfilePurpose')} {self.body.get('id')} of {where}"


class Monitor(msgspec.Struct, frozen=True):
    """A monitor that we set; `id` None until the charger has told it."""

    item: dict[str, Any]
    id: int | None = None

    def __str__(self) -> str:
        return f"our monitor on {name_of(self.item)}"


class Certificate(msgspec.Struct, frozen=True):
    """A certificate that we installed: its type, and its serial number in hexadecimal."""

    kind: str
    serial: str

    def __str__(self) -> str:
        return f"our {self.kind} with the serial number {self.serial}"


class Control(msgspec.Struct, frozen=True):
    """A DER control of the charger's operator that ours has overruled or cleared; `body` as it was reported."""

    id: str
    kind: str
    is_default: bool
    field: str
    body: dict[str, Any]

    def __str__(self) -> str:
        return f"DER control {self.id} ({self.kind})"


class Stays(msgspec.Struct, frozen=True):
    """What nobody can take back, and who has the charger next must know: told at the run's end, or by the next one.

    `firmware`: the version `before`, "" where it was not told. `certificate`: its own, renewed by our authority;
    `serial` in hexadecimal.
    """

    kind: Literal["firmware", "certificate"]
    before: str = ""
    serial: str = ""

    def words(self, runs: str = "") -> str:
        """In plain words, with what to do; `runs` is the firmware that runs now, "" where nobody knows."""
        if self.kind == "certificate":
            return (
                f"its own certificate was renewed, and is one of the bench's (serial number {self.serial}); before the "
                "charger goes back, have its own backend renew it, or it may be turned away there"
            )
        was = self.before or "a version that it did not tell"
        if not runs:
            return f"it was given other firmware, and ran {was} before; ask it for its version"
        if runs == self.before:
            return f"it was given other firmware and runs {was} still; an update that goes on may change that"
        return f"its firmware is {runs} and was {was}; who needs {was} again has it installed by the maker's own means"


class Owed(msgspec.Struct, kw_only=True):
    """What is owed to one charger. `charger`: what it told of itself; `campaign`: the run that owes it.

    `ours` are ids of our charging profiles that may be in it, `controls` of our DER controls, `reservations` of our
    reservations; `evses` were taken out of service (0: the station). `stays` is not owed, as nobody can give it back.
    """

    schema: str = SCHEMA
    identity: str
    charger: dict[str, str] = {}
    campaign: str = ""
    settings: list[Setting] = []
    profiles: list[SetAside] = []
    ours: list[int] = []
    evses: list[int] = []
    reservations: list[int] = []
    monitors: list[Monitor] = []
    certificates: list[Certificate] = []
    local_list: bool = False
    controls: list[str] = []
    grid: list[Control] = []
    stays: list[Stays] = []

    def words(self, *, profiles: bool = True) -> list[str]:
        """Each thing that is owed, in plain words; with `profiles` also those that wait for the end of the run."""
        said = [f"setting {each}" for each in self.settings]
        said += [f"charging profile {each}" for each in self.profiles] if profiles else []
        said += [f"our charging profile {number} to be cleared" for number in self.ours]
        said += [f"EVSE {evse} back into service" if evse else "back into service" for evse in self.evses]
        said += [f"our reservation {number} to be cancelled" for number in self.reservations]
        said += [f"{each} to be cleared" for each in self.monitors]
        said += [f"{each} to be deleted" for each in self.certificates]
        said += ["our local list to be emptied"] if self.local_list else []
        said += [f"our DER control {each} to be cleared" for each in self.controls]
        return said + [f"{each} to be set again" for each in self.grid]


def name_of(item: dict[str, Any]) -> str:
    """ "OCPPCommCtrlr.OfflineThreshold"; with EVSE and attribute where the item names them."""
    component, variable = item.get("component") or {}, item.get("variable") or {}
    evse = (component.get("evse") or {}).get("id")
    attribute = item.get("attributeType", "Actual")
    where = "".join(f"[{each['instance']}]" if each.get("instance") else "" for each in (component, variable))
    at = f" of EVSE {evse}" if evse else ""
    return (
        f"{component.get('name')}.{variable.get('name')}{where}{at}{'' if attribute == 'Actual' else f' {attribute}'}"
    )


def key_of(item: dict[str, Any]) -> tuple[str, ...]:
    """What tells one variable's attribute from another; OCPP's names know no case."""
    component, variable = item.get("component") or {}, item.get("variable") or {}
    evse = component.get("evse") or {}
    parts = (
        *(component.get("name"), component.get("instance"), evse.get("id"), evse.get("connectorId")),
        *(variable.get("name"), variable.get("instance"), item.get("attributeType") or "Actual"),
    )
    return tuple(str("" if each is None else each).lower() for each in parts)
