"""Does not look whose name the backend's certificate carries."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Context = Callable[[int], "ssl.SSLContext | None"]


def _break(station: Station) -> None:
    def careless(context: Context) -> Context:
        def any_name(profile: int) -> ssl.SSLContext | None:
            made = context(profile)
            if made is not None:
                made.check_hostname = False
            return made

        return any_name

    swap(ocpp_of(station).security, "context", careless)


DEFECT = Defect(
    name="accepts-wrong-host",
    title="Accepts a certificate for another host",
    what_is_broken="The charger checks who issued the backend's certificate, but not for which host it was issued.",
    must_fail=("OCPP-A00.P011",),
    must_be_inconclusive=("OCPP-A04.P001",),
    why_inconclusive="It refuses nothing there, so that it has nothing to report.",
    run=("SC-06",),
    apply=_break,
)
