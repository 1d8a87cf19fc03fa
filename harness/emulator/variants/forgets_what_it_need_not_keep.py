"""Calls one of its settings not persistent, and forgets it in a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    client = ocpp_of(station)
    found = client.model.find("OCPPCommCtrlr", "OfflineThreshold")
    assert found is not None
    before, found.persistent = found.value, False

    def reboot(inner: Any) -> Any:
        def forget(reason: str) -> None:
            client.model.put("OCPPCommCtrlr", "OfflineThreshold", before)
            inner(reason)

        return forget

    swap(client, "reboot", reboot)


VARIANT = Variant(
    name="forgets-what-it-need-not-keep",
    title="Has a setting that does not outlive a reset, and says so",
    what_is_unusual="OfflineThreshold is reported as not persistent, and has its factory value after a reset.",
    why_legal="Only what its attribute calls persistent has to be kept.",
    clauses=("OCPP 2.0.1 VariableAttributeType.persistent",),
    touches=("SC-09.4",),
    apply=_alter,
)
