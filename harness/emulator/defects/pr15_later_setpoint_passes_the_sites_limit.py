"""Follows a setpoint beyond the site's limit when it comes after that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import EXTERNAL, TX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging
    last = [""]

    def noting(inner: Any) -> Any:
        def install(profile: Any) -> None:
            last[0] = profile.purpose
            inner(profile)

        return install

    def active(plain: Any) -> Any:
        def the_newer_alone() -> Any:
            return [p for p in plain() if p.purpose != EXTERNAL or last[0] != TX]

        return the_newer_alone

    swap(smart, "install", noting)
    swap(smart, "active", active)


DEFECT = Defect(
    name="later-setpoint-passes-the-sites-limit",
    title="A later setpoint passes the site's limit",
    what_is_broken="A setpoint of the backend that comes after a lower limit of the site takes that one's place.",
    must_fail=("SITE-EMS.P401",),
    run=("SITE-EMS.P401",),
    depth="acceptance",
    apply=_break,
)
