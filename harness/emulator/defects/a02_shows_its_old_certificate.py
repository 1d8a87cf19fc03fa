"""Takes a new certificate, and goes on showing the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).certificates, "replace_client", lambda _: lambda chain, key: None)


DEFECT = Defect(
    name="shows-its-old-certificate",
    title="Renews its certificate, and goes on showing the old one",
    what_is_broken="A new certificate is accepted, and every connection afterwards is made with the one before.",
    must_fail=("OCPP-A02.P104",),
    run=("OCPP-A02.P104",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
