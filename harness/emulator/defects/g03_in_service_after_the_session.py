"""Goes back into service when the session ends that it waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    status = ocpp_of(station).status

    def changed(plain: Any) -> Any:
        def forget() -> None:
            if status._client.transactions.current is None:
                status._pending.clear()
            plain()

        return forget

    swap(status, "changed", changed)


DEFECT = Defect(
    name="in-service-after-the-session",
    title="In service after the session it waited for",
    what_is_broken="Told in a session to go out of service, it says Scheduled, and forgets it when the session ends.",
    must_fail=("OCPP-G03.P004", "OCPP-G03.P005"),
    run=("OCPP-G03.P004", "OCPP-G03.P005"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
