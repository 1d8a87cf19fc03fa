"""Still speaks TLS 1.0 and 1.1."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Context = Callable[[int], "ssl.SSLContext | None"]


def _break(station: Station) -> None:
    def old(context: Context) -> Context:
        def down_to_1_0(profile: int) -> ssl.SSLContext | None:
            made = context(profile)
            if made is not None:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", DeprecationWarning)
                    made.minimum_version = ssl.TLSVersion.TLSv1
                made.set_ciphers("ALL:@SECLEVEL=0")
            return made

        return down_to_1_0

    swap(ocpp_of(station).security, "context", old)


DEFECT = Defect(
    name="offers-old-tls",
    title="Still speaks TLS 1.0 and 1.1",
    what_is_broken="The charger offers TLS 1.0 and 1.1 and connects to a backend that speaks nothing newer.",
    must_fail=("OCPP-A00.P014", "OCPP-A00.P015"),
    run=("SC-06",),
    apply=_break,
)
