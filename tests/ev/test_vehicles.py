"""Vehicle files: what comes with the program loads, and what is wrong in a file is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ev_emulator import VehicleError, load_vehicle, vehicle_names

GOOD = """\
name: A car
evccid: ABC
mac: "02:00:00:00:00:01"
battery:
  capacity_wh: 40000
  soc_pct: 50
dc:
  max_charge_power_w: 50000
  max_charge_current_a: 125
  max_voltage_v: 450
  min_voltage_v: 300
protocols: [ISO 15118-20 DC]
services: [DC]
"""


@pytest.mark.parametrize("name", vehicle_names())
def test_every_vehicle_of_ours_loads(name: str) -> None:
    """Each file in vehicles/ is a valid vehicle, and a bidirectional one can discharge."""
    vehicle = load_vehicle(name)
    if name.startswith("bidirectional"):
        assert any(service.endswith("_BPT") for service in vehicle.services)
    assert vehicle.battery.empty_v < vehicle.battery.full_v


def test_there_are_vehicles_for_ac_and_dc() -> None:
    """The names the suite relies on exist."""
    assert {"bidirectional_dc_400v", "bidirectional_ac_11kw"} <= set(vehicle_names())


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        ("soc_pct: 50", "soc_pct: 150", 6, r"battery\.soc_pct: Expected `float` <= 100"),
        ("soc_pct: 50", "soc_pct: half", 6, "Expected `float`, got `str`"),
        ("capacity_wh: 40000", "capacity: 40000", 5, "unknown field `capacity`; known are: capacity_wh, soc_pct,"),
        ("evccid: ABC\n", "", 1, "missing required field `evccid`"),
        ("services: [DC]", "services: [DC, V2G]", 13, r"Invalid enum value 'V2G'"),
        ("services: [DC]", "services: [AC]", 13, "needs a part 'ac'"),
        ("services: [DC]", "services: [DC_BPT]", 7, "dc.max_discharge_power_w must be above 0"),
        ("min_voltage_v: 300", "min_voltage_v: 500", 11, "below dc.max_voltage_v"),
        ("  soc_pct: 50", "  soc_pct: [", 8, "not YAML"),
        ("evccid: ABC", "evccid: 020000000001", 2, "stands in quotes"),
    ],
)
def test_a_bad_file_names_line_and_fault(tmp_path: Path, wrong: str, right: str, line: int, said: str) -> None:
    """A mistake in a vehicle file is reported with file, line and what is wrong."""
    assert wrong in GOOD
    path = tmp_path / "car.yaml"
    path.write_text(GOOD.replace(wrong, right))
    with pytest.raises(VehicleError, match=said) as error:
        load_vehicle(path)
    assert str(error.value).startswith(f"{path}:{line}:")


def test_an_unknown_name_lists_the_known_ones() -> None:
    """A vehicle that does not exist is refused with the names that do."""
    with pytest.raises(VehicleError, match="bidirectional_ac_11kw"):
        load_vehicle("kitt")


def test_half_a_v2x_window_is_refused(tmp_path: Path) -> None:
    """The two V2X limits go together, or neither does."""
    path = tmp_path / "car.yaml"
    path.write_text(GOOD.replace("  soc_pct: 50", "  soc_pct: 50\n  v2x_minimum_soc_pct: 30"))
    with pytest.raises(VehicleError, match="go together"):
        load_vehicle(path)
