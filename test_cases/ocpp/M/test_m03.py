"""M03: listing certificates."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-M03.P001")
async def test_the_backend_s_root_is_listed(stand: Stand) -> None:
    """Asked for the roots that it trusts its backend by, it lists at least one."""
    kind = "CSMSRootCertificate"
    async with stand.step("ask for the roots of backends"):
        answer = await stand.station.get_installed_certificate_ids(kind)
    listed = {"certificateHashDataChain": {"certificateType": kind}}
    stand.claim(answers.says, call=answer.call, accept=["Accepted"], holds=listed)
