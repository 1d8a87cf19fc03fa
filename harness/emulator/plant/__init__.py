"""The electrical plant of the emulated station: grid, EVSE, cable, contactor, control pilot, car and battery."""

from harness.emulator.plant._battery import Battery
from harness.emulator.plant._car import Car, HlcRequest
from harness.emulator.plant._grid import Grid
from harness.emulator.plant._hlc import dc_side_w, grid_side_w
from harness.emulator.plant._pilot import PilotWave, current_for_duty, duty_for_current, pilot_wave
from harness.emulator.plant._plant import Plant
from harness.emulator.plant._ramp import Ramp
from harness.emulator.plant._runner import run_plant

__all__ = [
    "Battery",
    "Car",
    "Grid",
    "HlcRequest",
    "PilotWave",
    "Plant",
    "Ramp",
    "current_for_duty",
    "dc_side_w",
    "duty_for_current",
    "grid_side_w",
    "pilot_wave",
    "run_plant",
]
