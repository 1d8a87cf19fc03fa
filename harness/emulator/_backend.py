"""How the station gets its OCPP side; kept apart so that the station itself knows little of OCPP."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.emulator._config import StationOptions
from harness.emulator._ports import PlantPort
from harness.emulator.ocpp import OcppClient, StationConfig, SystemClock
from harness.emulator.plant import Plant


def connect(options: StationOptions, plants: Sequence[PlantPort]) -> OcppClient | None:
    """The OCPP client for these options, not running yet; None when the station stands alone. Raises ValueError.

    `plants` are those of EVSE 1 and further, in order.
    """
    if options.csms is None:
        return None
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
    return OcppClient(config, plants[0], SystemClock(), options.state_dir, plants[1:])


def speaks_2_1(ocpp: OcppClient | None) -> bool:
    """Whether the connection in use is OCPP 2.1."""
    return ocpp is not None and ocpp.model.version == "ocpp2.1"


def in_service(ocpp: OcppClient, evse: int = 1) -> bool:
    """Whether at least one connector of an EVSE is in service."""
    return any(ocpp.evses[evse].status.of(connector) != "Unavailable" for connector in (1, 2))


def supply(ocpp: OcppClient, plants: Iterable[Plant], on: bool) -> None:
    """The mains of the whole station: off opens every contactor at once and leaves what is kept in flash alone."""
    for plant in plants:
        plant.supply(on)
    ocpp.power.switch(on)
