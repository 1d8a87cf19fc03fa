"""A quick look at a message that is most likely in order."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from harness.ocppj._frame import CALL, CALLRESULT
from harness.ocppj._schemas import fits_schema, is_known, is_readable

_encode = msgspec.json.Encoder().encode
_SPACED = re.compile(r'"\s+:')


def is_clean(text: str, version: str, kind: int, action: str, payload: dict[str, Any]) -> bool:
    """Whether a message whose framing is in order surely breaks nothing; False: `faults_of` must look.

    `text` is the message, `payload` what was decoded of it. Many times faster than `faults_of`.
    """
    suffix = "Request" if kind == CALL else "Response" if kind == CALLRESULT else None
    if suffix is None or "\\" in text or not is_readable(version) or not is_known(version, action):
        return False
    if text.count('":') != _encode(payload).count(b'":') or _SPACED.search(text):
        return False  # a name stands twice, or it cannot be told by counting them
    return fits_schema(version, f"{action}{suffix}", payload)
