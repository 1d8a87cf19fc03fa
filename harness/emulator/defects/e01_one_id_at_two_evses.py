"""Tells the sessions of two EVSEs under one id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def first_s(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        first = client.evses[1].transactions.current
        second = client.evses[2].transactions.current
        info = payload.get("transactionInfo") or {}
        if message != "TransactionEventRequest" or first is None or second is None:
            return payload
        return {**payload, "transactionInfo": {**info, "transactionId": first.id}}

    says(station, first_s)


DEFECT = Defect(
    name="one-id-at-two-evses",
    title="One id for sessions at two EVSEs",
    what_is_broken="While both EVSEs are in use, their sessions are told under one transactionId.",
    must_fail=("OCPP-E01.P301", "OCPP-E01.R003"),
    run=("OCPP-E01.P301",),
    may_fail=(
        "OCPP-E01.R010",
        "OCPP-E01.R001",
        "OCPP-E01.R002",
        "OCPP-E01.R004",
        "OCPP-J02.R016",
        "OCPP-J02.R017",
        "OCPP-J02.R018",
        "OCPP-J02.R019",
    ),
    smoke=False,
    evses=2,
    apply=_break,
)
