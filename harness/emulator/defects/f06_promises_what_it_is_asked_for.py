"""Agrees to send whatever it is asked for, and sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def promise(trigger: Any) -> Any:
        def only(request: dict[str, Any]) -> Any:
            if request["requestedMessage"] in ("BootNotification", "SignChargingStationCertificate"):
                return trigger(request)
            return {"status": "Accepted"}

        return only

    swap(ocpp_of(station).provisioning, "trigger_message", promise)


DEFECT = Defect(
    name="promises-what-it-is-asked-for",
    title="Agrees to send a message, and does not send it",
    what_is_broken="TriggerMessage is answered Accepted, and nothing is sent.",
    must_fail=("OCPP-F06.P121", "OCPP-F06.P122", "OCPP-F06.P123"),
    run=("OCPP-F06.P121", "OCPP-F06.P122", "OCPP-F06.P123"),
    may_fail=("OCPP-F06.R010",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
