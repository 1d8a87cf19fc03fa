"""Takes another ping interval, and works by it after its next reboot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    client = ocpp_of(station)
    found = client.model.find("OCPPCommCtrlr", "WebSocketPingInterval")
    assert found is not None
    found.reboot = True
    works_by = [found.value]

    def booting(restart: Any) -> Any:
        def then() -> None:
            works_by[0] = found.value
            restart()

        return then

    def by_the_old(dial: Any) -> Any:
        def pinging(*where: Any, ping_interval: Any, ping_timeout: Any, **how: Any) -> Any:
            every = int(works_by[0]) or None
            return dial(*where, ping_interval=every, ping_timeout=every, **how)

        return pinging

    swap(client.network_profiles, "restart", booting)
    swap(client.connection, "dial", by_the_old)


VARIANT = Variant(
    name="reboots-for-its-ping-interval",
    title="Needs a reboot for another ping interval",
    what_is_unusual="Setting WebSocketPingInterval is answered RebootRequired; until it boots it pings as before.",
    why_legal="Whether a new value needs a reboot is the charger's, variable by variable.",
    clauses=("OCPP 2.0.1 B05.FR.10", "OCPP 2.0.1 Part 2, SetVariableStatusEnumType"),
    touches=("OCPP-P4.P104", "OCPP-P4.P002"),
    apply=_alter,
    depth="acceptance",
)
