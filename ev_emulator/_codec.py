"""What the car asks of an EXI codec; any implementation will do."""

from __future__ import annotations

from typing import Any, Protocol


class ExiError(ValueError):
    """The message does not fit the schema, or the bytes are not EXI of that schema."""


class ExiCodec(Protocol):
    """Turns V2G messages into EXI and back.

    A message is a plain dict with one key, the message's name as the schema spells it:
    `{"SessionSetupReq": {"Header": {...}, "EVCCID": "..."}}`. hexBinary values are upper-case hex, base64Binary
    values are base64; XML attributes stand beside elements ("Id", "Name").
    """

    def encode(self, message: dict[str, Any], namespace: str) -> bytes:
        """EXI bytes of `message`. Raises ExiError."""

    def decode(self, exi: bytes, namespace: str) -> dict[str, Any]:
        """The message in `exi`. Raises ExiError."""
