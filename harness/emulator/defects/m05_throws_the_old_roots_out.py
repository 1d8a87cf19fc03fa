"""A new root takes the place of every other one of its type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Trust = Callable[[str, str], None]


def _break(station: Station) -> None:
    certificates = ocpp_of(station).certificates

    def alone(plain: Trust) -> Trust:
        def trust(kind: str, pem: str) -> None:
            for path in (certificates._folder / kind).glob("*.pem"):
                path.unlink()
            plain(kind, pem)

        return trust

    swap(certificates, "trust", alone)


DEFECT = Defect(
    name="throws-the-old-roots-out",
    title="Keeps one root of each type, the newest",
    what_is_broken="A root certificate that is installed replaces every other one of its type, also the one that "
    "the connection rests on.",
    must_fail=("OCPP-M05.P101",),
    run=("OCPP-M05.P101",),
    depth="acceptance",
    apply=_break,
)
