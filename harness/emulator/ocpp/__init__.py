"""The emulated station's OCPP client: `OcppClient(config, plant, clock, state_dir)`, then `await client.run()`."""

from __future__ import annotations

from harness.emulator.ocpp._client import OcppClient
from harness.emulator.ocpp._config import StationConfig
from harness.emulator.ocpp._times import Clock, SystemClock

__all__ = ["Clock", "OcppClient", "StationConfig", "SystemClock"]
