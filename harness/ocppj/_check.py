"""Everything that one frame's octets break: framing, its version's messages, its schema, names given twice."""

from __future__ import annotations

from typing import Any

from harness.ocppj._frame import CALL, CALLRESULT, CALLRESULTERROR, NAMES, SEND, Frame, read
from harness.ocppj._json import NotJson, twice_named, value_of
from harness.ocppj._schemas import V201, is_known, is_readable, schema_faults


def faults_of(octets: bytes, version: str | None, action: str | None = None, frame: Frame | None = None) -> list[str]:
    """What is wrong with a frame, in plain words; empty when nothing is. Never raises.

    `action` is, for an answer, that of the CALL it answers (None: its payload is not looked at). Of a `version` that
    is not known here only the framing is checked. `frame` when the octets were read already.
    """
    frame = frame if frame is not None else read(octets)
    faults = list(frame.faults)
    if frame.type is None or version is None or not is_readable(version):
        return faults
    if version == V201 and frame.type in (CALLRESULTERROR, SEND):
        return [*faults, f"message type {frame.type} ({NAMES[frame.type]}) does not exist in OCPP 2.0.1"]
    if faults:
        return faults
    if twice := twice_named(octets):
        return [f"an object holds the name {twice[0][:60]!r} twice"]
    try:
        parts = value_of(octets)
    except NotJson as error:
        return [str(error)]
    return _of_payload(parts, version, frame, frame.action or action)


def _of_payload(parts: list[Any], version: str, frame: Frame, action: str | None) -> list[str]:
    if action is None:
        return []
    spoken = version.replace("ocpp", "OCPP ")
    if frame.type == CALL:
        if not is_known(version, action):
            return [f"action {action[:60]!r} does not exist in {spoken}"]
        return schema_faults(version, f"{action}Request", parts[-1])
    if frame.type == CALLRESULT:
        return schema_faults(version, f"{action}Response", parts[-1]) if is_known(version, action) else []
    if frame.type == SEND:
        if not is_known(version, action, sent=True):
            return [f"{action[:60]!r} is not sent without an answer (SEND) in {spoken}"]
        return schema_faults(version, action, parts[-1])
    return []
