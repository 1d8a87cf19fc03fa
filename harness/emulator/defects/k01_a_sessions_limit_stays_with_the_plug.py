"""The limit of one session binds the next one as long as the plug stays in."""

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
            for profile in left if client.plant.plugged_connector is not None else []:
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

    def unplugged(inner: Any) -> Any:
        def out() -> None:
            inner()
            smart.profiles.remove([p for p in smart.profiles if p.purpose == TX])
            client.evses.refresh()

        return out

    swap(client.transactions, "unplugged", unplugged)


DEFECT = Defect(
    name="a-sessions-limit-stays-with-the-plug",
    title="A session's limit stays while the plug is in",
    what_is_broken=(
        "A limit that was set for one session binds the next one too, when the car was not unplugged in between."
    ),
    must_fail=("OCPP-K01.P203",),
    may_fail=("OCPP-E01.R005",),  # the old limit is there before the new session is told
    run=("OCPP-K01.P203",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
