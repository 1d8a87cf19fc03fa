"""Puts a field of OCPP 1.6 into its status notifications."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Message = Callable[..., tuple[str, dict[str, Any]]]


def _break(station: Station) -> None:
    def old_fashioned(message: Message) -> Message:
        def with_error_code(connector: int, *, classic: bool = False) -> tuple[str, dict[str, Any]]:
            action, payload = message(connector, classic=classic)
            if action == "StatusNotification":
                payload["errorCode"] = "NoError"
            return action, payload

        return with_error_code

    swap(ocpp_of(station).status, "message", old_fashioned)


DEFECT = Defect(
    name="sends-unknown-fields",
    title="Sends messages that are not valid OCPP 2.0.1",
    what_is_broken="Status notifications carry an errorCode, which OCPP 1.6 had and OCPP 2.0.1 does not allow.",
    must_fail=("OCPP-P4.P003", "OCPP-P4.R003"),
    run=("SC-09",),
    apply=_break,
)
