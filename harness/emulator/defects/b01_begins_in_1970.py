"""Its clock begins in 1970 when it starts again, and no backend sets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp._times import text_of

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    began: list[float] = []

    def from_nothing(reboot: Callable[[str], None]) -> Callable[[str], None]:
        def rebooted(reason: str) -> None:
            began[:] = [client.time.now()]
            reboot(reason)

        return rebooted

    swap(client, "reboot", from_nothing)
    swap(client.time, "text", lambda _: lambda: text_of(client.time.now() - (began[0] if began else 0.0)))


DEFECT = Defect(
    name="begins-in-1970",
    title="Begins in 1970 after a restart",
    what_is_broken="It has no clock that runs without power, and does not take over the backend's time.",
    must_fail=("OCPP-B01.P110",),
    may_fail=("OCPP-B01.R005",),
    run=("OCPP-B01.P110",),
    depth="acceptance",
    apply=_break,
)
