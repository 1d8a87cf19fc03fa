"""The port on the station where a local energy management system sets a limit."""

from __future__ import annotations

from harness.emulator._ports import EnergyPort
from harness.emulator.instruments._base import CommandError, Instrument, number


class EmsPort(Instrument):
    """LIMIT and CLEAR reach the station's energy manager; `energy` is set once the OCPP side exists."""

    role = "ems"
    period_s = None

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.energy: EnergyPort | None = None
        self.limit: tuple[float, float | None] | None = None

    def command(self, words: list[str]) -> str:
        """LIMIT charge_w [discharge_w], CLEAR, READ."""
        match [words[0].upper(), *words[1:]]:
            case ["LIMIT", _]:
                self._set((number(words, 1, 0, 1e6), None))
            case ["LIMIT", _, _]:
                self._set((number(words, 1, 0, 1e6), number(words, 2, 0, 1e6)))
            case ["CLEAR"]:
                self._set(None)
            case ["READ"]:
                charge, discharge = self.limit or (None, None)
                return f"charge={_shown(charge)} discharge={_shown(discharge)}"
            case _:
                raise CommandError("not understood; see LIMIT CLEAR READ")
        return " ".join(words[1:])

    def _set(self, limit: tuple[float, float | None] | None) -> None:
        if self.energy is None:
            raise CommandError("the station's energy manager is not up yet")
        self.limit = limit
        self.energy.set_external_limit(*(limit or (None, None)))


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
