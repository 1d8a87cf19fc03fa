"""After three failed attempts in a row it offers and takes TLS 1.0 and 1.1 too, until it has connected again."""

from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def context(inner: Any) -> Any:
        def make(profile: int) -> Any:
            made = inner(profile)
            if made is not None and client.connection._failures >= 3:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    made.set_ciphers("ALL:@SECLEVEL=0")
                    made.minimum_version = ssl.TLSVersion.TLSv1
            return made

        return make

    swap(client.security, "context", context)


DEFECT = Defect(
    name="old-tls-after-three-failures",
    title="Falls back to old TLS when it fails thrice",
    what_is_broken=(
        "After three failed attempts in a row it offers and takes TLS 1.0 and 1.1 too, until it has connected again."
    ),
    must_fail=("OCPP-A00.P102",),
    run=("OCPP-A00.P102",),
    depth="acceptance",
    apply=_break,
)
