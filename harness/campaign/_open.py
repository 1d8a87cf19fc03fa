"""Opening a campaign's PCOs in order, and closing them in the opposite one, whatever happens."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from harness.bench import open_bench
from harness.campaign._campaign import Campaign
from harness.campaign._emulated import EmulatedStation
from harness.campaign.charger._owing import place_for
from harness.campaign.machine._pace import watch_pace
from harness.csms import Csms, CsmsConfig, Pki, page_tls, write_private
from harness.hands import Ports, open_car
from harness.operator import Operator, ScriptedOperator, TerminalOperator, WebOperator, addresses_of, is_loopback
from harness.owed import Debts
from harness.profile import CsmsPco, Instrument, OperatorPco, Profile

Say = Callable[[str], None]


@contextlib.contextmanager
def opened(campaign: Campaign, profile_path: Path, say: Say, *, interface: str | None = None) -> Iterator[Campaign]:
    """Open everything the profile names. Raises BenchError, EmulatorError or OSError naming what did not open."""
    ports, profile = campaign.ports, campaign.ports.profile
    with contextlib.ExitStack() as stack:
        stack.callback(campaign.loop.close)
        campaign.loop.begin(watch_pace(campaign.recorder))
        credentials = {}
        if profile.pco.csms is not None:
            credentials = _open_csms(campaign, profile, profile.pco.csms, stack)
            say(f"our backend listens at {ports.csms.url()}")
        lines: dict[str, str] = {}
        emulated: EmulatedStation | None = None
        if profile.launch is not None:
            say("the emulated charger is started")
            emulated = _launch(campaign, profile, credentials, stack, interface)
            lines = emulated.ready.get("ports", {})
            ports.emulator_ready = emulated.ready
        if profile.pco.operator is not None:
            _open_operator(campaign, profile, profile_path, say, stack)
        bench = campaign.loop.run(
            open_bench(_roles(profile, lines), campaign.recorder, ports.open_operator, _home(profile)), within_s=30
        )
        ports.open_bench = bench
        _finally(campaign, stack, lambda: _close_bench(campaign))
        if emulated is not None:
            ports.restart = partial(_start_anew, campaign, emulated)
        if profile.pco.ev is not None:
            ports.open_v2g = open_car(ports, interface, emulated.wait_car if emulated is not None else None)
            _finally(campaign, stack, ports.open_v2g.close)
        yield campaign


def _finally(campaign: Campaign, stack: contextlib.ExitStack, close: Callable[[], object]) -> None:
    """Close it at the end; what goes wrong then is written down, and keeps nothing from being judged."""

    def closing() -> None:
        try:
            close()
        except Exception as error:
            detail = f"while closing: {type(error).__name__}: {error}"
            campaign.recorder.record("harness.error", "harness", {"detail": detail})

    stack.callback(closing)


def _open_operator(
    campaign: Campaign, profile: Profile, profile_path: Path, say: Say, stack: contextlib.ExitStack
) -> None:
    pco = profile.pco.operator
    assert pco is not None
    attachments = campaign.ports.evidence / "attachments"
    attachments.mkdir(exist_ok=True)
    operator: Operator
    if pco.driver == "scripted":
        panel = campaign.ports.emulator_ready.get("panel") or {}
        facts = {"model": profile.product.model, "serial": profile.product.serial}
        facts |= {"panel_picture": panel.get("picture", ""), "panel_marked": "yes" if panel.get("marking") else "no"}
        answers = profile_path.parent / (pco.answers or "answers.yaml")
        operator = ScriptedOperator(campaign.recorder, attachments, answers, facts)
    elif pco.driver == "web":
        operator = _open_page(campaign, pco, say)
    else:
        operator = TerminalOperator(campaign.recorder, attachments)
    campaign.ports.open_operator = operator
    _finally(campaign, stack, lambda: campaign.loop.run(operator.close(), within_s=10))


def _open_page(campaign: Campaign, pco: OperatorPco, say: Say) -> WebOperator:
    """The page on a phone; its address, and whom it can be trusted not to be read by, are told."""
    ports, tls, fingerprint = campaign.ports, None, ""
    if pco.tls:
        csms = ports.profile.pco.csms
        folder = backend_config(ports.profile, csms, ports).pki_dir if csms is not None else None
        names = tuple(dict.fromkeys((*addresses_of(pco.listen), "localhost", "127.0.0.1")))
        tls, fingerprint = page_tls(folder or ports.evidence.parent / "pki", names)
    web = WebOperator(campaign.recorder, ports.evidence / "attachments", tls=tls, say=say)
    campaign.loop.run(web.start(pco.listen, pco.port), within_s=10)
    say(f"open this page on the phone of whoever stands at the charger: {' or '.join(web.urls)}")
    if fingerprint:
        say(f"its certificate is ours; compare what the phone shows with SHA-256 {fingerprint}")
    elif not all(is_loopback(url) for url in web.urls):
        say("anybody on that network can read it and answer; `tls: yes` under pco.operator keeps them out")
    return web


def backend_config(profile: Profile, pco: CsmsPco, ports: Ports) -> CsmsConfig:
    """Our backend as the profile asks for it; its certificates are the profile's, or made for the campaign."""
    identity = profile.pixit.identity
    return CsmsConfig(
        listen_host=pco.listen,
        port=pco.port,
        identities={identity: pco.password},
        security_profile=pco.security_profile,
        versions=pco.versions,
        heartbeat_interval_s=30,
        pki_dir=ports.profile_folder / pco.pki if pco.pki else ports.evidence.parent / "pki",
        host_names=tuple(dict.fromkeys((pco.host_name, "localhost", "127.0.0.1", "::1"))),
        serials={identity: profile.product.serial},
        evse_id=profile.pixit.evse_id,
    )


def _open_csms(campaign: Campaign, profile: Profile, pco: CsmsPco, stack: contextlib.ExitStack) -> dict[str, Path]:
    """Start the backend; the files a charger needs for its security profile."""
    ports = campaign.ports
    config = backend_config(profile, pco, ports)
    ports.open_csms = csms = Csms(campaign.recorder, config)
    folder = ports.evidence.parent
    csms.guard = ports.owed = Debts(place_for(profile, folder.parent), profile.pixit.identity, folder.name)
    ports.owed.make_room = campaign.recorder.make_room
    campaign.loop.run(csms.start(), within_s=20)
    _finally(campaign, stack, lambda: campaign.loop.run(csms.stop(), within_s=10))
    files: dict[str, Path] = {}
    if (pki_dir := config.pki_dir) is not None and config.secure:
        pki: Pki = csms.pki
        files["ca"] = pki_dir / "roots.pem"
        if pco.security_profile == 3 and profile.launch is not None:
            for kind, tail in (("ec", ""), ("rsa", "-rsa")):  # the charger takes the kind that it knows
                credential = pki.issue_station_certificate(profile.product.serial, kind=kind)
                (pki_dir / f"station-cert{tail}.pem").write_text(credential.certificate_pem)
                write_private(pki_dir / f"station-key{tail}.pem", credential.key_pem)
            files |= {name: pki_dir / f"station-{name}.pem" for name in ("cert", "key")}
    return files


def _launch(
    campaign: Campaign,
    profile: Profile,
    files: dict[str, Path],
    stack: contextlib.ExitStack,
    interface: str | None,
) -> EmulatedStation:
    pco, launch = profile.pco.csms, profile.launch
    assert launch is not None
    arguments = ["--evses", str(launch.evses)]
    arguments += ["--interface", (interface or "none") if profile.pco.ev is not None else "none", "--car-later"]
    if pco is not None:
        arguments += ["--csms", campaign.ports.csms.url()]
        arguments += ["--identity", profile.pixit.identity, "--security-profile", str(pco.security_profile)]
        arguments += ["--ocpp", ",".join(launch.offer), "--vendor-serial", profile.product.serial]
        for flag, name in (("--ca-file", "ca"), ("--client-cert", "cert"), ("--client-key", "key")):
            if name in files:
                arguments += [flag, str(files[name])]
    for option, names in (("--defect", launch.defects), ("--variant", launch.variants)):
        arguments += [part for name in names for part in (option, name)]
    station = EmulatedStation(
        arguments, campaign.ports.evidence.parent / "emulated-station", pco.password if pco else None
    )
    if pco is not None:
        campaign.ports.csms.charger_process = station.process
    _finally(campaign, stack, lambda: _switch_off(campaign, station))
    station.wait_ready()
    return station


def _switch_off(campaign: Campaign, station: EmulatedStation) -> None:
    """Stop the emulated charger; one that had ended before is our fault and no charger's, and the evidence says so."""
    if (gone := station.ended_by_itself) is not None:
        campaign.recorder.record("harness.error", "harness", {"detail": gone})
    station.stop()


def _close_bench(campaign: Campaign) -> None:
    bench = campaign.ports.open_bench
    if bench is not None:
        campaign.loop.run(bench.close(), within_s=15)


def _start_anew(campaign: Campaign, station: EmulatedStation) -> None:
    """Switch the emulated charger off and on: another process, whose instruments have other ports."""
    ports, profile = campaign.ports, campaign.ports.profile
    _switch_off(campaign, station)
    _close_bench(campaign)
    station.start()
    if ports.open_csms is not None:
        ports.open_csms.charger_process = station.process
    ports.emulator_ready = station.wait_ready()
    roles = _roles(profile, station.ready.get("ports", {}))
    opening = open_bench(roles, campaign.recorder, ports.open_operator, _home(profile))
    ports.open_bench = campaign.loop.run(opening, within_s=30)


def _home(profile: Profile) -> int:
    """The EVSE that instruments without a number stand at, where there are several."""
    pixit = profile.pixit
    return pixit.evse_id if {pixit.evse_id, *pixit.evses} != {pixit.evse_id} else 0


def _roles(profile: Profile, ports: dict[str, str]) -> dict[str, Instrument]:
    """The bench's roles; the emulated charger tells its instruments' ports itself."""
    return {
        role: msgspec.structs.replace(instrument, port=ports.get(role)) if instrument.port == "emulated" else instrument
        for role, instrument in profile.pco.bench.items()
    }
