"""A limit that was set while no car was there is forgotten when one starts to charge."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import TX_DEFAULT

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def forgetful(started: Callable[[str], None]) -> Callable[[str], None]:
        def start_afresh(transaction_id: str) -> None:
            smart.profiles.remove([each for each in smart.profiles if each.purpose == TX_DEFAULT])
            started(transaction_id)

        return start_afresh

    swap(smart, "transaction_started", forgetful)


DEFECT = Defect(
    name="forgets-limit-at-start",
    title="Ignores a limit set before charging",
    what_is_broken="A limit that the backend set while no car was there is forgotten when a charge begins.",
    must_fail=("OCPP-K01.P006",),
    run=("SC-04",),
    may_fail=("OCPP-K10.R001", "OCPP-F01.R019"),
    apply=_break,
)
