"""What can be wrong with a message or with octets, and where."""

from __future__ import annotations

from dataclasses import dataclass


class ExiError(ValueError):
    """The message does not fit the schema, or the bytes are not EXI of that schema."""


@dataclass(frozen=True)
class Deviation:
    """One thing in which octets differ from what the schema and ISO 15118's EXI options ask for.

    `octet` counts from 0 at the first octet of the EXI stream, `bit` from 0 at that octet's most significant bit: the
    first bit that cannot be as it should. `text` never quotes a value: those may be a person's. `kind`: "form" (no EXI
    of this grammar), "structure" (an element missing, out of place, unknown), "value" (outside its type's facets),
    "options" (another way of writing than ISO 15118's), "end" (something after the message). When `unreadable`, what
    was read cannot be trusted to be what was meant.
    """

    kind: str
    path: str
    octet: int
    bit: int
    text: str
    unreadable: bool = False

    def __str__(self) -> str:
        return f"{self.path or 'the stream'}: {self.text} (octet {self.octet}, bit {self.bit})"
