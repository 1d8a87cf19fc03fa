"""GEN-03: new versions can be installed, and only those that the manufacturer signed.

What is refused is worth something only where the right firmware from the same place is installed: it comes last.
"""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import told
from harness.judge.ocpp import firmware as judges
from harness.judge.ocpp import firmware_time

_WRONG_SIGNATURE = ["InvalidSignature", "InstallVerificationFailed"]


@serves("OCPP-L01.P004")
async def test_survives_a_download_that_breaks_off(stand: Stand) -> None:
    """A download that breaks off leaves the old firmware running and the charger reachable."""
    firmware = stand.firmware
    async with stand.step("offer the firmware, and break the download off"):
        update = await firmware.offer(interrupt=True)
        # one that takes the part for the whole finds its signature wrong (L01.FR.04), and is as well off
        statuses = ["DownloadFailed", *_WRONG_SIGNATURE]
        with stand.claim.during(judges.refuses, call=update.call, statuses=statuses, running=firmware.running):
            await firmware.wait_for("DownloadFailed", update)
            await firmware.sign_of_life()
    stand.claim.control(judges.right_one_installed)


@serves("OCPP-L01.P002")
async def test_refuses_an_altered_image(stand: Stand) -> None:
    """Firmware that was altered after signing is refused."""
    firmware = stand.firmware
    async with stand.step("offer an image with one byte changed"):
        update = await firmware.offer(tampered=True)
        with stand.claim.during(judges.refuses, call=update.call, statuses=_WRONG_SIGNATURE, running=firmware.running):
            await firmware.wait_for("InvalidSignature", update)
            await firmware.sign_of_life()
    stand.claim.control(judges.right_one_installed)


@serves("OCPP-L01.P003")
async def test_refuses_a_stranger_s_signature(stand: Stand) -> None:
    """Firmware signed by somebody whom the charger has no reason to trust is refused."""
    firmware = stand.firmware
    async with stand.step("offer an image that a stranger signed"):
        update = await firmware.offer(stranger=True)
        refused = partial(stand.claim.during, judges.refuses, statuses=_WRONG_SIGNATURE, running=firmware.running)
        with refused(call=update.call, answers=["InvalidCertificate", "RevokedCertificate", "Rejected"]):
            await firmware.wait_for("InvalidSignature", update)
            await firmware.sign_of_life()
    stand.claim.control(judges.right_one_installed)


@serves("OCPP-L01.P101")
async def test_refuses_what_its_backend_s_root_signed(stand: Stand) -> None:
    """The charger trusts that root, but for its backend: not for firmware."""
    firmware = stand.firmware
    async with stand.step("offer an image that was signed below the backend's root"):
        update = await firmware.offer(own_root=True)
        refused = partial(stand.claim.during, judges.refuses, statuses=_WRONG_SIGNATURE, running=firmware.running)
        with refused(call=update.call, answers=["InvalidCertificate", "RevokedCertificate", "Rejected"]):
            await firmware.wait_for("InvalidSignature", update)
            await firmware.sign_of_life()
    stand.claim.control(judges.right_one_installed)


@serves("OCPP-L01.P401")
async def test_refuses_what_nobody_signed(stand: Stand) -> None:
    """Without signature, without certificate, without both: a station that checks signatures takes no such update."""
    firmware, none = stand.firmware, ["Rejected", "InvalidCertificate"]
    for missing in (("signature",), ("certificate",), ("signature", "certificate")):
        async with stand.step(f"offer the right image without {' and '.join(missing)}"):
            update = await firmware.offer(without=missing)
            refused = partial(stand.claim.during, judges.refuses, statuses=_WRONG_SIGNATURE, running=firmware.running)
            with refused(call=update.call, answers=none):
                await firmware.wait_for("InvalidSignature", update)
                await firmware.sign_of_life()
    stand.claim.control(judges.right_one_installed)


@serves("OCPP-L01.P103")
async def test_fetches_at_the_hour_it_was_told(stand: Stand) -> None:
    """To be fetched in a while: the charger waits, and then asks our file server, where the download breaks off."""
    firmware, in_s = stand.firmware, 5
    async with stand.step(f"offer firmware to be fetched in {in_s} s"):
        update = await firmware.offer(interrupt=True, retrieve_at=stand.time_in(in_s))
        await firmware.wait_for("DownloadScheduled", update)
        await stand.until_after(update.call, in_s, "the firmware is to be fetched")
        await firmware.wait_for("DownloadFailed", update)
    stand.claim(firmware_time.fetches_later, call=update.call)


@serves("OCPP-L01.P102")
async def test_installs_at_the_hour_it_was_told(stand: Stand) -> None:
    """To be installed later: the charger waits, until another offer, which breaks off, takes that one's place."""
    firmware, in_s = stand.firmware, stand.limit_s("early") + 120
    async with stand.step("offer the right firmware, to be installed later"):
        update = await firmware.offer(install_at=stand.time_in(in_s))
        await firmware.wait_for("InstallScheduled", update)
        await stand.dwell("early", "nothing is installed before its time")
    stand.claim(firmware_time.installs_later, call=update.call)
    async with stand.step("take it back; one that cannot is waited for (L01.FR.27)"):
        other = await firmware.offer(interrupt=True)
        await firmware.wait_for("DownloadFailed", other)
        if update.accepted and other.status == "Rejected":
            await firmware.wait_for("Installed", update)


@serves("OCPP-L01.P001")
async def test_installs_what_the_manufacturer_signed(stand: Stand) -> None:
    """Correctly signed firmware is installed, and the charger then reports the new version."""
    firmware = stand.firmware
    async with stand.step("offer the right firmware"):
        update = await firmware.offer()
        await firmware.wait_for("Installed", update)
        await firmware.until_it_runs(update)
    stand.claim(judges.installs, call=update.call, version=firmware.version)


@serves("OCPP-L01.P106")
async def test_runs_the_new_version_after_a_reset_too(stand: Stand) -> None:
    """The new version was installed before; a reset brings no older one back."""
    async with stand.step("reset it, and ask what it runs; it reports that, too"):
        reset = await stand.restarted()
        await stand.station.get_report([("ChargingStation",)], within_s=10)
        runs = await stand.station.get_variables([("ChargingStation", "FirmwareVersion")])
    stand.claim(told.version_kept, since=reset.call, get=runs.call, version=stand.firmware.version)
