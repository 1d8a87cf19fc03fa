"""Does not check the signature over the firmware image."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Verify = Callable[[bytes, str, str], bool]


def _break(station: Station) -> None:
    def gullible(_: Verify) -> Verify:
        return lambda image, signature, certificate: True

    swap(ocpp_of(station).firmware, "verify", gullible)


DEFECT = Defect(
    name="installs-altered-image",
    title="Installs firmware that was altered",
    what_is_broken="The charger looks at who signed the firmware, but not whether the image is what was signed.",
    must_fail=("OCPP-L01.P002",),
    may_fail=("OCPP-L01.P001",),  # it then runs the new version already, so that installing it shows nothing
    run=("GEN-03",),
    apply=_break,
)
