"""How the station gets its OCPP side; kept apart so that the station itself knows no OCPP."""

from __future__ import annotations

from typing import Any

from harness.emulator._config import StationOptions
from harness.emulator._ports import EnergyPort, PlantPort
from harness.emulator._standalone import StandAlone


def connect(options: StationOptions, plant: PlantPort) -> Any:
    """The OCPP client for these options, not started yet; None when the station stands alone."""
    if options.csms is None:
        return None
    from harness.emulator.ocpp import OcppClient, StationConfig

    config = StationConfig(
        url=options.csms,
        identity=options.identity,
        subprotocols=options.versions,
        security_profile=options.security_profile,
        basic_auth_password=options.password,
        ca_file=options.ca_file,
        client_cert_file=options.client_cert,
        client_key_file=options.client_key,
    )
    return OcppClient(plant, config, options.state_dir)


def stand_alone(plant: PlantPort) -> EnergyPort:
    """Free vending: the energy port of a station without a backend."""
    return StandAlone(plant)


def factory(ocpp: Any) -> str | None:
    """The folder with the vendor's firmware images, where the OCPP side has one."""
    folder = getattr(ocpp, "factory", None)
    return None if folder is None else str(folder)
