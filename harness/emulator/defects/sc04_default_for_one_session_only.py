"""TxDefaultProfiles are removed when a transaction ends, as if they were its TxProfiles: the next session has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import TX_DEFAULT

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def ended(inner: Any) -> Any:
        def end(transaction_id: str) -> None:
            smart.profiles.remove([p for p in smart.profiles if p.purpose == TX_DEFAULT])
            inner(transaction_id)

        return end

    swap(smart, "transaction_ended", ended)


DEFECT = Defect(
    name="default-for-one-session-only",
    title="Throws default limits away at a session's end",
    what_is_broken=(
        "TxDefaultProfiles are removed when a transaction ends, as if they were its TxProfiles: the next "
        "session has none."
    ),
    must_fail=("OCPP-K01.P106",),
    run=("OCPP-K01.P106",),
    may_fail=("OCPP-K10.R001",),
    depth="acceptance",
    apply=_break,
)
