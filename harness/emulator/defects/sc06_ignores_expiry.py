"""Does not look until when the backend's certificate is valid."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

NO_CHECK_TIME = ssl.VerifyFlags(0x200000)  # OpenSSL's X509_V_FLAG_NO_CHECK_TIME
Context = Callable[[int], "ssl.SSLContext | None"]


def _break(station: Station) -> None:
    def timeless(context: Context) -> Context:
        def any_date(profile: int) -> ssl.SSLContext | None:
            made = context(profile)
            if made is not None:
                made.verify_flags |= NO_CHECK_TIME
            return made

        return any_date

    swap(ocpp_of(station).security, "context", timeless)


DEFECT = Defect(
    name="ignores-expiry",
    title="Accepts an expired certificate",
    what_is_broken="The charger checks issuer and host of the backend's certificate, but not until when it is valid.",
    must_fail=("OCPP-A00.P013",),
    must_be_inconclusive=("OCPP-A04.P003",),
    why_inconclusive="It refuses nothing there, so that it has nothing to report.",
    run=("SC-06",),
    apply=_break,
)
