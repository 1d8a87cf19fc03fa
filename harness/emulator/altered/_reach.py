"""How an alteration reaches into an assembled station: by name, and loudly when a name has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.emulator._car_link import CarLink
    from harness.emulator._station import Station
    from harness.emulator.ocpp import OcppClient


def swap(owner: object, name: str, make: Callable[[Any], Any]) -> None:
    """Put `make(what stood there)` in the place of a method or value. AttributeError when there is nothing to replace.

    A name that has changed must not leave the plain charger behind.
    """
    setattr(owner, name, make(getattr(owner, name)))


def ocpp_of(station: Station) -> OcppClient:
    """The station's OCPP side. Raises ValueError for a station without a backend."""
    if station.ocpp is None:
        raise ValueError("this is about the talk with the backend; start the station with --csms")
    return station.ocpp


def car_link_of(station: Station) -> CarLink:
    """The station's link to the car. Raises ValueError for a station without ISO 15118."""
    if station.car_link is None:
        raise ValueError("this is about the talk with the car; start the station with --interface")
    return station.car_link
