"""The car: an EVCC that goes step by step, with its battery, its vehicles and its misbehaviour on request."""

from ev_emulator._codec import ExiCodec, ExiError
from ev_emulator._errors import (
    ConnectionLost,
    NotOffered,
    Refused,
    TlsRefused,
    UnexpectedMessage,
    V2gError,
    V2gTimeout,
)
from ev_emulator._names import ISO_15118_20
from ev_emulator.exi import Codec
from ev_emulator.line._pcap import WireFrame, frames_from_events, pcap_from_frames
from ev_emulator.line._tls import TlsConfig
from ev_emulator.line._v2gtp import v2gtp
from ev_emulator.session._answers_20 import Target
from ev_emulator.session._evcc import Evcc
from ev_emulator.session._evcc_older import OlderEvcc
from ev_emulator.session._session import ChargingSession, Present
from ev_emulator.vehicle._battery import Battery
from ev_emulator.vehicle._vehicle import Vehicle, load_vehicle, vehicle_names
from ev_emulator.vehicle._yaml import VehicleError

__all__ = [
    "ISO_15118_20",
    "Battery",
    "ChargingSession",
    "Codec",
    "ConnectionLost",
    "Evcc",
    "ExiCodec",
    "ExiError",
    "NotOffered",
    "OlderEvcc",
    "Present",
    "Refused",
    "Target",
    "TlsConfig",
    "TlsRefused",
    "UnexpectedMessage",
    "V2gError",
    "V2gTimeout",
    "Vehicle",
    "VehicleError",
    "WireFrame",
    "frames_from_events",
    "load_vehicle",
    "pcap_from_frames",
    "v2gtp",
    "vehicle_names",
]
