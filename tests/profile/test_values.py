"""A value that a run would only stumble over is refused where the profile is read, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.profile import load_profile
from requirement_catalog import CatalogueError

HEAD = """product:
  {name: N, manufacturer: M, model: X, serial: S1, firmware: "1", current: [AC], sites: [public], bidirectional: no}
"""
BODY = """pixit:
  identity: CP-1
pco:
  csms: {port: 9000}
"""

WRONG = {
    "pixit: {identity: 'CP:1'}": "pixit.identity: is 'CP:1'; write the last part",
    "pixit: {identity: 'CP 1'}": "pixit.identity: is 'CP 1'",
    "pixit: {identity: 'CP#1'}": "pixit.identity: is 'CP#1'",
    f"pixit: {{identity: {'x' * 49}}}": "1 to 48 characters",
    'pixit: {identity: "CP\\x1b[2J"}': "a character that nobody sees (U+001B)",
    'pixit: {identity: "CP\\u202e1"}': "a character that nobody sees (U+202E)",
    "pixit: {identity: CP-1, evse_id: 1" + "0" * 40 + "}": "beyond all measure",
    "pixit: {identity: CP-1, evse_id: 0}": "numbered from 1",
    "pixit: {identity: CP-1, boot_s: 1" + "0" * 40 + "}": "beyond all measure",
    "pixit: {identity: CP-1, reconnect_s: 1.0e+40}": "beyond all measure",
    "pixit: {identity: CP-1, boot_s: .inf}": "is not a finite number",
    "pixit: {identity: CP-1, rated_discharge_w: -1}": "without a sign",
    "pixit: {identity: CP-1, phases: 4}": "1, 2 or 3 phases",
    "pixit: {identity: CP-1, ac_connector: -1}": "numbered from 1",
    "pco: {csms: {port: 65536}}": "a port is 0",
    "pco: {csms: {port: -1}}": "a port is 0",
    "pco: {operator: {driver: web, port: 70000}}": "pco.operator.port: is 70000",
    "pco: {csms: {listen: 'not an address'}}": "which is no address",
    "pco: {csms: {listen: 300.1.1.1}}": "which is no address",
    "pco: {csms: {listen: ''}}": "is empty",
    "pco: {operator: {driver: web, listen: '1.2.3'}}": "which is no address",
    "pco: {csms: {host_name: 'bench lab'}}": "no name of a computer",
    f"pco: {{csms: {{host_name: {'a' * 64}.test}}}}": "no name of a computer",
    "pco: {csms: {port: 9000}, operator: {driver: web, port: 9000}}": "give each a port of its own",
    "pco: {bench: {meter: {driver: modbus_meter, port: /dev/ttyUSB0, baud: 0}}}": "the speed of the line",
    "pco: {bench: {meter: {driver: modbus_meter, port: /dev/ttyUSB0, uncertainty: {p_w: -1}}}}": "at least 0",
    f"documents: {'x' * 5000}": "has 5,000 characters",
    'documents: "a\\0b"': "a character that nobody sees (U+0000)",
}


def profile(folder: Path, text: str) -> Path:
    """A profile with one part of it replaced."""
    key = text.partition(":")[0]
    parts = [part for part in ("pixit", "pco") if part != key]
    rest = {"pixit": "pixit: {identity: CP-1}\n", "pco": "pco: {}\n"}
    path = folder / "mine.yaml"
    path.write_text(HEAD + "".join(rest[part] for part in parts) + text + "\n")
    return path


@pytest.mark.parametrize("text", WRONG)
def test_a_value_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    """Names, ports, addresses, numbers, texts."""
    with pytest.raises(CatalogueError) as refused:
        load_profile(str(profile(tmp_path, text)))
    said = str(refused.value)
    assert WRONG[text] in said
    assert said.startswith(f"{tmp_path}/mine.yaml:") and said.split(":")[1].isdigit()
    assert len(said) < 3000


@pytest.mark.parametrize(
    "text",
    [
        "pixit: {identity: 'EVB-P1234*5_6+7|8@a.b=c'}",
        f"pixit: {{identity: {'x' * 48}}}",
        "pixit: {identity: Ladesäule-Ä1, boot_s: 900, rated_discharge_w: 22000}",
        "pco: {csms: {listen: 0.0.0.0, port: 65535, host_name: bench-1.lab.test}}",
        "pco: {csms: {listen: '::', port: 0, host_name: 192.168.1.10}, operator: {driver: web, port: 0}}",
        "pco: {csms: {listen: localhost}}",
    ],
)
def test_what_can_be_used_is_taken(tmp_path: Path, text: str) -> None:
    """The control: unusual values that a run can do with."""
    load_profile(str(profile(tmp_path, text)))


def test_a_hundred_and_fifty_thousand_unknown_keys_are_refused_in_no_time(tmp_path: Path) -> None:
    """The first twenty are named: the search for what was meant is not made for the rest."""
    import time

    path = tmp_path / "mine.yaml"
    path.write_text("".join(f"key{n}: 1\n" for n in range(100_000)))
    begun = time.process_time()
    with pytest.raises(CatalogueError) as refused:
        load_profile(str(path))
    assert len(refused.value.problems) == 20
    assert time.process_time() - begun < 8


@pytest.mark.parametrize("key", ["x" * 100_000, "name"])
def test_a_name_of_a_hundred_thousand_characters_is_refused_shortly(tmp_path: Path, key: str) -> None:
    """As a key and as a value; what is said of it stays short."""
    path = tmp_path / "mine.yaml"
    value = "y" * 100_000
    path.write_text(f"product: {{? {key} : {value}}}\n")
    with pytest.raises(CatalogueError) as refused:
        load_profile(str(path))
    assert len(str(refused.value)) < 20_000


@pytest.mark.parametrize("name", ["x" * 100_000, "a\0b", "circle"])
def test_a_profile_s_own_name_may_be_anything(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no file is refused as that."""
    monkeypatch.chdir(tmp_path)
    Path("circle").symlink_to("circle")
    with pytest.raises(ValueError, match=r"there is no profile|is a link that leads in a circle") as refused:
        load_profile(name)
    assert len(str(refused.value)) < 1000
