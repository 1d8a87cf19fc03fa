"""How the station gets its SECC, and what the plant does when the SECC reports news of the car."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.emulator._config import StationOptions
from harness.emulator._ports import EnergyPort
from harness.emulator.plant import Plant

News = Callable[[str, dict[str, object]], None]


def connect(options: StationOptions, plant: Plant, energy: EnergyPort, news: News) -> Any:
    """The SECC for these options, not started yet; None without an interface."""
    if options.interface == "none":
        return None
    from harness.emulator.secc import Secc

    return Secc(plant, energy, interface=options.interface, state_dir=options.state_dir, on_event=news)


def follow(plant: Plant, event: str, data: dict[str, object]) -> None:
    """Let the plant follow the car's talk."""
    if event in ("session_ended", "stopped"):
        plant.hlc_end()


def facts(secc: Any) -> dict[str, Any] | None:
    """What the ready line says of the SECC."""
    return None if secc is None else dict(secc.facts())
