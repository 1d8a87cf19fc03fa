"""Who was tested, as found in the trace, beside what was only declared."""

from __future__ import annotations

from dataclasses import dataclass

from reports._text import shortened
from reports._view import EvidenceView

_MOST = 80  # characters of a name; the charger wrote it
_ROWS = (
    ("manufacturer", "Maker"),
    ("model", "Model"),
    ("serial", "Serial number"),
    ("firmware", "Firmware"),
    ("certificate", "Certificate"),
)


@dataclass(frozen=True)
class Fact:
    """One fact of who was tested. `note` says how the profile's word stands to it; `differs` marks a contradiction."""

    name: str
    found: str  # as the charger told it; empty where nothing on the wire did
    declared: str
    after: str = ""  # what it became during an update case

    @property
    def differs(self) -> bool:
        """Whether wire and profile contradict each other."""
        return bool(self.found and self.declared) and self.declared not in (self.found, self.after)

    @property
    def declared_only(self) -> bool:
        """Whether only the profile says so."""
        return bool(self.declared) and not self.found


def facts(view: EvidenceView) -> list[Fact]:
    """The rows of the first screen; a certificate only where one was shown or declared."""
    told, plan = view.result.tested, view.plan.dut
    shown = []
    for key, name in _ROWS:
        found = str(getattr(told, key))
        declared = told.declared.get(key, str(getattr(plan, key, "")))
        after = told.firmware_after if key == "firmware" else ""
        if found or declared or key != "certificate":
            shown.append(Fact(name, shortened(found, _MOST), shortened(declared, _MOST), shortened(after, _MOST)))
    return shown


def headline(view: EvidenceView) -> tuple[str, str]:
    """Manufacturer and model for the title: the charger's own word where it gave one."""
    told, plan = view.result.tested, view.plan.dut
    return shortened(told.manufacturer or plan.manufacturer, 60), shortened(told.model or plan.model, 60)
