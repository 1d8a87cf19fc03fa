"""Reservations (block H) and monitors (N02 to N07) as the backend sees them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.emulator_ocpp._backend import Backend, station

VERSIONS = pytest.mark.parametrize("version", ["ocpp2.0.1", "ocpp2.1"])
ONE = {"idToken": "ONE", "type": "Central"}
TWO = {"idToken": "TWO", "type": "Central"}
THRESHOLD = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "OfflineThreshold"}}


def reservation(number: int, token: dict[str, str], for_s: float = 60.0) -> dict[str, Any]:
    """A ReserveNowRequest."""
    until = (datetime.now(UTC) + timedelta(seconds=for_s)).isoformat(timespec="milliseconds")
    return {"id": number, "idToken": token, "evseId": 1, "expiryDateTime": until}


@VERSIONS
def test_a_reserved_evse_is_for_its_driver(tmp_path: Path, version: str) -> None:
    """It is reported Reserved, refused to another driver, given to its own, and the reservation is told with that."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            assert await backend.ask("ReserveNow", reservation(5, ONE)) == {"status": "Accepted"}
            assert client.status.states() == ["Reserved", "Reserved"]
            assert await backend.ask("ReserveNow", reservation(6, TWO)) == {"status": "Occupied"}
            start = {"remoteStartId": 1, "evseId": 1, "idToken": TWO}
            assert (await backend.ask("RequestStartTransaction", start))["status"] == "Rejected"
            start["idToken"] = ONE
            assert (await backend.ask("RequestStartTransaction", start))["status"] == "Accepted"
            plant.plug()
            told = await backend.expect("TransactionEvent", lambda p: p.get("reservationId") == 5)
            assert told["evse"]["id"] == 1
            assert client.reservations.of(1) is None
        assert backend.faults == []

    asyncio.run(run())


def test_a_reservation_is_cancelled_or_runs_out(tmp_path: Path) -> None:
    """Cancelled by its id, once; and told as expired when its time is over."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, _plant):
            await backend.ask("ReserveNow", reservation(5, ONE))
            assert (await backend.ask("CancelReservation", {"reservationId": 5}))["status"] == "Accepted"
            assert (await backend.ask("CancelReservation", {"reservationId": 5}))["status"] == "Rejected"
            assert client.status.states() == ["Available", "Available"]
            await backend.ask("ReserveNow", reservation(7, ONE, for_s=0.2))
            over = await backend.expect("ReservationStatusUpdate")
            assert over == {"reservationId": 7, "reservationUpdateStatus": "Expired"}
        assert backend.faults == []

    asyncio.run(run())


@VERSIONS
def test_a_monitor_is_set_reported_heard_and_cleared(tmp_path: Path, version: str) -> None:
    """One on a number is taken and reported, tells when its threshold is passed and when no more, and is cleared."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), station(backend, tmp_path):
            one = {**THRESHOLD, "type": "UpperThreshold", "value": 100.0, "severity": 4}
            taken = (await backend.ask("SetVariableMonitoring", {"setMonitoringData": [one]}))["setMonitoringResult"][0]
            assert taken["status"] == "Accepted"
            assert (await backend.ask("GetMonitoringReport", {"requestId": 3}))["status"] == "Accepted"
            report = await backend.expect("NotifyMonitoringReport")
            assert (report["requestId"], report["seqNo"], report["tbc"]) == (3, 0, False)
            assert report["monitor"][0]["variableMonitoring"][0]["id"] == taken["id"]
            for value, cleared in (("200", False), ("60", True)):
                set_ = {**THRESHOLD, "attributeValue": value}
                await backend.ask("SetVariables", {"setVariableData": [set_]})
                await backend.expect(
                    "NotifyEvent",
                    lambda p, value=value, cleared=cleared: (
                        p["eventData"][0].get("variableMonitoringId") == taken["id"]
                        and p["eventData"][0]["actualValue"] == value
                        and p["eventData"][0].get("cleared", False) is cleared
                    ),
                )
            gone = await backend.ask("ClearVariableMonitoring", {"id": [taken["id"], 99]})
            assert [each["status"] for each in gone["clearMonitoringResult"]] == ["Accepted", "NotFound"]
            assert (await backend.ask("GetMonitoringReport", {"requestId": 4}))["status"] == "EmptyResultSet"
        assert backend.faults == []

    asyncio.run(run())


def test_what_cannot_be_monitored_is_refused(tmp_path: Path) -> None:
    """A variable that there is not, a text, and a kind of monitor that the station does not have."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path):
            about = {"value": 1.0, "severity": 4}
            text = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "Identity"}}
            nobody = {"component": {"name": "NoSuchCtrlr"}, "variable": {"name": "Nothing"}}
            asked = [
                {**nobody, "type": "Delta", **about},
                {**text, "type": "Delta", **about},
                {**THRESHOLD, "type": "PeriodicClockAligned", **about},
            ]
            results = (await backend.ask("SetVariableMonitoring", {"setMonitoringData": asked}))["setMonitoringResult"]
            assert [each["status"] for each in results] == [
                "UnknownComponent",
                "UnsupportedMonitorType",
                "UnsupportedMonitorType",
            ]
        assert backend.faults == []

    asyncio.run(run())
