"""The emulated bench: serial instruments on ptys around the station (protocols: harness/bench/PROTOCOLS.md)."""

from harness.emulator.instruments._base import Instrument
from harness.emulator.instruments._bench import Instruments
from harness.emulator.instruments._ems import EmsPort
from harness.emulator.instruments._grid_source import GridSource
from harness.emulator.instruments._light import LightSensor
from harness.emulator.instruments._meter import EnergyMeter
from harness.emulator.instruments._network import NetworkSwitch
from harness.emulator.instruments._pilot_box import PilotBox
from harness.emulator.instruments._pty import PtyPort, frame

__all__ = [
    "EmsPort",
    "EnergyMeter",
    "GridSource",
    "Instrument",
    "Instruments",
    "LightSensor",
    "NetworkSwitch",
    "PilotBox",
    "PtyPort",
    "frame",
]
