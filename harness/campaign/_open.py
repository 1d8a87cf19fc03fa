"""Opening a campaign's PCOs in order, and closing them in the opposite one, whatever happens."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from harness.bench import RoleConfig, open_bench
from harness.campaign._campaign import Campaign
from harness.campaign._emulated import EmulatedStation
from harness.csms import Csms, CsmsConfig, Pki
from harness.operator import open_operator
from harness.profile import CsmsPco, Profile

Say = Callable[[str], None]


@contextlib.contextmanager
def opened(campaign: Campaign, profile_path: Path, say: Say, *, interface: str | None = None) -> Iterator[Campaign]:
    """Open everything the profile names. Raises BenchError, EmulatorError or OSError naming what did not open."""
    with contextlib.ExitStack() as stack:
        stack.callback(campaign.loop.close)
        profile = campaign.profile
        if profile.pco.operator is not None:
            _open_operator(campaign, profile, profile_path, stack)
        credentials = {}
        if profile.pco.csms is not None:
            credentials = _open_csms(campaign, profile, profile.pco.csms, stack)
            say(f"our backend listens at {campaign.csms.url}")
        ports: dict[str, str] = {}
        if profile.launch is not None:
            say("the emulated charger is started")
            ready = _launch(campaign, profile, credentials, stack, interface)
            ports = ready.get("ports", {})
            campaign.emulator_ready = ready
        campaign.bench = campaign.loop.run(
            open_bench(_roles(profile, ports), campaign.recorder, campaign.operator), within_s=30
        )
        stack.callback(lambda: campaign.loop.run(campaign.bench.close(), within_s=15))
        if profile.pco.ev is not None:
            from harness.campaign._v2g import open_car

            campaign.v2g = open_car(campaign, interface)
            stack.callback(campaign.v2g.close)
        yield campaign


def _open_operator(campaign: Campaign, profile: Profile, profile_path: Path, stack: contextlib.ExitStack) -> None:
    pco = profile.pco.operator
    assert pco is not None
    answers = profile_path.parent / pco.answers if pco.answers else None
    attachments = campaign.folder / "attachments"
    attachments.mkdir(exist_ok=True)
    campaign.operator = campaign.loop.run(
        open_operator(
            pco.driver,
            campaign.recorder,
            attachments=attachments,
            answers=answers,
            host=pco.listen,
            port=pco.port,
        ),
        within_s=15,
    )
    stack.callback(lambda: campaign.loop.run(campaign.operator.close(), within_s=10))  # type: ignore[union-attr]


def _open_csms(
    campaign: Campaign, profile: Profile, pco: CsmsPco, stack: contextlib.ExitStack
) -> dict[str, Path]:
    """Start the backend; the files a charger needs for its security profile."""
    identity = profile.pixit.identity
    pki_dir = Path(pco.pki) if pco.pki else campaign.folder.parent / "pki"
    config = CsmsConfig(
        listen_host=pco.listen,
        port=pco.port,
        identities={identity: pco.password},
        security_profile=pco.security_profile,
        versions=pco.versions,
        heartbeat_interval_s=30,
        pki_dir=pki_dir,
        host_names=tuple(dict.fromkeys((pco.host_name, "localhost", "127.0.0.1", "::1"))),
        serials={identity: profile.product.serial},
    )
    campaign.csms = campaign.loop.run(Csms.start(campaign.recorder, config), within_s=20)
    stack.callback(lambda: campaign.loop.run(campaign.csms.close(), within_s=10))
    files: dict[str, Path] = {}
    pki: Pki | None = campaign.csms.pki
    if pki is not None:
        files["ca"] = pki_dir / "root.pem"
        if pco.security_profile == 3 and profile.launch is not None:
            credential = pki.issue_station_certificate(profile.product.serial)
            for name, text in (("cert", credential.certificate_pem), ("key", credential.key_pem)):
                files[name] = pki_dir / f"station-{name}.pem"
                files[name].write_text(text)
    return files


def _launch(
    campaign: Campaign,
    profile: Profile,
    files: dict[str, Path],
    stack: contextlib.ExitStack,
    interface: str | None,
) -> dict[str, Any]:
    pco, launch = profile.pco.csms, profile.launch
    assert launch is not None
    arguments = ["--interface", (interface or "none") if profile.pco.ev is not None else "none"]
    if pco is not None:
        arguments += ["--csms", campaign.csms.url.replace("127.0.0.1", pco.host_name)]
        arguments += ["--identity", profile.pixit.identity, "--security-profile", str(pco.security_profile)]
        arguments += ["--ocpp", ",".join(launch.offer), "--vendor-serial", profile.product.serial]
        if pco.password:
            arguments += ["--password", pco.password]
        for flag, name in (("--ca-file", "ca"), ("--client-cert", "cert"), ("--client-key", "key")):
            if name in files:
                arguments += [flag, str(files[name])]
    for defect in launch.defects:
        arguments += ["--defect", defect]
    station = EmulatedStation(arguments, campaign.folder.parent / "emulated-station")
    stack.callback(station.stop)
    return station.wait_ready()


def _roles(profile: Profile, ports: dict[str, str]) -> dict[str, RoleConfig]:
    """The bench's roles; the emulated charger tells its instruments' ports itself."""
    roles: dict[str, RoleConfig] = {}
    for role, instrument in profile.pco.bench.items():
        port = ports.get(role, instrument.port) if instrument.port == "emulated" else instrument.port
        known = {f.name for f in dataclasses.fields(RoleConfig)}
        values = {
            "driver": instrument.driver,
            "port": port,
            "baud": instrument.baud,
            "uncertainty": dict(instrument.uncertainty),
            "interlock_armed": instrument.interlock_armed,
        }
        roles[role] = RoleConfig(**{k: v for k, v in values.items() if k in known})
    return roles
