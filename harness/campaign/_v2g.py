"""Our car on the wire: the codec's life, ISO 15118 sessions for cases, and the capture that goes into the evidence."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ev_emulator import (
    ISO_15118_20,
    ChargingSession,
    Evcc,
    ExiError,
    JavaExiCodec,
    TlsConfig,
    Vehicle,
    frames_from_events,
    load_vehicle,
    pcap_from_frames,
)
from harness.bench import BenchError
from harness.campaign._emulated import READY_WITHIN_S

if TYPE_CHECKING:
    from harness.campaign._campaign import Campaign
    from harness.campaign._car import Car
    from harness.profile import Profile

CODEC_WITHIN_S = 40.0
_POWER_STEP_W = 20.0  # the bench's converter is told again when the target has moved this far


class CarCodec:
    """The EXI codec of the campaign, made ready in the background once it is told to start, or needed."""

    def __init__(self) -> None:
        self._ready: Future[JavaExiCodec] = Future()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._start, name="exi warm-up", daemon=True)

    def start(self) -> None:
        """Begin, unless it has begun."""
        if self._thread.ident is None:
            self._thread.start()

    async def get(self) -> JavaExiCodec:
        """The codec, once Java has seen a message of every schema. Raises what kept it from starting."""
        self.start()
        async with asyncio.timeout(CODEC_WITHIN_S):
            return await asyncio.shield(asyncio.wrap_future(self._ready))

    def close(self) -> None:
        """End Java, or what there is of it."""
        self._closing.set()
        if self._thread.ident is None:
            return
        with contextlib.suppress(Exception):  # what kept it from starting was said to whoever asked for it
            self._ready.result(CODEC_WITHIN_S).close()

    def _start(self) -> None:
        try:
            codec = JavaExiCodec()
        except BaseException as error:
            self._ready.set_exception(error)
            return
        with contextlib.suppress(ExiError):  # the session that meets it says so
            for namespace in ISO_15118_20:
                if not self._closing.is_set():
                    codec.warm_up([namespace])
        self._ready.set_result(codec)


class V2g:
    """A car per session, and the capture of what they said."""

    def __init__(
        self,
        campaign: Campaign,
        interface: str,
        tls: Callable[[], TlsConfig | None],
        codec: CarCodec,
        charger_is_up: Callable[[], None] | None,
    ) -> None:
        self._campaign = campaign
        self._interface = interface
        self._tls = tls
        self._codec = codec
        self._charger_is_up = charger_is_up
        pco = campaign.profile.pco.ev
        assert pco is not None
        self.vehicles = {"AC": load_vehicle(pco.vehicle_ac), "DC": load_vehicle(pco.vehicle_dc)}

    async def car(self, vehicle: Vehicle, *, tls: bool = True) -> Evcc:
        """A new car on the bench's interface. Raises RuntimeError or OSError when the codec could not be started."""
        with self._campaign.recorder.waiting("the car's EXI codec is ready", "harness", CODEC_WITHIN_S):
            codec = await self._codec.get()
        if self._charger_is_up is not None:
            with self._campaign.recorder.waiting("the emulated charger's SECC is up", "harness", READY_WITHIN_S):
                await asyncio.to_thread(self._charger_is_up)
        certificates = self._tls() if tls else None
        how: dict[str, Any] = {"sdp_target": "::1"} if self._interface == "lo" else {}
        return Evcc(vehicle, codec, self._campaign.recorder, self._interface, tls=certificates, **how)

    def close(self) -> None:
        """Write what went over the wire as a capture."""
        frames = frames_from_events(self._campaign.recorder.events)
        if frames:
            folder = self._campaign.folder / "v2g"
            folder.mkdir(exist_ok=True)
            (folder / "sessions.pcapng").write_bytes(pcap_from_frames(frames))


def open_car(
    campaign: Campaign, interface: str | None, codec: CarCodec, charger_is_up: Callable[[], None] | None = None
) -> V2g:
    """The car PCO of the profile. Raises BenchError when its interface or certificates are missing.

    `charger_is_up` waits for what has to be there before a car comes: the emulated charger's SECC, which starts slowly.
    """
    pco = campaign.profile.pco.ev
    assert pco is not None
    if pco.interface == "auto" and campaign.profile.launch is None:
        raise BenchError(
            "ev", None, "`auto` is for the emulated charger; name the network interface (pco.ev.interface)"
        )
    name = pco.interface if pco.interface != "auto" else (interface or "lo")
    name = "cp-ev" if name == "cp-evse" else name
    if name not in {known for _, known in socket.if_nameindex()}:
        raise BenchError("ev", name, "there is no such network interface")
    if pco.tls and charger_is_up is None:
        _tls(campaign)  # what is missing should be said at once
    return V2g(campaign, name, lambda: _tls(campaign) if pco.tls else None, codec, charger_is_up)


def _tls(campaign: Campaign) -> TlsConfig:
    """The certificates of our car: from the profile's folder, or those the emulated charger's maker hands out."""
    pco = campaign.profile.pco.ev
    assert pco is not None
    if pco.pki is not None:
        folder = campaign.profile_path.parent / pco.pki
        files = {"v2g_roots": folder / "v2g_roots.pem", "ev": folder / "ev.pem", "ev_key": folder / "ev.key"}
    else:
        pki = ((campaign.emulator_ready or {}).get("secc") or {}).get("pki") or {}
        files = {name: Path(path) for name, path in pki.items()}
    missing = [name for name in ("ev", "ev_key") if name not in files or not files[name].is_file()]
    if missing:
        raise BenchError("ev", pco.pki, f"the car's certificates are missing: {', '.join(missing)} (pco.ev.pki)")
    roots = files.get("v2g_roots")
    return TlsConfig(roots=roots, certificate=files["ev"], key=files["ev_key"])


def bidirectional_service(profile: Profile) -> str:
    """The bidirectional service that the product can do: "DC_BPT" where it has DC outlets, else "AC_BPT"."""
    dc = "DC" in profile.product.current and profile.declared("dc_bpt") != "no"
    return "DC_BPT" if dc or "AC" not in profile.product.current else "AC_BPT"


class HighLevelSession:
    """`async with ev.session("DC_BPT", "Dynamic") as session:` plugs in, authorises, and is in the charge loop.

    "BPT" stands for whichever bidirectional service the product can do.
    """

    def __init__(self, campaign: Campaign, car: Car, service: str, control: str, **options: Any) -> None:
        self._campaign, self._car = campaign, car
        if service == "BPT":
            service = bidirectional_service(campaign.profile)
        self._kind = "AC" if service.startswith("AC") else "DC"
        self._service, self._control, self._options = service, control, options
        self._session: ChargingSession | None = None
        self._told_w: float | None = None

    async def __aenter__(self) -> ChargingSession:
        campaign, pixit = self._campaign, self._campaign.profile.pixit
        connector = pixit.ac_connector if self._kind == "AC" else pixit.dc_connector
        vehicle = campaign.v2g.vehicles[self._kind]
        await campaign.bench.pilot.soc(vehicle.battery.soc_pct)
        await self._car.plug_in(connector)
        await self._car.authorise()
        evcc = await campaign.v2g.car(vehicle)
        self._session = ChargingSession(
            evcc, self._service, self._control, on_target=self._follow, pilot=self._pilot, **self._options
        )
        return await self._session.__aenter__()

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        assert self._session is not None
        try:
            await self._session.__aexit__(kind, error, trace)
        finally:
            if self._kind == "AC":
                await self._campaign.bench.pilot.power(0.0)

    async def _follow(self, power_w: float) -> float | None:
        """The bench's converter carries what the session asks; in DC the charger itself does."""
        if self._kind == "AC" and (self._told_w is None or abs(power_w - self._told_w) >= _POWER_STEP_W):
            self._told_w = power_w
            await self._campaign.bench.pilot.power(power_w)
        return None

    async def _pilot(self, state: str) -> None:
        if state == "C":
            await self._campaign.bench.pilot.ready()
        else:
            await self._campaign.bench.pilot.not_ready()
