"""A reset that waits for a session waits also until its end was told: offline, until the backend is back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    client = ocpp_of(station)

    def drained(inner: Any) -> Any:
        async def until_told(bound_s: float) -> bool:
            if not client.connection.online.is_set():
                await client.connection.online.wait()
            return bool(await inner(bound_s))

        return until_told

    swap(client.outbox, "drained", drained)


VARIANT = Variant(
    name="resets-when-it-has-told-all",
    title="Restarts only when it has told everything",
    what_is_unusual="Offline, a reset that waited for the session's end waits for the backend as well.",
    why_legal="A scheduled reset is carried out once nothing runs; no time is given for it.",
    clauses=("OCPP 2.0.1 B12.FR.03",),
    touches=("SC-05.2", "SC-09.1"),
    apply=_alter,
)
