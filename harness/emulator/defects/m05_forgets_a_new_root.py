"""Says that it has installed a root, and has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).certificates, "trust", lambda _: lambda kind, pem: None)


DEFECT = Defect(
    name="forgets-a-new-root",
    title="Says that it has installed a root, and has not",
    what_is_broken="InstallCertificate is answered Accepted, and the root is nowhere.",
    must_fail=("OCPP-M05.P001",),
    run=("OCPP-M05.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
