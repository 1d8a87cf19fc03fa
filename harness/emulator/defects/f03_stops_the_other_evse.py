"""Stops the session of the other EVSE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import Answer

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def stop(plain: Any) -> Any:
        def the_first(request: dict[str, Any]) -> Any:
            first = client.evses[1].transactions
            if first.current is None:
                return plain(request)
            return Answer({"status": "Accepted"}, lambda: first.stop_authorized("RemoteStop", "Remote"))

        return the_first

    swap(client.remote, "request_stop_transaction", stop)


DEFECT = Defect(
    name="stops-the-other-evse",
    title="Stops the session of the other EVSE",
    what_is_broken="Whichever session the backend stops, the one at EVSE 1 ends.",
    must_fail=("OCPP-F03.P301",),
    run=("OCPP-E01.P301", "OCPP-F03.P301"),
    may_fail=("OCPP-E01.P301",),
    smoke=False,
    evses=2,
    apply=_break,
)
