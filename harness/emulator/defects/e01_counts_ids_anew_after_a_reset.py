"""Counts its sessions from one again after a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    counted = [0]

    def new(plain: Any) -> Any:
        def numbered() -> Any:
            tx = plain()
            counted[0] += 1
            tx.id = f"session-{counted[0]}"
            return tx

        return numbered

    def reboot(plain: Any) -> Any:
        def from_one(reason: str) -> None:
            counted[0] = 0
            plain(reason)

        return from_one

    swap(client.transactions, "_new", new)
    swap(client, "reboot", reboot)


DEFECT = Defect(
    name="counts-ids-anew-after-a-reset",
    title="Session ids begin anew after a reset",
    what_is_broken="After a reset it gives its sessions the ids that it gave the ones before.",
    must_fail=("OCPP-E01.R003",),
    run=("OCPP-B12.P003",),
    may_fail=("OCPP-B12.P003", "OCPP-E01.R002", "OCPP-E01.R004", "OCPP-E01.R005", "OCPP-E01.R001"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
