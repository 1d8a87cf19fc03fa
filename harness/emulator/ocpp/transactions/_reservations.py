"""Reservations of EVSEs for one driver (block H)."""

from __future__ import annotations

import asyncio

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._times import instant_of
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, rejected
from harness.emulator.ocpp.provisioning._model import Json

TICK_S = 0.5


class Reservations:
    """By id: {evse, token, group, until}; kept through a reboot. Each is of one EVSE: NonEvseSpecific is false."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._held: dict[int, Json] = {int(k): v for k, v in client.storage.load("reservations", {}).items()}

    @answers("ReserveNow")
    def reserve_now(self, request: Json) -> Answer | Json:
        """H01; the same id replaces the reservation that has it."""
        client, evse = self._client, int(request.get("evseId", 0))
        if not client.model.flag("ReservationCtrlr", "Enabled") or evse not in client.evses:
            return rejected("UnknownEvse" if evse else "UnsupportedParam")
        if self.of(evse) not in (None, request["id"]):
            return {"status": "Occupied"}
        states = set(client.evses[evse].status.states())
        for state, status in (("Faulted", "Faulted"), ("Occupied", "Occupied"), ("Unavailable", "Unavailable")):
            if state in states:
                return {"status": status}
        group = (request.get("groupIdToken") or {}).get("idToken")
        self._held[request["id"]] = {
            "evse": evse,
            "token": request["idToken"]["idToken"],
            "group": group,
            "until": instant_of(request["expiryDateTime"]),
        }
        self._save()
        return Answer({"status": "Accepted"}, client.evses[evse].status.changed)

    @answers("CancelReservation")
    def cancel_reservation(self, request: Json) -> Answer | Json:
        """H02."""
        held = self._held.pop(request["reservationId"], None)
        if held is None:
            return rejected("NotFound")
        self._save()
        return Answer({"status": "Accepted"}, self._client.evses[held["evse"]].status.changed)

    def of(self, evse: int) -> int | None:
        """The reservation of an EVSE, if there is one."""
        return next((number for number, held in self._held.items() if held["evse"] == evse), None)

    def admits(self, evse: int, token: Json, about: Json) -> bool:
        """Whether this driver, of the group that `about` tells, may use the EVSE (H01.FR.15, H03)."""
        number = self.of(evse)
        if number is None:
            return True
        held = self._held[number]
        group = (about.get("groupIdToken") or {}).get("idToken")
        same_group = held["group"] is not None and group == held["group"]
        return str(token["idToken"]).lower() == str(held["token"]).lower() or same_group

    def use(self, evse: int) -> int | None:
        """The driver is there: the reservation ends; its id, for the transaction's event (H03.FR.09)."""
        number = self.of(evse)
        if number is not None:
            del self._held[number]
            self._save()
        return number

    async def run(self) -> None:
        """Let reservations run out (H04), for ever."""
        while True:
            await asyncio.sleep(TICK_S)
            now = self._client.time.now()
            for number in [n for n, held in self._held.items() if held["until"] <= now]:
                held = self._held.pop(number)
                self._save()
                told = {"reservationId": number, "reservationUpdateStatus": "Expired"}
                self._client.outbox.put("ReservationStatusUpdate", told)
                self._client.evses[held["evse"]].status.changed()

    def _save(self) -> None:
        self._client.storage.save("reservations", self._held)
