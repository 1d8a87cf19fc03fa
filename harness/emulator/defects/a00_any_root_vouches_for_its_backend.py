"""Trusts every root that it was ever given for its backend."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.security._certificates import ROOTS

if TYPE_CHECKING:
    from harness.emulator._station import Station

Make = Callable[[int], "ssl.SSLContext | None"]


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def of_all(make: Make) -> Make:
        def context(profile: int) -> ssl.SSLContext | None:
            made = make(profile)
            for kind in ROOTS if made is not None else ():
                for pem in client.certificates.roots(kind):
                    made.load_verify_locations(cadata=pem)  # type: ignore[union-attr]
            return made

        return context

    swap(client.security, "context", of_all)


DEFECT = Defect(
    name="any-root-vouches-for-its-backend",
    title="Trusts any root that it has for its backend",
    what_is_broken=(
        "A backend's certificate counts as trusted when it is below any installed root: one for contracts, for cars, "
        "or the manufacturer's."
    ),
    must_fail=("OCPP-A00.P401", "OCPP-A00.P402"),
    run=("OCPP-A00.P401", "OCPP-A00.P402"),
    apply=_break,
    depth="thorough",
)
