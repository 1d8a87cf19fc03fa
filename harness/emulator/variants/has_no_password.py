"""Has no password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    password = ocpp_of(station).model.find("SecurityCtrlr", "BasicAuthPassword")
    assert password is not None
    password.since = "ocpp9"


VARIANT = Variant(
    name="has-no-password",
    title="Has no password",
    what_is_unusual="There is no SecurityCtrlr.BasicAuthPassword: the charger knows certificates only.",
    why_legal="The variable is not required, and security profile 3 has no use for a password.",
    clauses=("SecurityCtrlr.BasicAuthPassword", "OCPP 2.0.1 A00"),
    touches=("SC-09.4", "SC-09.6"),
    apply=_alter,
)
