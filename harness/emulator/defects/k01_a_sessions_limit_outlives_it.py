"""The limit of one session binds the next one, too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import TX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    smart = client.smart_charging

    def ended(inner: Any) -> Any:
        def end(transaction_id: str) -> None:
            left = [p for p in smart.profiles if p.purpose == TX]
            inner(transaction_id)
            for profile in left:
                smart.profiles.put(profile)

        return end

    def started(inner: Any) -> Any:
        def start(transaction_id: str) -> None:
            for profile in [p for p in smart.profiles if p.purpose == TX]:
                smart.profiles.put(replace(profile, transaction_id=transaction_id))
            inner(transaction_id)

        return start

    swap(smart, "transaction_ended", ended)
    swap(smart, "transaction_started", started)


DEFECT = Defect(
    name="a-sessions-limit-outlives-it",
    title="A session's limit outlives it",
    what_is_broken=(
        "A limit that was set for one session binds the next ones as well; after one of zero nobody charges any more."
    ),
    must_fail=("OCPP-K01.P203",),
    may_fail=("OCPP-E01.R005",),  # the old limit is there before the new session is told
    run=("OCPP-K01.P203",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
