"""`python -m ev_emulator.exi.xsd [FOLDER]`: make the committed tables anew from the XSDs of the iso15118 package."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

from ev_emulator.exi._tables import FOLDER, TABLES, to_table
from ev_emulator.exi.xsd._compile import compile_schema
from ev_emulator.exi.xsd._files import SchemaError


def schemas_folder() -> Path:
    """Where the installed package keeps its XSDs. Raises SchemaError when it is not installed."""
    spec = importlib.util.find_spec("iso15118")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        return Path(folder) / "shared" / "schemas"
    raise SchemaError("the package iso15118 is not installed: install the extra `emulator`, or name its folder of XSDs")


def tables(folder: Path) -> dict[str, str]:
    """The text of each table's file, by name. Raises SchemaError."""
    made = {}
    for namespace, (name, xsd) in TABLES.items():
        schema = compile_schema(folder / xsd)
        if schema.namespace != namespace:
            raise SchemaError(f"{folder / xsd}: declares {schema.namespace}, expected {namespace}")
        made[f"{name}.json"] = _text(to_table(schema))
    return made


def _text(table: dict[str, object]) -> str:
    """One line a type, so that what changes can be read."""
    lines = []
    for key, value in table.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(json.dumps(row, separators=(",", ":"), ensure_ascii=False) for row in value)
            lines.append(f"{json.dumps(key)}: [\n{rows}\n]")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments: list[str]) -> int:
    """Write the files; exit code 0, or 2 when there is nothing to make them from."""
    try:
        made = tables(Path(arguments[0]) if arguments else schemas_folder())
    except SchemaError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    FOLDER.mkdir(exist_ok=True)
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
