"""The emulated control-pilot box: the car's plug, resistors, diode and charger; it watches pilot and mains."""

from __future__ import annotations

from harness.emulator._ports import PlantEvent
from harness.emulator.instruments._base import CommandError, Instrument, number
from harness.emulator.plant import Plant
from harness.emulator.plant._car import CABLE_RATINGS_A


class PilotBox(Instrument):
    """Streams what it measures and sends an extra line at once when state or mains voltage changes."""

    role = "pilot"

    def __init__(self, plant: Plant, seed: int = 1) -> None:
        super().__init__(seed)
        self._plant = plant
        plant.subscribe(self._plant_event)

    def telegram(self) -> str:
        """State, levels, duty cycle, frequency and whether voltage stands at the car's contacts."""
        wave, car = self._plant.wave(), self._plant.car
        duty, freq = wave.duty_pct, wave.freq_hz
        if wave.oscillates:
            duty, freq = duty + self.noise(0.03), freq + self.noise(0.3)
        return (
            f"CPB #{self.sequence:05d} state={wave.state} high={wave.u_high_v + self.noise(0.02):.2f} "
            f"low={wave.u_low_v + self.noise(0.02):.2f} duty={duty:.1f} freq={freq:.1f} "
            f"mains={int(self._plant.contactor_closed)} plug={car.connector or 0} soc={car.battery.soc_pct:.1f}"
        )

    def command(self, words: list[str]) -> str:
        """PLUG, UNPLUG, STATE, DIODE, IMAX, POWER, SOC, CABLE, READ (see PROTOCOLS.md)."""
        plant = self._plant
        match [words[0].upper(), *words[1:]]:
            case ["PLUG", connector] if connector in ("1", "2"):
                plant.plug(int(connector))
            case ["UNPLUG"]:
                plant.unplug()
            case ["STATE", state] if state.upper() in ("A", "B", "C", "D", "E"):
                if plant.car.connector is None and state.upper() != "A":
                    raise CommandError("nothing is plugged in; send PLUG 1 or PLUG 2 first")
                plant.set_car_state(state.upper())
            case ["DIODE", "OK" | "SHORT" as diode]:
                plant.set_diode(diode == "OK")
            case ["IMAX", _]:
                plant.car.max_a = number(words, 1, 0, 80)
            case ["POWER", _]:
                plant.car.power_w = number(words, 1, -43_500, 43_500)
            case ["SOC", _]:
                plant.car.battery.soc_pct = number(words, 1, 0, 100)
            case ["CABLE", _]:
                rating = number(words, 1, 13, 63)
                if rating not in CABLE_RATINGS_A:
                    raise CommandError("a cable is rated 13, 20, 32 or 63 A")
                plant.car.cable_a = rating
            case ["READ"]:
                return self.telegram()
            case _:
                raise CommandError("not understood; see PLUG UNPLUG STATE DIODE IMAX POWER SOC CABLE READ")
        return " ".join(words[1:])

    def _plant_event(self, event: PlantEvent) -> None:
        if event.what in ("pilot", "contactor", "plugged", "unplugged"):
            self.stream_once()
