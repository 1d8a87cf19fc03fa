"""A00: which roots vouch for a backend."""

from functools import partial

from harness.case import serves
from harness.csms import ELSEWHERE, V21, roots_for_elsewhere
from harness.hands import Stand
from harness.judge.line import security
from test_cases.ocpp._installed import newly_installed


async def _shown_below(stand: Stand, *kinds: str) -> None:
    """For each of these a new root is installed, our server shows itself below it, and the root is deleted again.

    Which of them it takes is the charger's affair; where it takes none, nothing vouches for that server at all.
    """
    csms, patience_s = stand.csms, stand.limit_s("reconnect")
    roots = roots_for_elsewhere(csms.pki, csms.config.host_names)
    await stand.settings.quick_reconnect()
    for kind in kinds:
        begin = stand.mark()
        async with stand.step(f"new roots as {kind}"):
            station = stand.station
            before = await station.get_installed_certificate_ids(kind)
            taken = [(await station.install_certificate(root, kind)).accepted for root in roots]
            after = await station.get_installed_certificate_ids(kind)
        if not any(taken) and kind != kinds[-1]:
            continue
        with stand.claim.during(security.refuses, group=kind, scenario=ELSEWHERE, since=begin):
            async with stand.step(f"the controls, and then a server below a {kind}"):
                stand.claim.control(security.connects_to_the_right_server, group=kind)
                async with csms.misbehaving(ELSEWHERE):
                    await csms.control_handshake(ELSEWHERE)
                    stand.claim.control(security.control_client_connects, group=kind, scenario=ELSEWHERE)
                    await csms.disconnect(stand.pixit.identity)
                    meets = partial(csms.next_handshake, "dut", within_s=patience_s, scenario=ELSEWHERE)
                    met = await stand.if_it_comes(meets())
                    if met is not None and met.data["outcome"] != "completed":  # some give in when they try again
                        await stand.if_it_comes(meets())
            async with stand.step("back to the right server, and the roots are deleted"):
                await stand.quiet(within_s=3)  # who was let in by mistake is cut off first
                await stand.if_it_comes(stand.station.until_ready(within_s=patience_s))
                for mine in newly_installed(before, after):
                    await stand.station.delete_certificate(mine)


@serves("OCPP-A00.P401")
async def test_a_root_for_other_purposes_lets_no_backend_in(stand: Stand) -> None:
    """Roots of contracts, of drivers' providers and, in 2.1, of cars' makers."""
    for_cars = ("OEMRootCertificate",) if stand.station.version == V21 else ()
    await _shown_below(stand, "V2GRootCertificate", "MORootCertificate", *for_cars)


@serves("OCPP-A00.P402")
async def test_a_root_for_firmware_lets_no_backend_in(stand: Stand) -> None:
    """A root of the manufacturer's."""
    await _shown_below(stand, "ManufacturerRootCertificate")
