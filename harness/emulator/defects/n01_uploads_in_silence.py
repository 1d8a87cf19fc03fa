"""Uploads its log, and tells nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).logs, "tell", lambda _: lambda status: None)


DEFECT = Defect(
    name="uploads-in-silence",
    title="Does not tell of an upload of its log",
    what_is_broken="The charger uploads its log, and sends no LogStatusNotification.",
    must_fail=("OCPP-N01.P001",),
    run=("OCPP-N01.P001",),
    may_fail=(
        "OCPP-N01.R007",
        "OCPP-N01.R008",
        "OCPP-N01.R009",
    ),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
