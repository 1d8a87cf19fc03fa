"""tbc is left out where it is false."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


_DEFAULTS = {
    "tbc": False,
    "offline": False,
    "context": "Sample.Periodic",
    "measurand": "Energy.Active.Import.Register",
    "location": "Outlet",
    "attributeType": "Actual",
}


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(v) for v in value]
    if not isinstance(value, dict):
        return value
    out = {k: _bare(v) for k, v in value.items() if _DEFAULTS.get(k, value) != v}
    if out.get("unitOfMeasure") == {"unit": "Wh"}:
        del out["unitOfMeasure"]
    return out


def _encode(frame: list[Any]) -> str:
    return json.dumps([*frame[:2], *(_bare(part) for part in frame[2:])], separators=(",", ":"))


def _alter(station: Station) -> None:
    connection = ocpp_of(station).connection

    def make(inner: Any) -> Any:
        def rpc(*args: Any, **more: Any) -> Any:
            made = inner(*args, **more)
            made.encode = _encode
            return made

        return rpc

    swap(connection, "make_rpc", make)


VARIANT = Variant(
    name="leaves-out-the-defaults",
    title="Leaves defaults out",
    what_is_unusual=(
        "tbc is left out where it is false; a measurand where it is the import register; a context where it "
        "is periodic; units where they are the default."
    ),
    why_legal="The schemas name these defaults; a field that is left out has its default.",
    clauses=("OCPP 2.0.1 Part 2, SampledValueType, NotifyReportRequest",),
    touches=("SC-04", "SC-05", "SC-09"),
    apply=_alter,
)
