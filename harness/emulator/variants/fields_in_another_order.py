"""Writes the fields of its messages in the reverse order of the alphabet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere, says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    def turned(_: str, value: Any) -> Any:
        return dict(sorted(value.items(), reverse=True)) if isinstance(value, dict) else value

    says(station, lambda _, payload: everywhere(payload, turned))


VARIANT = Variant(
    name="fields-in-another-order",
    title="Fields in another order",
    what_is_unusual="The members of every JSON object come in the reverse order of the alphabet.",
    why_legal="The members of a JSON object have no order.",
    clauses=("RFC 8259, 4", "OCPP-J Part 4, 4"),
    touches=("SC-09.2", "SC-09.3", "SC-09.9", "SC-05.2", "GEN-02.2"),
    apply=_alter,
)
