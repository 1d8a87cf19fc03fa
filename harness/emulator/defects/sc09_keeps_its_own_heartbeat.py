"""Takes no notice of the heartbeat interval that it is given at boot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


Put = Callable[[str, str, str], object]


def _break(station: Station) -> None:
    model = ocpp_of(station).model

    def deaf(put: Put) -> Put:
        return lambda component, name, *rest: None if name == "HeartbeatInterval" else put(component, name, *rest)

    swap(model, "put", deaf)


DEFECT = Defect(
    name="keeps-its-own-heartbeat",
    title="Ignores the heartbeat interval of its backend",
    what_is_broken="The heartbeat interval in the answer to its boot changes nothing: the charger goes by its own.",
    must_fail=("OCPP-G02.P101",),
    run=("OCPP-G02.P101",),
    depth="acceptance",
    apply=_break,
)
