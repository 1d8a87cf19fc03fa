"""A setting has its factory value again after a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    before = client.model.text("OCPPCommCtrlr", "OfflineThreshold")

    def reboot(inner: Any) -> Any:
        def forget(reason: str) -> None:
            client.model.put("OCPPCommCtrlr", "OfflineThreshold", before)
            inner(reason)

        return forget

    swap(client, "reboot", reboot)


DEFECT = Defect(
    name="factory-settings-after-a-reset",
    title="Loses a setting in a reset",
    what_is_broken=(
        "A setting that was changed, and that the charger calls persistent, has its old value after a reset."
    ),
    must_fail=("OCPP-B05.P102",),
    run=("OCPP-B05.P102",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
