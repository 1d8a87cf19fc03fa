"""The sheet of values that a person enters in the charger, in the order in which chargers ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from harness.onboard._advice import Told


@dataclass(frozen=True)
class Entry:
    """One value to enter: `value` is to be copied as it is, `note` says what it is good for."""

    label: str
    value: str
    note: str = ""


def sheet(told: Told, password: str | None, station_files: tuple[Path, Path] | None) -> list[Entry]:
    """What to enter. `station_files` are the charger's certificate and key (security profile 3)."""
    entries = [
        Entry("URL", told.url, "for a charger that adds its identity by itself; most do"),
        _full_url(told),
        Entry("OCPP version", " or ".join(v.replace("ocpp", "OCPP ", 1) for v in told.versions), "JSON (OCPP-J)"),
        Entry("Security profile", str(told.security_profile), _PROFILES[told.security_profile]),
    ]
    if told.identity is not None:
        entries.append(Entry("Identity", told.identity, "also called charge box ID or charging station ID"))
    else:
        entries.append(Entry("Identity", "the charger's own", "whatever it uses is accepted, and noted"))
    if password is not None:
        entries.append(Entry("Password", password, "HTTP Basic; the user name is the identity"))
    if told.ca_file is not None:
        note = "install it as CSMS root certificate (CA), so that the charger trusts this backend"
        entries.append(Entry("CA file", told.ca_file, note))
    if told.other_ca_file is not None:
        kind = "RSA" if told.other_ca_file.endswith("-rsa.pem") else "elliptic curves (EC)"
        note = f"install it too where the charger takes several; a charger that knows {kind} only needs just this one"
        entries.append(Entry("second CA file", told.other_ca_file, note))
    if station_files is not None:
        entries.append(Entry("Client certificate", str(station_files[0]), "install it with its key in the charger"))
        entries.append(Entry("Client key", str(station_files[1]), "keep it secret; it belongs to this charger only"))
    entries.append(Entry("Time source", "this backend (Heartbeat), or NTP; time zone UTC", "a wrong clock breaks TLS"))
    return entries


def _full_url(told: Told) -> Entry:
    identity = quote(told.identity, safe="") if told.identity else "IDENTITY"
    return Entry("or full URL", f"{told.url}/{identity}", "for a charger that uses the URL as it is entered")


_PROFILES = {
    0: "none: no encryption, no password; for simulators only",
    1: "password, no encryption",
    2: "password, encrypted (TLS)",
    3: "certificates on both sides (TLS)",
}
