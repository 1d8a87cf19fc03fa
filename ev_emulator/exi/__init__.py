"""EXI as ISO 15118 writes it: schema-informed, bit-packed, each string spelled out; in Python, nothing else needed.

Two ways to write: `encode` refuses what the schema does not allow and says where; `encode_as_written` writes whatever
it is given, chosen bits included. Two ways to read: `read` tells what octets say and in what they deviate; `decode`
raises when that cannot be trusted. A message is a dict with one key, its name; see `ev_emulator.ExiCodec`.
"""

from ev_emulator.exi._codec import Codec, decode, encode, encode_as_written, read
from ev_emulator.exi._errors import Deviation, ExiError
from ev_emulator.exi._tables import TABLES
from ev_emulator.exi.careful._values_in import Reading
from ev_emulator.exi.careful._written import Bits, Content, Ordered
from ev_emulator.exi.xsd._files import SchemaError

NAMESPACES = tuple(TABLES)

__all__ = [
    "NAMESPACES",
    "Bits",
    "Codec",
    "Content",
    "Deviation",
    "ExiError",
    "Ordered",
    "Reading",
    "SchemaError",
    "decode",
    "encode",
    "encode_as_written",
    "read",
]
