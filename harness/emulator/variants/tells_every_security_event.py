"""Tells events of its security that nobody needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    client = ocpp_of(station)

    def telling(connected: Any) -> Any:
        async def then(offline_s: float | None) -> None:
            client.security.event("StartupOfTheDevice", "the line is there")
            client.security.event("MaintenanceLoginAccepted", "by the line's own watchman")
            await connected(offline_s)
            client.security.event("ReconfigurationOfSecurityParameters", "nothing has changed")

        return then

    swap(client.provisioning, "connected", telling)


VARIANT = Variant(
    name="tells-every-security-event",
    title="Talkative about its security",
    what_is_unusual="Each connection brings three security events, two queued before it was accepted.",
    why_legal="What is no critical event may be told as well.",
    clauses=("OCPP 2.0.1 A04",),
    touches=("SC-05", "SC-06", "SC-09.2", "SC-09.9"),
    apply=_alter,
)
