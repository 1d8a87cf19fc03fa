"""How an alteration changes what the charger says: every frame it sends passes by, with its action."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.altered._reach import ocpp_of, swap
from harness.emulator.ocpp.line._rpc import CALL, CALLRESULT, Rpc

if TYPE_CHECKING:
    from harness.emulator._station import Station

Json = dict[str, Any]


def says(station: Station, change: Callable[[str, Json], Json], *, answers: bool = True) -> None:
    """Let every payload that the station sends pass through `change(message, payload)`.

    `message` is the schema's name: "BootNotificationRequest", "GetVariablesResponse". Without `answers` only its CALLs.
    """

    def altered(make: Callable[..., Rpc]) -> Callable[..., Rpc]:
        def made(*arguments: Any) -> Rpc:
            rpc = make(*arguments)
            asked: dict[str, str] = {}
            encode, on_call = rpc.encode, rpc._on_call

            async def remember(unique: str, frame: list[Any]) -> None:
                asked[unique] = str(frame[2])
                await on_call(unique, frame)

            def say(frame: list[Any]) -> str:
                if frame[0] == CALL:
                    frame = [*frame[:3], change(f"{frame[2]}Request", frame[3])]
                elif frame[0] == CALLRESULT:
                    message = f"{asked.pop(frame[1], '')}Response"
                    frame = [*frame[:2], change(message, frame[2])] if answers else frame
                return encode(frame)

            swap(rpc, "_on_call", lambda _: remember)
            swap(rpc, "encode", lambda _: say)
            return rpc

        return made

    swap(ocpp_of(station).connection, "make_rpc", altered)


def everywhere(value: Any, change: Callable[[str, Any], Any], key: str = "") -> Any:
    """The same JSON with `change(key, value)` in the place of every value that is no list."""
    if isinstance(value, dict):
        return change(key, {k: everywhere(v, change, k) for k, v in value.items()})
    if isinstance(value, list):
        return [everywhere(v, change, key) for v in value]
    return change(key, value)
