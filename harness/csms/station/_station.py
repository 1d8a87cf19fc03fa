"""A charging station as the cases hold it: the wire's calls and waits, and OCPP's operations in field words."""

from __future__ import annotations

from harness.csms.station._charging import ChargingOperations
from harness.csms.station._device import DeviceOperations, DriverOperations
from harness.csms.station._grid import GridOperations
from harness.csms.station._trust import TrustOperations


class Station(ChargingOperations, DeviceOperations, DriverOperations, TrustOperations, GridOperations):
    """One charging station, found by identity and kept across reconnects. Operations send CALLs and return Answers."""
