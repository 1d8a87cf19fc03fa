"""Charges whoever plugs in, without asking who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, AuthCtrlr__Enabled="false")


VARIANT = Variant(
    name="free-for-everyone",
    title="No authorisation: plugging in is enough",
    what_is_unusual="AuthCtrlr.Enabled is false: a transaction begins with the cable, its token is NoAuthorization.",
    why_legal="Authorisation can be switched off; the token type for it is NoAuthorization with an empty token.",
    clauses=("AuthCtrlr.Enabled", "OCPP 2.0.1 IdTokenEnumType NoAuthorization"),
    touches=("SC-04", "SC-05.2", "SC-09.2", "SC-09.3", "PR-15.1", "PR-15.3"),
    apply=_alter,
)
