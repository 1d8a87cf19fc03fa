"""A transaction that goes on over an outage is told as Started a second time once the link is back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def connected(inner: Any) -> Any:
        async def again(offline_s: float | None) -> None:
            went_on = client.provisioning.status == "Accepted"
            await inner(offline_s)
            tx = client.transactions.current
            if went_on and tx is not None:
                client.transaction_events.tell(tx, "Started", "CablePluggedIn", [])

        return again

    swap(client.provisioning, "connected", connected)


DEFECT = Defect(
    name="starts-again-after-an-outage",
    title="Tells Started again after an outage",
    what_is_broken="A transaction that goes on over an outage is told as Started a second time once the link is back.",
    must_fail=("OCPP-E04.P102", "OCPP-E01.R003"),
    run=("OCPP-E04.P102",),
    depth="acceptance",
    apply=_break,
)
