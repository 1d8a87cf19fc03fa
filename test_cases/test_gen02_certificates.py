"""GEN-02: the certificates are for the product that stands here."""

from harness.case import needs, takes, verifies
from harness.documents import matches_reported_firmware
from harness.hands import Claims, Station, Steps


@verifies("GEN-02.2")
@needs(station="device_model")
@takes(2)
async def test_model_and_firmware_are_those_on_the_certificates(station: Station, step: Steps, claim: Claims) -> None:
    """The model and firmware that the charger reports are the ones its certificates name."""
    async with step("ask the charger who it is"):
        await station.get_base_report()
    claim(matches_reported_firmware)
