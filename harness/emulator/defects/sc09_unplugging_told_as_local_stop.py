"""A session that ended because the cable was pulled says stoppedReason Local instead of EVDisconnected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    transactions = ocpp_of(station).transactions

    def end(inner: Any) -> Any:
        def over(trigger: str, reason: str, id_token: Any = None) -> None:
            inner(trigger, "Local" if reason == "EVDisconnected" else reason, id_token)

        return over

    swap(transactions, "end", end)


DEFECT = Defect(
    name="unplugging-told-as-local-stop",
    title="Calls unplugging a local stop",
    what_is_broken=(
        "A session that ended because the cable was pulled says stoppedReason Local instead of EVDisconnected."
    ),
    must_fail=("OCPP-E06.R018",),
    run=("OCPP-E04.P001",),
    depth="acceptance",
    apply=_break,
)
