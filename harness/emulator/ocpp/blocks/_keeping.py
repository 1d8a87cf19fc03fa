"""What one may ask of the blocks that keep the station itself: its boot, firmware and logs."""

from __future__ import annotations

from typing import Protocol


class ProvisioningBlock(Protocol):
    """Block B."""

    status: str

    async def connected(self, offline_s: float | None) -> None:
        """A connection is open: register when this boot has not been accepted yet, then say what must be said."""

    def idle(self) -> None:
        """A transaction has ended: a reset that waited for it can go ahead."""


class FirmwareBlock(Protocol):
    """Block L."""

    version: str

    def booted(self) -> None:
        """Accepted after a boot: if it was into new firmware, say that it is installed (FR.28, FR.31)."""

    def idle(self) -> None:
        """A transaction has ended."""

    async def send_triggered(self) -> None:
        """F06.FR.16, L01.FR.25, .26: the last status, or Idle when nothing is going on."""


class LogsBlock(Protocol):
    """Block N."""

    async def send_triggered(self) -> None:
        """F06.FR.14, .15."""
