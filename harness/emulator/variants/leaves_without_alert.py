"""Leaves a backend that it does not trust by closing the connection, without a TLS alert."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.ocpp.security._tls import TellingContext
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Context = Callable[[int], "ssl.SSLContext | None"]


def _alter(station: Station) -> None:
    def silent(context: Context) -> Context:
        def made(profile: int) -> ssl.SSLContext | None:
            found = context(profile)
            if isinstance(found, TellingContext):
                found.says_why = False
            return found

        return made

    swap(ocpp_of(station).security, "context", silent)


VARIANT = Variant(
    name="leaves-without-alert",
    title="Refuses a backend by closing, without a TLS alert",
    what_is_unusual="When the backend's certificate is wrong it closes the TCP connection; no alert says why.",
    why_legal="OCPP asks that the connection be terminated; an alert before it is TLS's recommendation.",
    clauses=("OCPP 2.0.1 A00.FR.311, A00.FR.414", "RFC 8446, 6.2"),
    touches=("SC-06", "SC-09.6"),
    apply=_alter,
)
