"""GEN-02: the certificates are for the product that stands here."""

from harness.case import serves
from harness.documents import matches_reported_firmware
from harness.hands import Stand


@serves("OCPP-B07.P001")
async def test_model_and_firmware_are_those_on_the_certificates(stand: Stand) -> None:
    """The model and firmware that the charger reports are the ones its certificates name."""
    async with stand.step("ask the charger who it is"):
        await stand.station.get_base_report()
    stand.claim(matches_reported_firmware)
