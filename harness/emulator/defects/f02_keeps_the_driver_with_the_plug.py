"""Keeps the driver for as long as the plug is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    kept: dict[str, Any] = {}

    def bind(plain: Any) -> Any:
        def stale(tx: Any, id_token: Any, *rest: Any) -> None:
            kept.setdefault("token", id_token)
            plain(tx, kept["token"], *rest)

        return stale

    def unplugged(plain: Any) -> Any:
        def forget() -> None:
            kept.clear()
            plain()

        return forget

    swap(client.transactions, "_bind", bind)
    swap(client.transactions, "unplugged", unplugged)


DEFECT = Defect(
    name="keeps-the-driver-with-the-plug",
    title="Keeps the driver for as long as the plug is in",
    what_is_broken="A second driver, who finds the plug in, is told by the token of the first.",
    must_fail=("OCPP-F02.P002", "OCPP-F01.R004"),
    run=("OCPP-F02.P002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
