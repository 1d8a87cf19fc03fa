"""Takes firmware from anybody who signed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Fault = Callable[[str], "str | None"]


def _break(station: Station) -> None:
    def trusting(_: Fault) -> Fault:
        return lambda pem: None

    swap(ocpp_of(station).firmware, "certificate_fault", trusting)


DEFECT = Defect(
    name="trusts-any-signer",
    title="Installs firmware that a stranger signed",
    what_is_broken="The charger checks that the image fits its signature, but not that the manufacturer signed it.",
    must_fail=("OCPP-L01.P003",),
    may_fail=("OCPP-L01.P001",),  # it then runs the new version already, so that installing it shows nothing
    run=("GEN-03",),
    apply=_break,
)
