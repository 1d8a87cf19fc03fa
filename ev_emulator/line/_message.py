"""Messages as the car has them: what came, what it says, and how it stands in the trace."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from ev_emulator.exi import Bits, Ordered


@dataclass(frozen=True)
class Message:
    """A message that came. `body` is its content without the name; None when it could not be decoded."""

    name: str | None
    body: dict[str, Any] | None
    payload_type: int
    exi: bytes
    t_ns: int
    deviations: tuple[str, ...] = ()


def name_of(message: dict[str, Any]) -> str | None:
    """The message's name: in ISO 15118-2 and DIN 70121 it stands inside V2G_Message."""
    name = next(iter(message), None)
    if name == "V2G_Message":
        return next(iter(message[name].get("Body") or {}), None)
    return name


def body_of(message: dict[str, Any]) -> dict[str, Any]:
    """The message's content."""
    name = next(iter(message))
    if name == "V2G_Message":
        body = message[name].get("Body") or {}
        return dict(next(iter(body.values()), None) or {}) | {"Header": message[name].get("Header")}
    return dict(message[name] or {})


@dataclass(frozen=True)
class Said:
    """What a message says: `message` None when that cannot be trusted; then `partial` is what could be read of it.

    `deviations`: in what it differs from its schema, in words, with the place of each.
    """

    message: dict[str, Any] | None = None
    error: str | None = None
    partial: dict[str, Any] | None = None
    deviations: tuple[str, ...] = ()


def plain(content: Any) -> Any:
    """A message for the trace: chosen bits and a chosen order as JSON has them."""
    if isinstance(content, Ordered):
        return [[name, plain(value)] for name, value in content.pairs]
    if isinstance(content, dict):
        return {name: plain(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [plain(each) for each in content]
    if isinstance(content, bytes | bytearray):
        return base64.b64encode(content).decode()
    return f"bits {content.bits}" if isinstance(content, Bits) else content
