"""GEN-03: new versions can be installed, and only those that the manufacturer signed.

What is refused is worth something only where the right firmware from the same place is installed: it comes last.
"""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import firmware as judges

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


@serves("OCPP-L01.P001")
async def test_installs_what_the_manufacturer_signed(stand: Stand) -> None:
    """Correctly signed firmware is installed, and the charger then reports the new version."""
    firmware = stand.firmware
    async with stand.step("offer the right firmware"):
        update = await firmware.offer()
        await firmware.wait_for("Installed", update)
        await firmware.until_it_runs(update)
    stand.claim(judges.installs, call=update.call, version=firmware.version)
