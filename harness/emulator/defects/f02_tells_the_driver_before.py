"""Tells a session with the token of the driver before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    transactions = ocpp_of(station).transactions
    before: list[Any] = []

    def bind(plain: Any) -> Any:
        def stale(tx: Any, id_token: Any, *rest: Any) -> None:
            before.append(id_token)
            plain(tx, before[-2] if len(before) > 1 else id_token, *rest)

        return stale

    swap(transactions, "_bind", bind)


DEFECT = Defect(
    name="tells-the-driver-before",
    title="Tells the driver before",
    what_is_broken="From its second session on each is told with the token of the driver before.",
    must_fail=("OCPP-F02.P002", "OCPP-F01.R004"),
    run=("OCPP-F02.P002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
