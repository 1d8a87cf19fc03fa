"""Connects without checking when the backend's certificate comes from an authority it does not know."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

ISSUER_UNKNOWN = (18, 19, 20, 21)  # OpenSSL's X509_V_ERR_… for a chain that ends nowhere known
Open = Callable[[Any], Coroutine[Any, Any, Any]]


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)
    unchecked = False

    def context_of(context: Callable[[int], ssl.SSLContext | None]) -> Callable[[int], ssl.SSLContext | None]:
        def maybe_unchecked(profile: int) -> ssl.SSLContext | None:
            made = context(profile)
            if made is not None and unchecked:
                made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
            return made

        return maybe_unchecked

    def trusting(open_once: Open) -> Open:
        async def open_somehow(slot: Any) -> Any:
            nonlocal unchecked
            try:
                return await open_once(slot)
            except ssl.SSLCertVerificationError as error:
                if error.verify_code not in ISSUER_UNKNOWN:
                    raise
            unchecked = True
            try:
                return await open_once(slot)
            finally:
                unchecked = False

        return open_somehow

    swap(ocpp.security, "context", context_of)
    swap(ocpp.connection, "open", trusting)


DEFECT = Defect(
    name="accepts-unknown-ca",
    title="Accepts a certificate from an unknown authority",
    what_is_broken="When it does not know the authority behind the backend's certificate, the charger stops checking.",
    must_fail=("OCPP-A00.P012", "OCPP-A04.P002"),
    run=("SC-06",),
    apply=_break,
)
