"""A start that ran out serves the next car."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    transactions = ocpp_of(station).transactions

    def end(plain: Any) -> Any:
        def keep(trigger: str, *given: Any, **named: Any) -> None:
            before = transactions.current
            plain(trigger, *given, **named)
            if trigger == "EVConnectTimeout" and before is not None and before.id_token is not None:
                transactions._waiting_token = (before.id_token, {"status": "Accepted"}, None)

        return keep

    swap(transactions, "end", end)


DEFECT = Defect(
    name="an-expired-start-serves-the-next-car",
    title="A start that ran out serves the next car",
    what_is_broken="A start from afar that nobody came for is kept: whoever plugs in next charges at once.",
    must_fail=("OCPP-E03.P001",),
    run=("OCPP-E03.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
