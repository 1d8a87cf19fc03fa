"""Tells both sessions with the token of the driver who came first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def bind(plain: Any) -> Any:
        def first_s(tx: Any, id_token: Any, *rest: Any) -> None:
            running = [evse.transactions.current for evse in client.evses.values()]
            others = [each.id_token for each in running if each is not None and each is not tx and each.id_token]
            plain(tx, others[0] if others else id_token, *rest)

        return first_s

    for evse in client.evses.values():
        swap(evse.transactions, "_bind", bind)


DEFECT = Defect(
    name="one-driver-at-two-evses",
    title="One driver for sessions at two EVSEs",
    what_is_broken="While a driver charges at one EVSE, the session at the other one is told by his token.",
    must_fail=("OCPP-E01.P301",),
    run=("OCPP-E01.P301",),
    may_fail=("OCPP-F01.R004",),
    smoke=False,
    evses=2,
    apply=_break,
)
