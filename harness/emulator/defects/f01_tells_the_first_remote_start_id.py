"""Tells the id of its first remote start for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    first: list[int] = []

    def bind(plain: Any) -> Any:
        def stale(tx: Any, token: Any, info: Any, remote_start_id: Any) -> None:
            if remote_start_id is not None:
                first.append(remote_start_id)
            plain(tx, token, info, first[0] if remote_start_id is not None else None)

        return stale

    swap(ocpp_of(station).transactions, "_bind", bind)


DEFECT = Defect(
    name="tells-the-first-remote-start-id",
    title="Tells the id of its first remote start for ever",
    what_is_broken="Every session that is started from afar tells the remoteStartId of the first one since boot.",
    must_fail=("OCPP-F01.R004",),
    run=("OCPP-F02.P002",),
    may_fail=("OCPP-F02.P002", "OCPP-F01.R013"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
