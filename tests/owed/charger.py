"""A charger that outlives runs, as real ones do: its own process, its own memory, and settings of its operator's."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import yaml

from harness.csms import Pki, write_private
from harness.emulator._config import parse
from harness.emulator._station import Station

IDENTITY, PASSWORD = "EMU-0001", "0123456789abcdef"
QUICK = {"RetryBackOffWaitMinimum": "1", "RetryBackOffRandomRange": "1", "RetryBackOffRepeatTimes": "1"}
_VARIABLES = {
    **{f"OCPPCommCtrlr.{name}": value for name, value in QUICK.items()},
    "OCPPCommCtrlr.OfflineThreshold": "77",
}
_VARIABLES["OCPPCommCtrlr.HeartbeatInterval"] = "30"  # every backend gives one with its answer to a boot; so does ours
_READY_WITHIN_S = 150.0
_KEPT = ("profiles", "monitors", "der", "reservations", "local_list", "network", "firmware")


def profile(number: int, purpose: str, stack_level: int = 1) -> dict[str, Any]:
    """An operator's charging profile of 25 A."""
    schedule = {
        "id": number,
        "startSchedule": "2024-01-01T00:00:00Z",
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 25.0}],
    }
    about = {
        "id": number,
        "stackLevel": stack_level,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Absolute",
    }
    return {**about, "chargingSchedule": [schedule]}


PROFILES = [
    {"evse": 0, "raw": profile(72, "ChargingStationMaxProfile")},
    {"evse": 1, "raw": profile(71, "TxDefaultProfile")},
]
MONITOR = {
    "type": "UpperThreshold",
    "severity": 4,
    "component": {"name": "OCPPCommCtrlr"},
    "variable": {"name": "OfflineThreshold"},
    "status": "Accepted",
    "value": 5000,
    "transaction": False,
}
CONTROL = {
    "id": "operator-1",
    "type": "FreqDroop",
    "is_default": True,
    "body": {
        "priority": 7,
        "overFreq": 50.3,
        "underFreq": 49.7,
        "overDroop": 4.0,
        "underDroop": 4.0,
        "responseTime": 5,
    },
    "superseded": False,
    "started": False,
}


def free_port() -> int:
    """One that nobody listens at now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class OwnCharger:
    """`with OwnCharger(folder) as charger:` is switched on; `charger.profile` is what `--dut` takes.

    `bench`: with its meter and pilot box, so that cars charge; else by OCPP alone. `port`: where its backend
    listens, of another one that has the same identity.
    """

    module = "harness.emulator"  # what is switched on, as `python -m` takes it

    def __init__(self, folder: Path, bench: bool = True, port: int = 0, security_profile: int = 1) -> None:
        self.folder, self.state, self.port = folder, folder / "charger", port or free_port()
        self.profile, self.campaigns = folder / "dut.yaml", folder / "campaigns"
        self._bench, self._security_profile, self._pki = bench, security_profile, folder / "pki"
        if security_profile > 1 and not self._pki.exists():
            self._onboarded()
        self._process: subprocess.Popen[str] | None = None
        stored = self.state / "station"
        if stored.exists():  # it is switched on again, and has its memory
            return
        stored.mkdir(parents=True)
        for name, value in (("profiles", PROFILES), ("monitors", {"1": MONITOR}), ("der", [CONTROL])):
            (stored / f"{name}.json").write_text(json.dumps(value))
        variables = {_key(*name.split(".")): value for name, value in _VARIABLES.items()}
        (stored / "variables.json").write_text(json.dumps(variables))

    def _onboarded(self) -> None:
        """It has the bench's root, and in security profile 3 a certificate below it."""
        own = Pki.create(self._pki).issue_station_certificate(IDENTITY)
        (self._pki / "own.pem").write_text(own.certificate_pem)
        write_private(self._pki / "own.key", own.key_pem)

    @property
    def arguments(self) -> list[str]:
        """Of `python -m harness.emulator`."""
        level, files = self._security_profile, []
        url = f"ws://127.0.0.1:{self.port}/ocpp" if level == 1 else f"wss://localhost:{self.port}/ocpp"
        if level > 1:
            files += ["--ca-file", str(self._pki / "roots.pem")]
        if level > 2:
            files += ["--client-cert", str(self._pki / "own.pem"), "--client-key", str(self._pki / "own.key")]
        who = ["--csms", url, "--password", PASSWORD, "--identity", IDENTITY, "--security-profile", str(level)]
        return [*files, *who, "--state-dir", str(self.state)]

    @property
    def surroundings(self) -> dict[str, str]:
        """What its process finds in its environment besides ours."""
        return {}

    @property
    def process(self) -> int:
        """Its process number."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> OwnCharger:
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.surroundings},
            start_new_session=True,
        )
        assert self._process.stdout is not None
        overdue = threading.Timer(_READY_WITHIN_S, self._process.kill)
        overdue.start()
        line = self._process.stdout.readline()
        overdue.cancel()
        ready = json.loads(line)
        self._write_profile(ready["ports"])
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)

    def _write_profile(self, ports: dict[str, str]) -> None:
        shipped = yaml.safe_load(
            (Path(sys.modules["harness"].__path__[0]) / "profile/builtin/emulated.yaml").read_text()
        )
        shipped.pop("launch")
        shipped.pop("documents")
        bench = {role: {**each, "port": ports[role]} for role, each in shipped["pco"]["bench"].items()}
        csms = {"port": self.port, "security_profile": self._security_profile, "password": PASSWORD}
        csms |= {"pki": str(self._pki)} if self._security_profile > 1 else {}
        shipped["pco"] = {"csms": csms, **({"bench": bench} if self._bench else {})}
        shipped["pixit"] |= {"boot_s": 20, "reconnect_s": 20}
        self.profile.write_text(yaml.safe_dump(self.described(shipped), sort_keys=False))

    def described(self, profile: dict[str, Any]) -> dict[str, Any]:
        """The profile as it is written; another charger's may differ."""
        return profile

    def newer_firmware(self) -> dict[str, str]:
        """What its maker hands over, as a profile names it."""
        factory = self.state / "factory"
        newest = json.loads((factory / "index.json").read_text())["firmware"][-1]
        names = {"image": "file", "signature": "signature", "signing_certificate": "signing_certificate"}
        files = {ours: str(factory / newest[theirs]) for ours, theirs in names.items()}
        return {**files, "version": newest["version"]}

    def _copy(self, into: Path) -> None:
        """Its memory as it is at one moment: it is held still meanwhile, and what it had not finished is not copied."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)  # does nothing to one that has ended
        try:
            shutil.copytree(self.state, into, ignore=shutil.ignore_patterns("*.tmp"))
        finally:
            self._process.send_signal(signal.SIGCONT)

    def holds(self) -> dict[str, Any]:
        """Everything that it keeps and its operator could miss, whole: read from its own memory as it would itself."""
        with tempfile.TemporaryDirectory() as copy:
            stored = Path(copy) / "charger"
            self._copy(stored)
            arguments = [*self.arguments[:-1], str(stored)]
            station = Station(parse(arguments))
            try:
                client = station.ocpp
                assert client is not None
                settings = {"/".join(map(str, v.key)): v.value for v in client.model if v.persistent}
                kept = stored / "station"
                certificates = sorted(p.relative_to(kept).as_posix() for p in kept.glob("certificates/**/*.pem"))
                files = {name: client.storage.load(name, None) or None for name in _KEPT}
                out_of_service = {str(evse): sorted(each.status._inoperative) for evse, each in client.evses.items()}
            finally:
                station.close()
        by_number = sorted(files["profiles"] or [], key=lambda each: each["raw"]["id"])
        return {
            **files,
            "profiles": by_number,
            "settings": settings,
            "certificates": certificates,
            "out_of_service": out_of_service,
        }


def _key(component: str, variable: str) -> str:
    return f"{component.lower()}//0/0/{variable.lower()}/"


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is another than before, in words; [] when all is the same."""
    found = []
    for name in before:
        if name == "settings":
            keys = {k for k in {*before[name], *after[name]} if before[name].get(k) != after[name].get(k)}
            found += [f"{k}: {before[name].get(k)!r} -> {after[name].get(k)!r}" for k in sorted(keys)]
        elif before[name] != after[name]:
            found.append(f"{name}: {before[name]!r} -> {after[name]!r}")
    return found
