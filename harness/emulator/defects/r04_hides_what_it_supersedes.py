"""Tells the start of a setting, and not which other one ended by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def notify(inner: Any) -> Any:
        return lambda control, started, now, _: inner(control, started, now, [])

    swap(ocpp_of(station).der, "_notify", notify)


DEFECT = Defect(
    name="hides-what-it-supersedes",
    title="Hides which setting another took the place of",
    what_is_broken=("NotifyDERStartStop of a setting that takes the place of a running one lacks supersededIds."),
    must_fail=("OCPP-R04.P104",),
    run=("OCPP-R04.P104",),
    may_fail=("OCPP-R04.R021",),
    apply=_break,
    depth="acceptance",
)
