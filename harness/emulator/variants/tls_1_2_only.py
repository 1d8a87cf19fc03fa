"""Speaks TLS 1.2 and nothing newer."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Context = Callable[[int], "ssl.SSLContext | None"]


def _alter(station: Station) -> None:
    def capped(context: Context) -> Context:
        def up_to_1_2(profile: int) -> ssl.SSLContext | None:
            made = context(profile)
            if made is not None:
                made.maximum_version = ssl.TLSVersion.TLSv1_2
            return made

        return up_to_1_2

    swap(ocpp_of(station).security, "context", capped)


VARIANT = Variant(
    name="tls-1-2-only",
    title="TLS 1.2 and nothing newer",
    what_is_unusual="Its ClientHello offers TLS 1.2 only, without the list of versions that TLS 1.3 brought.",
    why_legal="OCPP asks for TLS 1.2 or above.",
    clauses=("OCPP 2.0.1 A00.FR.416",),
    touches=("SC-06", "SC-09.6", "SC-05"),
    apply=_alter,
)
