"""The bench PCO: instruments by role, over serial ports or by asking a person; the trace gets all they say."""

from harness.bench._bench import Bench
from harness.bench._errors import BenchError, NotSeen
from harness.bench._open import drivers_for, open_bench
from harness.bench._quantity import Quantity, quantity
from harness.bench._roles import Ems, GridSource, Light, Meter, NetworkSwitch, Pilot, Supply
from harness.bench._settings import RoleConfig, RoleSettings
from harness.bench.line._feed import Sample

__all__ = [
    "Bench",
    "BenchError",
    "Ems",
    "GridSource",
    "Light",
    "Meter",
    "NetworkSwitch",
    "NotSeen",
    "Pilot",
    "Quantity",
    "RoleConfig",
    "RoleSettings",
    "Sample",
    "Supply",
    "drivers_for",
    "open_bench",
    "quantity",
]
