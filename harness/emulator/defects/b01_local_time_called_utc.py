"""Its times are two hours ahead, and called UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp._times import text_of

if TYPE_CHECKING:
    from harness.emulator._station import Station

AHEAD_S = 7200.0


def _break(station: Station) -> None:
    swap(ocpp_of(station).time, "text", lambda _: lambda: text_of(ocpp_of(station).time.now() + AHEAD_S))


DEFECT = Defect(
    name="local-time-called-utc",
    title="Calls its local time UTC",
    what_is_broken="The times in its messages are local time, with a Z behind them.",
    must_fail=("OCPP-B01.P110",),
    may_fail=("OCPP-B01.R005",),
    run=("OCPP-B01.P110",),
    depth="acceptance",
    apply=_break,
)
