"""Setting one thing in an ISO 15118 message: a value, its octets or its payload type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ev_emulator.exi import ExiError, decode, encode_as_written
from harness.judge.rules.v2g import V2gMessage, namespace_of
from harness.proofs.edits._select import EditError, at

_HOW = ("to", "by", "copy", "without")


def changed_exi(m: V2gMessage, edit: Mapping[str, Any], other: V2gMessage | None) -> dict[str, Any]:
    """What becomes of a message's event. Raises EditError.

    `at` is a path of its content ("EVSEStatus.EVSENotification"), of its header ("Header.SessionID"), "/exi" (its
    octets, in hex) or "/payload_type". What comes there: the value `to`, what stood there `by` a number more, nothing
    (`without: true`), or (octets alone) a `copy` of those of another message.
    """
    path, how = edit.get("at"), [name for name in _HOW if name in edit]
    if not isinstance(path, str) or not path or len(how) != 1:
        raise EditError(f"'set' needs `at:`, a path such as Header.SessionID, and one of {', '.join(_HOW)}")
    if path == "/exi" and other is not None:
        return {"exi": other.exi.hex()}
    if path in ("/exi", "/payload_type"):
        return {path[1:]: edit.get("to")}
    try:
        message = decode(m.exi, namespace_of(m))
        _put(_content(message, m, path), path.removeprefix("Header."), how[0], edit)
        return {"exi": encode_as_written(message, namespace_of(m)).hex()}
    except ExiError as error:
        raise EditError(f"{m.name}: {error}") from error


def _content(message: dict[str, Any], m: V2gMessage, path: str) -> dict[str, Any]:
    name = next(iter(message))
    outer = message[name]
    inner = outer["Body"][m.name] if name == "V2G_Message" else outer
    found = outer["Header"] if path.startswith("Header.") else inner
    assert isinstance(found, dict)
    return found


def _put(content: dict[str, Any], path: str, how: str, edit: Mapping[str, Any]) -> None:
    above, _, name = path.rpartition(".")
    holder = at(content, above) if above else content
    if not isinstance(holder, dict):
        raise EditError(f"the message holds nothing at {above!r} in which {name!r} could be set")
    if how == "to":
        holder[name] = edit["to"]
        return
    if name not in holder:
        raise EditError(f"there is no {path!r}")
    if how == "without":
        del holder[name]
    elif isinstance(holder[name], int) and not isinstance(holder[name], bool):
        holder[name] += edit["by"]
    else:
        raise EditError(f"{path!r} is no number")
