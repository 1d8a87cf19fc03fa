"""The codec: grammars by namespace, quick ways through them, and the careful way for all that is unusual."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ev_emulator.exi import _tables
from ev_emulator.exi._errors import ExiError
from ev_emulator.exi.careful._read import Reader
from ev_emulator.exi.careful._values_in import Reading
from ev_emulator.exi.careful._write import Writer
from ev_emulator.exi.grammar._grammars import Grammars
from ev_emulator.exi.xsd._compile import compile_schema


class Codec:
    """Reads and writes the messages of every namespace that has a table, and of `xsds`: root files of further schemas.

    What no package ships (the schemas of Amendment 1's AC_DER) is given so. Holds nothing but grammars: one may serve
    all sessions and threads. Raises SchemaError for an XSD that cannot be used.
    """

    def __init__(self, xsds: Iterable[Path] = ()) -> None:
        self._grammars: dict[str, Grammars] = {}
        for path in xsds:
            schema = compile_schema(path)
            self._grammars[schema.namespace] = Grammars(schema)

    def encode(self, message: dict[str, Any], namespace: str, *, fragment: bool = False) -> bytes:
        """EXI of a message that the schema allows; of an element that is to be signed when `fragment`.

        Raises ExiError, which names the element and what would be right.
        """
        grammars = self.grammars(namespace)
        written = (grammars.quick_fragment if fragment else grammars.quick).write(message)
        return written or Writer(grammars, strict=True, fragment=fragment).run(message)

    def encode_as_written(self, message: dict[str, Any], namespace: str, *, fragment: bool = False) -> bytes:
        """EXI of whatever is given: values that do not fit, elements missing, unknown or out of place, chosen bits.

        Written as EXI has it for what a schema does not foresee, so that any reader can tell. Raises ExiError only for
        what has no EXI at all.
        """
        grammars = self.grammars(namespace)
        written = (grammars.quick_fragment if fragment else grammars.quick).write(message)
        return written or Writer(grammars, strict=False, fragment=fragment).run(message)

    def read(self, exi: bytes, namespace: str, *, fragment: bool = False) -> Reading:
        """What `exi` says and in what it deviates; raises for no octets, only ExiError for an unknown namespace."""
        grammars = self.grammars(namespace)
        found = (grammars.quick_fragment if fragment else grammars.quick).read(exi)
        return Reading(found) if found is not None else Reader(grammars, bytes(exi), fragment).run()

    def decode(self, exi: bytes, namespace: str, *, fragment: bool = False) -> dict[str, Any]:
        """The message in `exi`. Raises ExiError when it cannot be trusted to be what was meant."""
        found = self.read(exi, namespace, fragment=fragment)
        wrong = found.unreadable
        if wrong is not None or found.message is None:
            raise ExiError(f"cannot decode {len(exi)} bytes: {wrong}")
        return found.message

    def grammars(self, namespace: str) -> Grammars:
        """The grammars of a namespace. Raises ExiError."""
        found = self._grammars.get(namespace)
        if found is None:
            if namespace not in _tables.TABLES:
                raise ExiError(f"no schema is known for {namespace!r}")
            found = self._grammars[namespace] = Grammars(_tables.load(namespace))
        return found


_shared = Codec()
encode, encode_as_written, read, decode = _shared.encode, _shared.encode_as_written, _shared.read, _shared.decode
