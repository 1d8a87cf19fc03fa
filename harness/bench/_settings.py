"""What the DUT profile says of one bench role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class RoleSettings(Protocol):
    """The shape `open_bench` reads; the profile's own `Instrument` has it."""

    @property
    def driver(self) -> str:
        """A driver's name, "person" for somebody who looks and types."""

    @property
    def port(self) -> str | None:
        """The serial device."""

    @property
    def baud(self) -> int:
        """Bits per second."""

    @property
    def uncertainty(self) -> Mapping[str, float]:
        """By value ("p_w") or by quantity ("i_a" for every phase current), in the value's unit."""

    @property
    def interlock_armed(self) -> bool:
        """Whether somebody took responsibility for energised actions of this instrument."""


@dataclass(frozen=True)
class RoleConfig:
    """`RoleSettings` for tests and small programs."""

    driver: str
    port: str | None = None
    baud: int = 115200
    uncertainty: Mapping[str, float] = field(default_factory=dict)
    interlock_armed: bool = False
