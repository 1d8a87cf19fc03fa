"""The ISO 15118 side of the emulated station: an SECC in its own process, and the link that drives it."""

from harness.emulator.secc._link import Secc, SeccError, SeccReady
from harness.emulator.secc._messages import SeccConfig, SeccEvent, StationLimits

__all__ = ["Secc", "SeccConfig", "SeccError", "SeccEvent", "SeccReady", "StationLimits"]
