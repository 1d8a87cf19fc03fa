"""What the emulated station is told on its command line, checked before anything is switched on."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.emulator._ports import Ratings

OCPP_VERSIONS = ("ocpp2.1", "ocpp2.0.1")
INTERFACES = ("cp-evse", "lo", "none")
MOST_EVSES = 8
PASSWORD = "CHARGEPROOF_STATION_PASSWORD"  # of basic authentication; a command line is there for all to read


@dataclass(frozen=True)
class StationOptions:
    """One emulated station. `csms` None: stand-alone, it charges whoever plugs in. `interface` "none": no ISO 15118.

    Of several `evses` each has its own plant, instruments and transactions; ISO 15118 is spoken at EVSE 1 alone.
    """

    state_dir: Path
    csms: str | None = None
    identity: str = "EMU-0001"
    password: str | None = None
    security_profile: int = 1
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    versions: tuple[str, ...] = OCPP_VERSIONS
    interface: str = "none"
    defects: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    serial: str = Ratings.serial
    seed: int = 1
    car_later: bool = False
    evses: int = 1


def parse(argv: Sequence[str] | None = None) -> StationOptions:
    """Options from a command line. Bad ones end the process with code 2 and a sentence saying what would be right."""
    parser = argparse.ArgumentParser(
        prog="python -m harness.emulator",
        description="An emulated bidirectional charging station behind a WebSocket, a V2G socket and serial ports. "
        "It prints one JSON line when ready and ends when its standard input closes.",
    )
    add = parser.add_argument
    add("--csms", metavar="URL", help="the backend's endpoint without the identity; left out: stand-alone")
    add("--identity", default="EMU-0001", help="OCPP identity (default %(default)s)")
    add("--password", help=f"basic authentication; a command line is for all to read, so better in {PASSWORD}")
    add("--security-profile", type=int, choices=(1, 2, 3), default=1, metavar="1|2|3")
    add("--ca-file", type=_existing, metavar="PEM", help="the backend's root certificate")
    add("--client-cert", type=_existing, metavar="PEM")
    add("--client-key", type=_existing, metavar="PEM")
    add("--ocpp", default=",".join(OCPP_VERSIONS), help="subprotocols offered, best first (default %(default)s)")
    add("--interface", default="none", help="network interface of the SECC: cp-evse, lo, or none (default)")
    add("--state-dir", type=Path, required=True, metavar="DIR", help="log, certificates and firmware live here")
    add("--defect", action="append", default=[], metavar="NAME", help="break it in a named way; may be repeated")
    add("--variant", action="append", default=[], metavar="NAME", help="unusual yet correct; may be repeated")
    add("--vendor-serial", default=Ratings.serial, metavar="SERIAL")
    add("--seed", type=int, default=1, help="of the noise on grid and instruments")
    add("--evses", type=int, default=1, metavar="N", help="how many EVSEs it has (default %(default)s)")
    add("--car-later", action="store_true", help="be ready before the SECC is; a second line tells where it serves")
    given = parser.parse_args(argv)
    told = os.environ.pop(PASSWORD, None) or None  # its own children need not know it
    versions = tuple(each.strip() for each in given.ocpp.split(",") if each.strip())
    unknown = [each for each in versions if each not in OCPP_VERSIONS]
    if unknown or not versions:
        parser.error(f"--ocpp {given.ocpp!r}: this station speaks {', '.join(OCPP_VERSIONS)}")
    if not 1 <= given.evses <= MOST_EVSES:
        parser.error(f"--evses {given.evses}: this station has 1 to {MOST_EVSES}")
    return StationOptions(
        state_dir=given.state_dir.resolve(),
        csms=given.csms.rstrip("/") if given.csms else None,
        identity=given.identity,
        password=given.password or told,
        security_profile=given.security_profile,
        ca_file=given.ca_file,
        client_cert=given.client_cert,
        client_key=given.client_key,
        versions=versions,
        interface=given.interface,
        defects=tuple(given.defect),
        variants=tuple(given.variant),
        serial=given.vendor_serial,
        seed=given.seed,
        car_later=given.car_later,
        evses=given.evses,
    )


def _existing(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return path
