"""After three failed attempts in a row it takes whatever certificate it is shown, until it has connected again."""

from __future__ import annotations

import ssl
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
                made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
            return made

        return make

    swap(client.security, "context", context)


DEFECT = Defect(
    name="trusts-anybody-after-three-failures",
    title="Trusts anybody when it fails thrice",
    what_is_broken=(
        "After three failed attempts in a row it takes whatever certificate it is shown, until it has connected again."
    ),
    must_fail=("OCPP-A00.P101",),
    run=("OCPP-A00.P101",),
    depth="acceptance",
    apply=_break,
)
