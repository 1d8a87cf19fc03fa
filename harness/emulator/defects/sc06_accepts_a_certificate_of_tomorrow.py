"""Looks until when the backend's certificate is valid, and not since when."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.defects.sc06_ignores_expiry import NO_CHECK_TIME, Context

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    security = ocpp_of(station).security
    met: list[BaseException] = []

    def noted(plain: Callable[[BaseException], None]) -> Callable[[BaseException], None]:
        def refused(error: BaseException) -> None:
            met[:] = [error] if "not yet valid" in str(error) else []
            plain(error)

        return refused

    def patient(context: Context) -> Context:
        def any_beginning(profile: int) -> ssl.SSLContext | None:
            made = context(profile)
            if made is not None and met:
                made.verify_flags |= NO_CHECK_TIME
                met.clear()
            return made

        return any_beginning

    swap(security, "refused", noted)
    swap(security, "context", patient)


DEFECT = Defect(
    name="accepts-a-certificate-of-tomorrow",
    title="Accepts a certificate that is not valid yet",
    what_is_broken="The charger checks until when the backend's certificate is valid, but not since when.",
    must_fail=("OCPP-A00.P103",),
    run=("OCPP-A00.P103",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
