"""Asks the backend whether the token of a remote start is good, before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, AuthCtrlr__AuthorizeRemoteStart="true", AuthCacheCtrlr__Enabled="false")


VARIANT = Variant(
    name="asks-before-a-remote-start",
    title="Authorises remote starts",
    what_is_unusual="After a RequestStartTransaction it sends an Authorize for the same token; its cache is off.",
    why_legal="AuthorizeRemoteStart asks for exactly that, and is the operator's setting.",
    clauses=("OCPP 2.0.1 F01.FR.01", "AuthCtrlr.AuthorizeRemoteStart"),
    touches=("SC-04.2", "SC-05.2", "SC-09.2", "SC-09.3", "PR-15.3"),
    apply=_alter,
)
