"""Knows its drivers by contract ids, and by nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    def contracts_alone(plain: Any) -> Any:
        def answer(request: dict[str, Any]) -> Any:
            if request["idToken"]["type"] != "eMAID":
                return {"status": "Rejected", "statusInfo": {"reasonCode": "InvalidIdToken"}}
            return plain(request)

        return answer

    swap(ocpp_of(station).remote, "request_start_transaction", contracts_alone)


VARIANT = Variant(
    name="takes-emaid-tokens",
    title="Takes contract ids alone",
    what_is_unusual="A remote start is taken for a token of type eMAID only; each event names the driver by it.",
    why_legal="Which types of token a charger takes is its maker's and its operator's business.",
    clauses=("OCPP 2.0.1 Part 2, IdTokenEnumType", "OCPP 2.0.1 Part 2, RequestStartStopStatusEnumType"),
    touches=("SC-04.2", "SC-05.2", "SC-09.2", "SC-09.3"),
    apply=_alter,
    declares={"pixit": {"id_token": "DE-8AA-C00000001-7", "id_token_type": "eMAID"}},
)
