"""N01: retrieving logs."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-N01.P001")
async def test_a_log_is_uploaded_and_that_is_told(stand: Stand) -> None:
    """Asked for its diagnostics, it uploads them, and tells of the upload's end."""
    station = stand.station
    async with stand.step("ask for the diagnostics log") as begin:
        asked = await station.get_log(await stand.settings.upload_url("logs/"), "DiagnosticsLog")
        done = {"requestId": asked.sent["requestId"], "status": "Uploaded"}
        if asked.error_code is None:  # one that knows no GetLog uploads none
            status = station.expect("LogStatusNotification", lambda m: done.items() <= m.payload.items(), 60, begin)
            await stand.if_it_comes(status)
    stand.claim(answers.says, call=asked.call, accept=["Accepted"])
    stand.claim(answers.tells, since=begin, action="LogStatusNotification", holds=done)
