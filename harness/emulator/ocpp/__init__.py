"""The emulated station's OCPP client: `OcppClient(config, plant, clock, state_dir)`, then `await client.run()`."""

from __future__ import annotations

from ._client import OcppClient
from ._config import StationConfig
from ._times import Clock, SystemClock

__all__ = ["Clock", "OcppClient", "StationConfig", "SystemClock"]
