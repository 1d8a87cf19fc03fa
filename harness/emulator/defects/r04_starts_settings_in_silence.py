"""Starts and ends a scheduled grid-code setting without telling it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).der, "_notify", lambda inner: lambda *about: None)


DEFECT = Defect(
    name="starts-settings-in-silence",
    title="Starts grid-code settings in silence",
    what_is_broken=("A scheduled grid-code setting takes effect and ends, and NotifyDERStartStop never comes."),
    must_fail=("OCPP-R04.P103", "OCPP-R04.P104"),
    run=("OCPP-R04.P103", "OCPP-R04.P104"),
    apply=_break,
    depth="acceptance",
)
