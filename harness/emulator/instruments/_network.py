"""The relay in the station's line to its backend."""

from __future__ import annotations

from collections.abc import Callable

from harness.emulator.instruments._base import CommandError, Instrument


class NetworkSwitch(Instrument):
    """NET ON, NET OFF, READ. `switch` cuts the line without a farewell, as pulling the cable would."""

    role = "network_switch"
    period_s = None

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.switch: Callable[[bool], None] | None = None
        self.on = True

    def command(self, words: list[str]) -> str:
        """NET ON|OFF, READ."""
        match [word.upper() for word in words]:
            case ["NET", "ON" | "OFF" as position]:
                wanted = position == "ON"
                if wanted != self.on:
                    if self.switch is None:
                        raise CommandError("there is no line to switch")
                    self.switch(wanted)
                    self.on = wanted
                return position
            case ["READ"]:
                return f"net={'ON' if self.on else 'OFF'}"
            case _:
                raise CommandError("not understood; see NET READ")
