"""Setting one thing in a frame: a value of its payload, or a part of the frame itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from harness.judge.rules import Message
from harness.proofs.edits._select import EditError, at

_PARTS = {"/type": 0, "/id": 1}  # of every frame
_HOW = ("to", "by", "copy", "without")


def changed(raw: str, edit: Mapping[str, Any], other: Message | None) -> str:
    """A frame's text with one thing set. Raises EditError.

    `at` is a path of the payload ("evse.id", "meterValue.0.timestamp"), or of the frame: "/type", "/id", "/action",
    "/code", "/payload", "/text" (all of it); "/error" makes an answer a CALLERROR with the code `to`, "/result" a
    CALLRESULT with the payload `to`. What comes there: the value `to`; what stood there changed `by` a number (a time
    by seconds); a `copy` of what stands at the same path of another message; or nothing (`without: true`).
    """
    path = edit.get("at")
    if not isinstance(path, str) or not path:
        raise EditError("'set' needs `at:`, a path such as evse.id, or /id of the message")
    if len(how := [name for name in _HOW if name in edit]) != 1:
        raise EditError(f"'set' needs one of {', '.join(_HOW)}, and this has {len(how)}")
    if path in ("/text", "/error", "/result") and "to" not in edit:
        raise EditError(f"{path!r} is set `to:` something")
    if path == "/text":
        return str(edit["to"])
    frame: list[Any] = json.loads(raw)
    if path == "/error":
        return json.dumps([4, frame[1], edit["to"], "", {}], separators=(",", ":"))
    if path == "/result":
        return json.dumps([3, frame[1], edit["to"]], separators=(",", ":"), ensure_ascii=False)
    if path.startswith("/"):
        _put(frame, _part(path, frame), how[0], edit, _part_of(path, other))
    else:
        holder, name = _holder(frame, path)
        _put(holder, name, how[0], edit, at(other.payload, path) if other is not None else None)
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False)


def _part(path: str, frame: list[Any]) -> int:
    """The element of a frame that a name means: [2, id, action, payload], [3, id, payload], [4, id, code, …]."""
    call = frame[0] == 2
    parts = {**_PARTS, "/action": 2, "/code": 2, "/payload": 3 if call else 2}
    if path not in parts or (path == "/action") > call:
        raise EditError(f"{path!r} is no part of such a frame; there are /type, /id, /action, /code, /payload, /text")
    return parts[path]


def _part_of(path: str, other: Message | None) -> Any:
    return None if other is None else {"/type": other.type, "/id": other.id, "/action": other.action}.get(path)


def _holder(frame: list[Any], path: str) -> tuple[Any, Any]:
    """What holds the value at a path of a frame's payload, and its name or number there; it may not be there yet."""
    payload = frame[3] if frame[0] == 2 else frame[2]
    above, _, name = path.rpartition(".")
    holder = at(payload, above) if above else payload
    if isinstance(holder, list) and name.lstrip("-").isdigit() and -len(holder) <= int(name) < len(holder):
        return holder, int(name)
    if not isinstance(holder, dict):
        raise EditError(f"the payload holds nothing at {above or 'its top'!r} in which {name!r} could be set")
    return holder, name


def _put(holder: Any, name: Any, how: str, edit: Mapping[str, Any], copied: Any) -> None:
    if how == "without":
        if isinstance(holder, dict) and name not in holder:
            raise EditError(f"there is no {name!r} to be without")
        del holder[name]
    elif how == "copy":
        if copied is None:
            raise EditError(f"{edit['copy']!r} holds nothing at {edit['at']!r}")
        holder[name] = copied
    elif how == "by":
        holder[name] = _by(holder[name] if isinstance(holder, list) else holder.get(name), edit["by"])
    else:
        holder[name] = edit["to"]


def _by(value: Any, by: Any) -> Any:
    if not isinstance(by, int | float) or isinstance(by, bool):
        raise EditError("`by:` is a number")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value + by
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value) + timedelta(seconds=by)
        except ValueError:
            raise EditError(f"{value!r} is neither a number nor a time") from None
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise EditError("`by:` changes a number or a time, and neither stands there")
