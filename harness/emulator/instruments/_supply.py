"""The relay in the station's supply with power."""

from __future__ import annotations

from collections.abc import Callable

from harness.emulator.instruments._base import CommandError, Instrument


class SupplyRelay(Instrument):
    """SUPPLY ON, SUPPLY OFF, READ. `switch` takes the station's power away at once, and gives it back."""

    role = "supply"
    period_s = None

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.switch: Callable[[bool], None] | None = None
        self.on = True

    def command(self, words: list[str]) -> str:
        """SUPPLY ON|OFF, READ."""
        match [word.upper() for word in words]:
            case ["SUPPLY", "ON" | "OFF" as position]:
                wanted = position == "ON"
                if wanted != self.on:
                    if self.switch is None:
                        raise CommandError("there is nothing to switch")
                    self.switch(wanted)
                    self.on = wanted
                return position
            case ["READ"]:
                return f"supply={'ON' if self.on else 'OFF'}"
            case _:
                raise CommandError("not understood; see SUPPLY READ")
