"""Identifies itself to the backend with no certificate, as in security profile 2."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Context = Callable[[int], "ssl.SSLContext | None"]


def _break(station: Station) -> None:
    def anonymous(context: Context) -> Context:
        return lambda profile: context(min(profile, 2))

    swap(ocpp_of(station).security, "context", anonymous)


DEFECT = Defect(
    name="shows-no-certificate",
    title="Has no certificate of its own",
    what_is_broken="The charger does not show a certificate when the backend asks who it is (security profile 2).",
    must_fail=("OCPP-A00.P001",),
    must_be_inconclusive=("OCPP-B01.P001",),
    why_inconclusive="A backend that asks for a certificate never lets this charger in: that it comes and shows none "
    "is seen, but whether it could connect, and by which network, is not.",
    run=("SC-09.6", "SC-05.4", "BI-20.6"),
    smoke=False,
    apply=_break,
)
