"""What the car asks of an EXI codec; any implementation will do, `ev_emulator.exi.Codec` is ours."""

from __future__ import annotations

from typing import Any, Protocol

from ev_emulator.exi import ExiError, Reading

__all__ = ["ExiCodec", "ExiError", "Reading"]


class ExiCodec(Protocol):
    """Turns V2G messages into EXI and back.

    A message is a plain dict with one key, the message's name as the schema spells it:
    `{"SessionSetupReq": {"Header": {...}, "EVCCID": "..."}}`. hexBinary values are upper-case hex, base64Binary
    values are base64; XML attributes stand beside elements ("Id", "Name"), and the value of an element that has
    attributes and no children stands under "value"; what may stand more than once is a list.
    """

    def encode(self, message: dict[str, Any], namespace: str) -> bytes:
        """EXI bytes of a message that the schema allows. Raises ExiError."""

    def encode_as_written(self, message: dict[str, Any], namespace: str) -> bytes:
        """EXI bytes of a message that was spoilt on purpose. Raises ExiError for what no EXI can say."""

    def read(self, exi: bytes, namespace: str) -> Reading:
        """What `exi` says, and in what it deviates. Raises ExiError only for a namespace without a schema."""
