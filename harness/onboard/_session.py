"""Onboarding while it runs: our backend listens, advice is told as it becomes true, then the charger is asked."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import ipaddress
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.addresses import local_addresses
from harness.csms import Csms, CsmsConfig, Station, write_private
from harness.onboard._advice import STARTED, Advice, Told
from harness.onboard._certificate import give_certificate
from harness.onboard._diagnose import diagnose
from harness.onboard._inventory import Inventory
from harness.trace import Recorder, Trace
from plain_files import text_of

_LOOK_EVERY_S = 0.3
_SETTLE_S = 2.0  # for the first messages after the boot, which tell of clock and status
_ANY_ADDRESS = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Wish:
    """What the person asked for. `identity` None lets any in; `within_s` bounds the wait for the charger."""

    pki: Path
    listen: str = "0.0.0.0"
    port: int = 9000
    security_profile: int = 2
    identity: str | None = None
    password: str | None = None
    serial: str | None = None
    host_name: str | None = None
    key_type: str | None = None
    within_s: float = 900.0
    give_certificate: bool = False


@dataclass(frozen=True)
class Arrived:
    """The charger that got in: its identity, boot, inventory (empty when it gave none) and the versions it offered."""

    identity: str
    boot: dict[str, Any] | None
    inventory: Inventory
    offered: tuple[str, ...]


class AnyIdentity(Mapping[str, str | None]):
    """Lets every identity in with one password, except the path's own last part: then the charger named none."""

    def __init__(self, password: str | None, path: str) -> None:
        self._password = password
        self._nobody = path.rstrip("/").rsplit("/", 1)[-1]

    def __contains__(self, identity: object) -> bool:
        return identity != self._nobody

    def __getitem__(self, identity: str) -> str | None:
        if identity == self._nobody:
            raise KeyError(identity)
        return self._password

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def new_password() -> str:
    """A password that a person can type: 20 characters without look-alikes, about 96 bits (A00.FR.205: 16 to 40)."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(5))


class Onboarding:
    """`async with Onboarding(recorder, wish) as bench:` listens; `told` is what the person must enter."""

    def __init__(self, recorder: Recorder, wish: Wish) -> None:
        self.wish = wish
        self.recorder = recorder
        addresses = local_addresses()
        wild = wish.listen in _ANY_ADDRESS
        self.host = wish.host_name or (addresses[0] if wild and addresses else wish.listen)
        names = (self.host, wish.listen, *addresses, "localhost")
        self.host_names = tuple(dict.fromkeys(n for n in names if n not in _ANY_ADDRESS))
        self._addresses = addresses
        self.password = wish.password if wish.security_profile in (1, 2) else None
        self._nudged: set[str] = set()
        self.csms = Csms(recorder, self._config())

    async def __aenter__(self) -> Onboarding:
        await self.csms.start()
        self.recorder.record(STARTED, "harness", dataclasses.asdict(self.told))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.csms.stop()

    @property
    def told(self) -> Told:
        """What the person is told to enter, and what is expected therefore."""
        config = self.csms.config
        return Told(
            url=self.csms.url(host=self.host),
            identity=self.wish.identity,
            security_profile=config.security_profile,
            port=self.csms.port,
            path=config.path,
            versions=config.versions,
            ca_file=str(self.ca_file) if self.ca_file else None,
            other_ca_file=str(self.csms.pki.root_files[1].resolve()) if self.ca_file else None,
            host_names=self.host_names,
            addresses=self._addresses if self.wish.listen in _ANY_ADDRESS else (self.wish.listen,),
        )

    @property
    def ca_file(self) -> Path | None:
        """The root certificate that the charger must trust first of all; None without TLS."""
        return self.csms.pki.root_files[0].resolve() if self.csms.config.secure else None

    def station_files(self) -> tuple[Path, Path]:
        """The charger's certificate and key, made once a serial number and kept in the `pki` folder.

        Their kind is `key_type`, also in a folder whose first root is of the other: a charger that knows RSA only needs
        it so (A00.FR.319, A00.FR.421).
        """
        serial = self.wish.serial or self.wish.identity
        if serial is None:
            raise ValueError("a client certificate needs --serial (or --identity): it names the charger it is for")
        safe = "".join(c if c.isalnum() or c in "-." else "-" for c in serial)
        pki = self.csms.pki
        kind = self.wish.key_type or pki.algorithm
        name = f"charger-{safe}" if kind == pki.algorithm else f"charger-{safe}-{kind}"
        files = self.wish.pki / f"{name}.pem", self.wish.pki / f"{name}.key"
        if not all(file.is_file() for file in files):
            made = pki.issue_station_certificate(serial, kind=kind)
            write_private(files[1], made.key_pem)
            files[0].write_text(made.certificate_pem + text_of(pki.root_files[pki.kinds.index(kind)], most=1_000_000))
        return files[0].resolve(), files[1].resolve()

    def advice(self, *, at_last: bool = False) -> list[Advice]:
        """What can be told now; `at_last`, when the wait is over, also what patience would have kept back."""
        expected = dataclasses.replace(self.told, nothing_after_s=0.0, silent_after_s=0.0) if at_last else None
        return diagnose(Trace(tuple(self.recorder.events)), self.recorder.clock.mono_ns(), expected)

    @property
    def other_addresses(self) -> list[str]:
        """Where else on this computer the backend listens, as other networks reach it."""
        if self.wish.listen not in _ANY_ADDRESS:
            return []
        heard = [ipaddress.ip_address(each) for each in self._addresses if each != self.host]
        return [str(a) for a in heard if not a.is_loopback and (a.version == 4 or self.wish.listen == "::")]

    async def wait(self, tell: Callable[[Advice], None]) -> Station | None:
        """Wait for a charger that is connected and has booted, telling each new advice; None when none came in time."""
        loop = asyncio.get_running_loop()
        end_s = loop.time() + self.wish.within_s
        told: set[str] = set()
        with self.recorder.waiting("a charger to connect and boot", "dut", self.wish.within_s):
            while True:
                self._tell_new(tell, told)
                ready = [s for s in self.csms.stations.values() if s.ready]
                station = next((s for s in ready if s.boot), None)
                if station is not None:
                    await asyncio.sleep(_SETTLE_S)
                    self._tell_new(tell, told)
                    return station
                if loop.time() >= end_s:
                    return ready[0] if ready else None
                await self._nudge()
                await asyncio.sleep(_LOOK_EVERY_S)

    async def ask(self, station: Station) -> Arrived:
        """Ask for the device model; a charger that refuses is taken as it is."""
        inventory = Inventory(())
        for base in ("FullInventory", "ConfigurationInventory"):
            with contextlib.suppress(TimeoutError, ConnectionError):
                collected = await station.get_base_report(base, within_s=60.0)
                inventory = Inventory(collected.entries("reportData"))
            if inventory.variables:
                break
        return Arrived(station.identity, station.boot, inventory, self._offered(station.identity))

    async def give_certificate(self, station: Station, within_s: float = 60.0) -> str | None:
        """Let the charger ask for its client certificate (A02) and hand it over; None when it took it, else why not."""
        return await give_certificate(self.csms, self.recorder, station, within_s)

    def _offered(self, identity: str) -> tuple[str, ...]:
        opened = (e for e in self.recorder.events if e.kind == "ocpp.connection" and e.data.get("state") == "open")
        return tuple(str(v) for e in opened if e.data.get("identity") == identity for v in e.data.get("offered", ()))

    def _tell_new(self, tell: Callable[[Advice], None], told: set[str]) -> None:
        for advice in self.advice():
            if advice.topic not in told and not advice.settled:
                told.add(advice.topic)
                tell(advice)

    async def _nudge(self) -> None:
        """A charger that came without a boot is asked for one, once: its nameplate stands there."""
        for station in self.csms.stations.values():
            if station.ready and station.boot is None and station.identity not in self._nudged:
                self._nudged.add(station.identity)
                with contextlib.suppress(TimeoutError, ConnectionError):
                    await station.trigger_message("BootNotification", within_s=5.0)

    def _config(self) -> CsmsConfig:
        wish, path = self.wish, CsmsConfig.path
        known: Mapping[str, str | None] | None = AnyIdentity(self.password, path)
        if wish.identity is not None:
            known = {wish.identity: self.password}
        elif wish.security_profile == 3:
            known = None
        return CsmsConfig(
            listen_host=wish.listen,
            port=wish.port,
            identities=known,
            security_profile=wish.security_profile,
            pki_dir=wish.pki,
            key_algorithm=wish.key_type,
            host_names=self.host_names,
            serials={wish.identity: wish.serial} if wish.identity and wish.serial else {},
        )
