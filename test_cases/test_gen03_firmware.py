"""GEN-03: new versions can be installed, and only those that the manufacturer signed."""

from harness.case import disruptive, needs, takes, verifies
from harness.hands import Claims, FirmwareOffer, Steps
from harness.judge import firmware as judges

_WHY = "firmware is offered to the charger"


@verifies("GEN-03.6")
@needs(station="signed_firmware_update", firmware="newer")
@takes(2)
@disruptive(_WHY)
async def test_survives_a_download_that_breaks_off(firmware: FirmwareOffer, step: Steps, claim: Claims) -> None:
    """A download that breaks off leaves the old firmware running and the charger reachable."""
    async with step("offer the firmware, and break the download off"):
        update = await firmware.offer(interrupt=True)
        await firmware.wait_for("DownloadFailed", update)
        await firmware.sign_of_life()
    # one that takes the part for the whole finds its signature wrong (L01.FR.04), and is as well off
    statuses = ["DownloadFailed", "InvalidSignature", "InstallVerificationFailed"]
    claim(judges.refuses, call=update.call, statuses=statuses, running=firmware.running)


@verifies("GEN-03.4")
@needs(station="signed_firmware_update", firmware="newer")
@takes(2)
@disruptive(_WHY)
async def test_refuses_an_altered_image(firmware: FirmwareOffer, step: Steps, claim: Claims) -> None:
    """Firmware that was altered after signing is refused."""
    async with step("offer an image with one byte changed"):
        update = await firmware.offer(tampered=True)
        await firmware.wait_for("InvalidSignature", update)
        await firmware.sign_of_life()
    statuses = ["InvalidSignature", "InstallVerificationFailed"]
    claim(judges.refuses, call=update.call, statuses=statuses, running=firmware.running)


@verifies("GEN-03.5")
@needs(station="signed_firmware_update", firmware="newer")
@takes(2)
@disruptive(_WHY)
async def test_refuses_a_stranger_s_signature(firmware: FirmwareOffer, step: Steps, claim: Claims) -> None:
    """Firmware signed by somebody whom the charger has no reason to trust is refused."""
    async with step("offer an image that a stranger signed"):
        update = await firmware.offer(stranger=True)
        await firmware.wait_for("InvalidSignature", update)
        await firmware.sign_of_life()
    claim(
        judges.refuses,
        call=update.call,
        answers=["InvalidCertificate", "RevokedCertificate", "Rejected"],
        statuses=["InvalidSignature", "InstallVerificationFailed"],
        running=firmware.running,
    )


@verifies("GEN-03.3")
@needs(station="signed_firmware_update", firmware="newer")
@takes(4)
@disruptive("the charger installs newer firmware and stays on it")
async def test_installs_what_the_manufacturer_signed(firmware: FirmwareOffer, step: Steps, claim: Claims) -> None:
    """Correctly signed firmware is installed, and the charger then reports the new version."""
    async with step("offer the right firmware"):
        update = await firmware.offer()
        await firmware.wait_for("Installed", update)
        await firmware.until_it_runs(update)
    claim(judges.installs, call=update.call, version=firmware.version)
