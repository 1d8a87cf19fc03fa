"""Our car on the wire: a new car for each session, and the capture that goes into the evidence."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from ev_emulator import (
    Codec,
    Evcc,
    TlsConfig,
    Vehicle,
    frames_from_events,
    load_vehicle,
    pcap_from_frames,
)
from harness.bench import BenchError
from harness.profile import Profile
from harness.trace import Recorder

SECC_WITHIN_S = 40.0


class Around(Protocol):
    """What stands around the car: who records, which charger it is, and where captures go."""

    recorder: Recorder
    profile: Profile
    profile_folder: Path
    emulator_ready: dict[str, Any]

    @property
    def captures(self) -> Path:
        """The folder for captures."""


class V2g:
    """A car per session, and the capture of what they said."""

    def __init__(
        self,
        ports: Around,
        interface: str,
        tls: Callable[[], TlsConfig | None],
        charger_is_up: Callable[[], None] | None,
    ) -> None:
        self._ports = ports
        self._interface = interface
        self._tls = tls
        self._codec = Codec()
        self._charger_is_up = charger_is_up
        pco = ports.profile.pco.ev
        assert pco is not None
        self.vehicles = {"AC": load_vehicle(pco.vehicle_ac), "DC": load_vehicle(pco.vehicle_dc)}

    async def car(self, vehicle: Vehicle, *, tls: bool = True) -> Evcc:
        """A new car on the bench's interface."""
        if self._charger_is_up is not None:
            with self._ports.recorder.waiting("the emulated charger's SECC is up", "harness", SECC_WITHIN_S):
                await asyncio.to_thread(self._charger_is_up)
        certificates = self._tls() if tls else None
        how: dict[str, Any] = {"sdp_target": "::1"} if self._interface == "lo" else {}
        return Evcc(vehicle, self._codec, self._ports.recorder, self._interface, tls=certificates, **how)

    def close(self) -> None:
        """Write what went over the wire as a capture."""
        frames = frames_from_events(self._ports.recorder.events)
        if frames:
            folder = self._ports.captures
            folder.mkdir(exist_ok=True)
            (folder / "sessions.pcapng").write_bytes(pcap_from_frames(frames))


def open_car(ports: Around, interface: str | None, charger_is_up: Callable[[], None] | None = None) -> V2g:
    """The car PCO of the profile. Raises BenchError when its interface or certificates are missing.

    `charger_is_up` waits for what has to be there before a car comes: the emulated charger's SECC, which starts slowly.
    """
    pco = ports.profile.pco.ev
    assert pco is not None
    if pco.interface == "auto" and ports.profile.launch is None:
        raise BenchError(
            "ev", None, "`auto` is for the emulated charger; name the network interface (pco.ev.interface)"
        )
    name = pco.interface if pco.interface != "auto" else (interface or "lo")
    name = "cp-ev" if name == "cp-evse" else name
    if name not in {known for _, known in socket.if_nameindex()}:
        raise BenchError("ev", name, "there is no such network interface")
    if pco.tls and charger_is_up is None:
        _tls(ports)  # what is missing should be said at once
    return V2g(ports, name, lambda: _tls(ports) if pco.tls else None, charger_is_up)


def _tls(ports: Around) -> TlsConfig:
    """The certificates of our car: from the profile's folder, or those the emulated charger's maker hands out."""
    pco = ports.profile.pco.ev
    assert pco is not None
    if pco.pki is not None:
        folder = ports.profile_folder / pco.pki
        files = {"v2g_roots": folder / "v2g_roots.pem", "ev": folder / "ev.pem", "ev_key": folder / "ev.key"}
    else:
        pki = ((ports.emulator_ready or {}).get("secc") or {}).get("pki") or {}
        files = {name: Path(path) for name, path in pki.items()}
    missing = [name for name in ("ev", "ev_key") if name not in files or not files[name].is_file()]
    if missing:
        raise BenchError("ev", pco.pki, f"the car's certificates are missing: {', '.join(missing)} (pco.ev.pki)")
    roots = files.get("v2g_roots")
    return TlsConfig(roots=roots, certificate=files["ev"], key=files["ev_key"])
