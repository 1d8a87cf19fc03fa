"""Speaks TLS 1.3 and nothing older."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Context = Callable[[int], "ssl.SSLContext | None"]


def _alter(station: Station) -> None:
    def only_1_3(context: Context) -> Context:
        def from_1_3_on(profile: int) -> ssl.SSLContext | None:
            made = context(profile)
            if made is not None:
                made.minimum_version = ssl.TLSVersion.TLSv1_3
            return made

        return from_1_3_on

    swap(ocpp_of(station).security, "context", only_1_3)


VARIANT = Variant(
    name="tls-1-3-only",
    title="TLS 1.3 and nothing older",
    what_is_unusual="It offers TLS 1.3 only; an older server hears so by an alert.",
    why_legal="OCPP asks for TLS 1.2 or above; 1.3 is above.",
    clauses=("OCPP 2.0.1 A00.FR.416",),
    touches=("SC-06", "SC-09.6", "SC-05"),
    apply=_alter,
)
