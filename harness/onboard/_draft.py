"""The first draft of a DUT profile: commented YAML that loads as it is, and says what a person must still check."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.onboard._inventory import Inventory, feature_told
from harness.onboard._nameplate import Nameplate
from requirement_catalog import Feature, load_catalogue

_PLACEHOLDER = "CHECK"


@dataclass(frozen=True)
class Backend:
    """How the charger reaches us: what `pco.csms` must keep so that it comes back by itself. Paths as in the file."""

    listen: str
    port: int
    host_name: str
    security_profile: int
    identity: str
    password: str | None = None
    pki: str | None = None


def declared(features: Iterable[Feature], inventory: Inventory, offered: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Each feature's first answer (yes, no, undeclared) with where it comes from.

    `offered` are the OCPP versions the charger named when it connected: the one thing it shows without being asked.
    """
    spoken = {"ocpp_2_0_1": "ocpp2.0.1", "ocpp_2_1": "ocpp2.1"}
    told: dict[str, tuple[str, str]] = {}
    for feature in features:
        if feature.name in spoken:
            told[feature.name] = _version_told(spoken[feature.name], set(offered))
        else:
            told[feature.name] = feature_told(feature, inventory)
    return told


def _version_told(version: str, offered: set[str]) -> tuple[str, str]:
    """A charger names every version that it is set to speak; one that names none leaves that open."""
    if not offered:
        return "undeclared", "it named no version"
    if version in offered:
        return "yes", "offered when it connected"
    return "no", "CHECK: not offered when it connected; one that knows it has to be set to it"


def draft_profile(
    plate: Nameplate, pics: Mapping[str, tuple[str, str]], backend: Backend, *, name: str | None = None
) -> str:
    """The YAML text. It loads with `harness.profile.load_profile`; lines to be looked at are marked CHECK."""
    sections = (
        _head(plate),
        _product(plate, name),
        _pics(pics),
        _pixit(plate, backend),
        _pco(backend),
        "documents: documents         # a folder beside this file: certificates and the records of their review\n",
    )
    return "\n".join(sections)


def _head(plate: Nameplate) -> str:
    said = f"{plate.manufacturer} {plate.model}".strip() or "an unknown charger"
    return (
        f"# DRAFT of a profile, written by `chargeproof onboard` from what {_comment(said)} says about itself.\n"
        "# Go through it with the supplier's data sheet; a line marked CHECK is a guess or needs a person.\n"
        "# Then use it: `chargeproof doctor --dut FILE`, `chargeproof plan --dut FILE`, `chargeproof run --dut FILE`\n"
    )


def _product(plate: Nameplate, name: str | None) -> str:
    title = name or f"{plate.manufacturer} {plate.model}"
    rows = [
        _row("name", title),
        _row("manufacturer", plate.manufacturer, "manufacturer" in plate.guessed),
        _row("model", plate.model, "model" in plate.guessed),
        _row("serial", plate.serial, "serial" in plate.guessed),
        _row("firmware", plate.firmware, "firmware" in plate.guessed),
        _line("current", f"[{', '.join(plate.current)}]", "AC, DC or both", "current" in plate.guessed),
        _line("sites", "[public]", "where the tender wants to place it: public, semi_public, private", True),
        _line(
            "bidirectional",
            "yes" if plate.bidirectional else "no",
            "can it discharge a vehicle into the grid? This decides which requirements apply",
            True,
        ),
    ]
    return "product:                     # what the product is; this decides which requirements apply\n" + "".join(rows)


def _pics(pics: Mapping[str, tuple[str, str]]) -> str:
    head = "pics:                        # what the supplier declares: yes, no, or undeclared; ask the supplier\n"
    rows = [(f"  {feature}: {value}", _comment(why)) for feature, (value, why) in pics.items()]
    return head + "".join(f"{written:<38} # {why}\n" for written, why in rows)


def _pixit(plate: Nameplate, backend: Backend) -> str:
    guessed = plate.guessed
    car_a = min(24.0, plate.current_a)
    several = len(plate.evses) > 1
    more = "; `evse_values:` says where another one differs, and a meter at EVSE 2 is called meter@2" if several else ""
    rows = [
        _row("identity", backend.identity, note="the charger's OCPP identity"),
        _line("evse_id", str(plate.evse_id), "the charging point to test", several),
        *([_line("evses", str(list(plate.evses)), f"all of them, for a thorough run{more}", True)] if several else []),
        _line("ac_connector", str(plate.ac_connector), "its AC connector", "ac_connector" in guessed),
        _line("dc_connector", str(plate.dc_connector), "its DC connector", "dc_connector" in guessed),
        _line("phases", str(plate.phases), "", "phases" in guessed),
        _rated("nominal_v", plate.nominal_v, "volt, phase to neutral", "nominal_v" in guessed),
        _rated("rated_current_a", plate.current_a, "ampere per phase", "current_a" in guessed),
        _rated("rated_charge_w", plate.charge_w, "watt", "charge_w" in guessed),
        _line(
            "rated_discharge_w", _number(plate.discharge_w), "watt; 0 if it cannot discharge", "discharge_w" in guessed
        ),
        _rated("car_current_a", car_a, "what the bench's car draws when nothing limits it", True),
        _line("boot_s", "120", "how long it may take from power-up to an accepted boot", True),
        _line("reconnect_s", "120", "how long it may take to come back after a loss", True),
        "  # id_token: 04A1B2C3       # a card that the charger accepts\n",
        "  # authorise: operator      # when only a card at the charger starts a session\n",
        *_FIRMWARE,
    ]
    return "pixit:                       # what a run has to know\n" + "".join(rows)


def _pco(backend: Backend) -> str:
    rows = [
        "pco:                         # how the charger is reached\n",
        "  csms:                      # as the charger was set up now; change both together\n",
        f"    listen: {_text(backend.listen)}\n",
        f"    port: {backend.port}\n",
        f"    host_name: {_text(backend.host_name)}\n",
        f"    security_profile: {backend.security_profile}\n",
    ]
    if backend.password:
        rows.append(f"    password: {_text(backend.password)}\n")
    if backend.pki:
        rows.append(
            f"    pki: {_text(backend.pki)}                # the CA that the charger trusts now: keep this folder\n"
        )
    return "".join(rows) + _BENCH + _OPERATOR


_FIRMWARE = (
    "  # firmware_update:          # a newer firmware from the vendor, for GEN-03; without it no update is proven\n",
    "  #   image: firmware/NEW.bin  # the file that the charger downloads; paths are seen from this file\n",
    "  #   signature: firmware/NEW.sig   # the vendor's signature of it, base64 text (SHA-256, as OCPP's L01 wants)\n",
    "  #   signing_certificate: firmware/vendor.pem   # the certificate of the key that signed it\n",
    "  #   version: CHECK           # what the charger calls itself once it runs it\n",
)
_BENCH = """\
  # ev: {interface: eth1}      # our car's power-line modem, for ISO 15118; then `bench` needs a pilot, too
  # bench:                     # the instruments there are; `driver: person` asks the operator to look and type
  #   meter: {driver: serial_meter, port: /dev/ttyUSB0, uncertainty: {i_a: 0.05, u_v: 0.5, p_w: 15},
  #           serial: METER-1, calibrated: 2026-01-15, calibration_due: 2027-01-15}
  #   pilot: {driver: pilot_box, port: /dev/ttyUSB1, uncertainty: {duty_pct: 0.3, u_v: 0.2}}
  #   light: {driver: person}
  #   grid_source: {driver: grid_source, port: /dev/ttyUSB2, interlock_armed: no}
  #   ems: {driver: person}
  #   network_switch: {driver: person}
  #   supply: {driver: person} # the charger's own power: what must survive its loss is tried at depth thorough
"""
_OPERATOR = """\
  operator: {driver: terminal} # the person at the charger; `driver: web` asks on a phone
"""


def _row(key: str, value: str, check: bool = False, note: str = "") -> str:
    return _line(key, _text(value if _comment(value).strip() else "not told"), note, check or not value.strip())


def _line(key: str, value: str, note: str = "", check: bool = False) -> str:
    remark = f"{_PLACEHOLDER}{': ' if note else ''}{note}" if check else note
    written = f"  {key}: {value}"
    return f"{written:<28} # {remark}\n" if remark else f"{written}\n"


def _rated(key: str, value: float, note: str, check: bool) -> str:
    """A value that the catalogue gives a range; one that makes no sense is told, and left for a person to write."""
    ranges = {each.name: each.range for each in load_catalogue().default_tender.pixit}
    low, high = ranges[key]
    if low <= round(value, 1) <= high:
        return _line(key, _number(value), note, check)
    return _line(f"# {key}", _number(value), f"{note}; so it says, which makes no sense: write what is right", True)


def _number(value: float) -> str:
    """A tenth is exact enough, and never written with an exponent (which YAML would read as text)."""
    return f"{value:.1f}".removesuffix(".0")


def _text(value: str) -> str:
    """A YAML scalar that stays text whatever it looks like (a serial of digits, a `no`)."""
    return json.dumps(_comment(value), ensure_ascii=False)


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
