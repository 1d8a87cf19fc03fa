"""Offers the backend every version of OCPP it ever spoke, and one of its maker's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    connection = ocpp_of(station).connection

    def with_others(dial: Any) -> Any:
        def more(*where: Any, subprotocols: Any, **how: Any) -> Any:
            return dial(*where, subprotocols=["maker-1.0", *subprotocols, "ocpp2.0", "ocpp1.6"], **how)

        return more

    swap(connection, "dial", with_others)


VARIANT = Variant(
    name="offers-older-protocols",
    title="Offers older protocols as well",
    what_is_unusual="Beside OCPP 2.1 and 2.0.1 it offers OCPP 2.0, 1.6 and a protocol of its maker's.",
    why_legal="A client offers what it can; the server chooses.",
    clauses=("RFC 6455, 4.1", "OCPP-J Part 4, 3.1.2"),
    touches=("SC-05", "SC-09.1", "BI-20.1", "SC-06.6"),
    apply=_alter,
)
