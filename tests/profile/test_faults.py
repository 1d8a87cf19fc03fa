"""Profiles that cannot be used: file, line, what is wrong, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.profile import ProfileError, builtin_profiles, load_profile
from requirement_catalog import CatalogueError

GOOD = """\
product:
  name: A charger
  manufacturer: M
  model: X
  serial: S-1
  firmware: "1.0"
  current: [AC]
  sites: [public]
  bidirectional: no
pics:
  smart_charging: yes
  v2x: undeclared
pixit:
  identity: S-1
pco:
  csms: {security_profile: 3}
  bench:
    meter: {driver: serial_meter, port: /dev/ttyUSB0}
    light: {driver: person}
  operator: {driver: terminal}
"""


def load(folder: Path, text: str) -> tuple[object, Path]:
    """What loading says of this text."""
    file = folder / "charger.yaml"
    file.write_text(text)
    return load_profile(str(file))


def test_a_good_profile_loads(tmp_path: Path) -> None:
    """And yes, no and undeclared are read however YAML writes them; what is not listed is undeclared."""
    profile, path = load_profile(str(_written(tmp_path)))
    assert path.name == "charger.yaml"
    assert [profile.declared(f) for f in ("smart_charging", "v2x", "dc_bpt")] == ["yes", "undeclared", "undeclared"]


def _written(folder: Path) -> Path:
    file = folder / "charger.yaml"
    file.write_text(GOOD)
    return file


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ("current: [AC]", "current: [AC, HVDC]", 7, ["HVDC"]),
        ("current: [AC]", "current: []", 7, ["is empty", "[AC, DC]"]),
        ("sites: [public]", "sites: []", 8, ["is empty", "private"]),
        ("sites: [public]", "sites: [everywhere]", 8, ["everywhere"]),
        ("bidirectional: no", "bidirectional: perhaps", 9, ["perhaps"]),
        ("  serial: S-1\n", "", 1, ["serial"]),
        ("  model: X", "  modell: X", 4, ["modell"]),
        ("smart_charging: yes", "smart_charging: maybe", 11, ["maybe", "yes, no or undeclared"]),
        ("smart_charging: yes", "smart_chargin: yes", 11, ["smart_chargin", "smart_charging"]),
        ("identity: S-1", 'identity: ""', 14, ["identity"]),
        ("identity: S-1", "identity: ocpp/S-1", 14, ["last part"]),
        ("identity: S-1", "identity: S-1\n  phases: 4", 15, ["1, 2 or 3"]),
        ("identity: S-1", "identity: S-1\n  rated_current_a: 0", 15, ["is 0 A", "from 6 to 1000 A"]),
        ("identity: S-1", "identity: S-1\n  rated_discharge_w: -5000", 15, ["without a sign"]),
        ("identity: S-1", "identity: S-1\n  car_current_a: 3", 15, ["is 3 A", "from 6 to 1000 A"]),
        ("identity: S-1", "identity: S-1\n  nominal_v: 23", 15, ["is 23 V", "from 100 to 277 V"]),
        ("identity: S-1", "identity: S-1\n  boot_s: 0.5", 15, ["is 0.5 s", "from 1 to 900 s"]),
        ("identity: S-1", "identity: S-1\n  boot_s: soon", 15, ["soon"]),
        ("{security_profile: 3}", "{security_profile: 2}", 16, ["needs a password"]),
        ("{security_profile: 3}", "{security_profile: 4}", 16, ["4"]),
        ("{security_profile: 3}", "{port: 70000}", 16, ["65535"]),
        ("{security_profile: 3}", "{versions: []}", 16, ["no version"]),
        ("{security_profile: 3}", "{versions: [ocpp1.6]}", 16, ["ocpp1.6"]),
        ("/dev/ttyUSB0", "/dev/ttyUSB0, uncertainty: {i_a: -0.05}", 18, ["uncertainty.i_a", "is -0.05", "at least 0"]),
        ("/dev/ttyUSB0", "/dev/ttyUSB0, uncertainty: {p_w: .nan}", 18, ["uncertainty.p_w", "not a finite number"]),
        ("/dev/ttyUSB0", "/dev/ttyUSB0, calibration_due: soon", 18, ["calibration_due", "'soon' is no day"]),
        (", port: /dev/ttyUSB0", "", 18, ["names no port"]),
        ("/dev/ttyUSB0", "emulated", 18, ["the emulated charger's own"]),
        ("driver: terminal", "driver: telepathy", 20, ["telepathy"]),
        ("  operator:", "documents: samples\n#", 20, ["sample papers"]),
        ("  operator:", "launch: {}\n#", 20, ["delete `launch`"]),
    ],
)
def test_each_fault_names_file_line_and_remedy(
    tmp_path: Path, right: str, wrong: str, line: int, words: list[str]
) -> None:
    """A person who reads it knows where to look and what to write."""
    assert right in GOOD
    with pytest.raises(CatalogueError) as fault:
        load(tmp_path, GOOD.replace(right, wrong, 1))
    text = str(fault.value)
    assert f"charger.yaml:{line}" in text
    for word in words:
        assert word in text


def test_a_profile_that_is_not_there_names_those_that_are() -> None:
    """A misspelt name is answered with the shipped ones."""
    with pytest.raises(ProfileError, match="emulated"):
        load_profile("emulatd")


@pytest.mark.parametrize("name", builtin_profiles())
def test_the_shipped_profiles_load(name: str) -> None:
    """Each of them."""
    assert load_profile(name)[0].product.serial


@pytest.mark.parametrize(
    "line",
    [
        "depth: short",
        "obligations: [{of: SC-04, obligation: wish, reason: hard}]",
        "leave_out: [{of: SC-06, reason: hard}]",
        "waivers: []",
        "accept_papers_for: [{of: SC-07, reason: x}]",
        "parameters: {setpoint.response_time: {value: 300, reason: slow}}",
        "confirm: []",
        "decision_rule: accept_within_uncertainty",
        "evaluation_date: 1999-01-01",
    ],
)
def test_what_is_asked_of_the_charger_is_not_the_labs_or_the_suppliers_to_change(tmp_path: Path, line: str) -> None:
    """Depth, obligation, limits and waivers stand in the client's file; a profile that sets one is refused by name."""
    key = line.split(":")[0]
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, f"{line}\n{GOOD}")
    says = f":1: {key}: a profile may not set {key!r}: that is the client's to say, in the tender file (--tender)"
    assert says in str(caught.value)
