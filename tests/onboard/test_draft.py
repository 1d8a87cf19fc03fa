"""The first draft of a profile: it loads as it is, keeps what was told, and marks what was guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.onboard import Backend, Inventory, Nameplate, declared, draft_profile, feature_told, nameplate
from harness.profile import Profile, is_identity, load_profile
from requirement_catalog import Feature, load_catalogue

BACKEND = Backend("0.0.0.0", 9000, "10.0.0.5", 2, "CS-1", "0123456789abcdef", "pki")
IDENTIFIER = "abcXYZ0189*-_=:+|@. \"'#{}[]\\é"
BOOT = {"chargingStation": {"vendorName": "Acme", "model": "R22", "serialNumber": "007", "firmwareVersion": "1.10"}}


def entry(path: str, value: str = "", evse: int = 0, connector: int = 0, **limits: Any) -> dict[str, Any]:
    component, _, variable = path.partition(".")
    at: dict[str, Any] = {"id": evse, "connectorId": connector} if connector else {"id": evse}
    return {
        "component": {"name": component, **({"evse": at} if evse else {})},
        "variable": {"name": variable},
        "variableAttribute": [{"value": value}],
        "variableCharacteristics": limits,
    }


def loaded(folder: Path, text: str) -> Profile:
    (folder / "profile.yaml").write_text(text)
    return load_profile(str(folder / "profile.yaml"))[0]


def drafted(folder: Path, entries: list[dict[str, Any]], boot: dict[str, Any] | None = BOOT) -> tuple[Profile, str]:
    inventory = Inventory(entries)
    pics = declared(load_catalogue().features, inventory, ("ocpp2.0.1",))
    text = draft_profile(nameplate(boot, inventory), pics, BACKEND)
    return loaded(folder, text), text


def test_a_bidirectional_charger_is_drafted_from_its_device_model(tmp_path: Path) -> None:
    """Nameplate, connectors, ratings and features come from what the charger reported."""
    profile, text = drafted(
        tmp_path,
        [
            entry("EVSE.Power", "0", 1, maxLimit=11.0, unit="kW"),
            entry("EVSE.DischargePower", "0", 1, maxLimit=7400, unit="W"),
            entry("EVSE.SupplyPhases", "3", 1),
            entry("Connector.ConnectorType", "cCCS2", 1, 1),
            entry("Connector.ConnectorType", "sType2", 1, 2),
            entry("V2XChargingCtrlr.SupportedEnergyTransferModes", "DC,DC_BPT"),
            entry("SmartChargingCtrlr.Available", "true"),
            entry("EVSE.Power", "0", 2, maxLimit=50, unit="kW"),
        ],
    )
    product, pixit = profile.product, profile.pixit
    assert (product.manufacturer, product.model, product.serial, product.firmware) == ("Acme", "R22", "007", "1.10")
    assert product.current == ("AC", "DC") and product.bidirectional
    assert (pixit.rated_charge_w, pixit.rated_discharge_w, pixit.rated_current_a) == (11000, 7400, 15.9)
    assert (pixit.ac_connector, pixit.dc_connector, pixit.phases) == (2, 1, 3)
    assert profile.declared("smart_charging") == "yes" and profile.declared("dc_bpt") == "yes"
    assert profile.declared("ac_bpt") == "undeclared"
    assert profile.pixit.evses == (1, 2) and "all of them, for a thorough run" in text


def test_the_backend_stays_where_the_charger_found_it(tmp_path: Path) -> None:
    """Address, port, password and CA folder are kept, so that the next run finds the charger as it was set up."""
    csms = drafted(tmp_path, [])[0].pco.csms
    assert csms is not None
    assert (csms.listen, csms.port, csms.host_name, csms.security_profile) == ("0.0.0.0", 9000, "10.0.0.5", 2)
    assert (csms.password, csms.pki) == ("0123456789abcdef", "pki")


def test_the_bench_s_template_loads_once_it_is_filled_in(tmp_path: Path) -> None:
    """Taking the comment signs away leaves a profile that loads: the template is one that works."""
    text = drafted(tmp_path, [])[1]
    head, bench, tail = text.partition("  # ev:")
    lines = [line.replace("  # ", "  ", 1) if line.startswith("  # ") else line for line in (bench + tail).splitlines()]
    profile = loaded(tmp_path, head + "\n".join(lines))
    assert set(profile.pco.bench) >= {"meter", "pilot", "light", "grid_source"}
    assert profile.pco.ev is not None


def test_a_charger_that_tells_nothing_gives_a_draft_of_guesses(tmp_path: Path) -> None:
    """Without boot and device model the draft still loads; every default is marked, every feature undeclared."""
    profile, text = drafted(tmp_path, [], boot=None)
    assert profile.product.serial == "not told"
    assert text.count("CHECK") > 12
    assert {profile.declared(f) for f in profile.pics if not f.startswith("ocpp_")} == {"undeclared"}
    assert profile.declared("ocpp_2_0_1") == "yes" and profile.declared("ocpp_2_1") == "no"


@pytest.mark.parametrize(
    ("told_by", "told_when", "path", "value", "said"),
    [
        ("A.Available", "true", "A.Available", "True", "yes"),
        ("A.Available", "true", "A.Available", "false", "no"),
        ("A.Enabled", "true", "A.Enabled", "false", "undeclared"),
        ("A.Enabled", "true", "B.Enabled", "true", "undeclared"),
        ("a.available", "true", "A.Available", "true", "yes"),
        ("A.Unit", "contains A", "A.Unit", "W, A", "yes"),
        ("A.Unit", "contains A", "A.Unit", "AW", "undeclared"),
        ("A.P", "contains urn:iso:15118:2", "A.P", "urn:iso:15118:2:2013:MsgDef,2,0", "yes"),
        ("A.P", "contains urn:iso:15118:2", "A.P", "urn:iso:std:iso:15118:-20:DC", "undeclared"),
        ("A.N", "reported", "A.N", "7", "yes"),
        ("A.N", "reported", "A.N", "", "undeclared"),
        ("A.S", "is 3", "A.S", "3", "yes"),
        ("A.S", "is 3", "A.S", "2", "undeclared"),
    ],
)
def test_a_feature_is_told_by_its_variable(told_by: str, told_when: str, path: str, value: str, said: str) -> None:
    """Only "not available" is a no: what is switched off or not listed is for the supplier to say."""
    feature = Feature(name="x", meaning="x", told_by=(told_by,), told_when=told_when)
    answer, why = feature_told(feature, Inventory([entry(path, value)]))
    assert answer == said and why


def test_every_feature_of_the_catalogue_can_be_told(tmp_path: Path) -> None:
    """Each rule in the catalogue is one that is understood: a value that satisfies it gives yes."""
    examples = {"true": "true", "reported": "1"}
    for feature in load_catalogue().features:
        if feature.told_when:
            value = examples.get(feature.told_when) or feature.told_when.partition(" ")[2]
            assert feature_told(feature, Inventory([entry(feature.told_by[0], value)]))[0] == "yes", feature.name


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=50),
    st.text(IDENTIFIER, min_size=1, max_size=48).filter(is_identity),
    st.floats(1, 1e6),
    st.booleans(),
)
def test_whatever_a_charger_calls_itself_the_draft_loads(
    tmp_path: Path, word: str, identity: str, power: float, both: bool
) -> None:
    """Quotes, colons, control characters, emoji, digits: a name is a name, never YAML."""
    plate = Nameplate(manufacturer=word, model=word, serial=word, charge_w=power, bidirectional=both)
    backend = Backend("::", 1, "h", 1, identity, "0123456789abcdef")
    told = {"smart_charging": ("undeclared", word)}
    profile = loaded(tmp_path, draft_profile(plate, told, backend, name=word))
    shown = "".join(c if c.isprintable() else " " for c in word)
    assert profile.product.serial == (shown if shown.strip() else "not told")
    assert profile.pixit.identity == identity


def test_a_report_of_rubbish_is_survived() -> None:
    """Entries without component, with wrong types, or empty never break the draft."""
    inventory = Inventory([{}, {"component": None}, {"component": {"name": 3}, "variableAttribute": [{"type": "Max"}]}])
    assert nameplate({"chargingStation": None}, inventory).model == ""


def test_the_firmware_s_template_loads_once_it_is_filled_in(tmp_path: Path) -> None:
    """What GEN-03 needs stands in the draft, to be uncommented; `plan` asks for it by the same name."""
    text = drafted(tmp_path, [])[1]
    before, template, after = text.partition("  # firmware_update:")
    lines = [
        line.replace("  # ", "  ", 1) if line.startswith("  # ") else line for line in (template + after).split("\n")
    ]
    end = next(n for n, line in enumerate(lines) if line.startswith("pco:") or not line.startswith("  "))
    profile = loaded(tmp_path, before + "\n".join(lines[:end] + after.split("\n")[end:]))
    assert profile.pixit.firmware_update is not None
    assert profile.pixit.firmware_update.image == "firmware/NEW.bin"


@pytest.mark.parametrize(
    ("offered", "said"), [(["ocpp2.0.1"], "no"), (["ocpp2.1", "ocpp2.0.1"], "yes"), ([], "undeclared")]
)
def test_a_version_that_is_not_offered_is_not_spoken(offered: list[str], said: str) -> None:
    """A charger names all that it is set to speak; one that names nothing leaves it open."""
    told = declared(load_catalogue().features, Inventory([]), offered)
    assert told["ocpp_2_1"][0] == said
