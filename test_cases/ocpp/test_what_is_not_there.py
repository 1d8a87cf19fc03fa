"""What is asked for and is not there is refused in the way that OCPP says; the same that is there is given."""

import pytest

from harness.case import serves
from harness.csms import Answer
from harness.hands import Stand
from harness.judge.ocpp import answers
from test_cases.ocpp._asked import ROWS, Asked, named

_PURPOSES = [
    pytest.param("OCPP-B05.P110", marks=serves("OCPP-B05.P110"), id="OCPP-B05.P110"),
    pytest.param("OCPP-B05.P111", marks=serves("OCPP-B05.P111"), id="OCPP-B05.P111"),
    pytest.param("OCPP-B06.P110", marks=serves("OCPP-B06.P110"), id="OCPP-B06.P110"),
    pytest.param("OCPP-B06.P112", marks=serves("OCPP-B06.P112"), id="OCPP-B06.P112"),
    pytest.param("OCPP-F05.P002", marks=serves("OCPP-F05.P002"), id="OCPP-F05.P002"),
    pytest.param("OCPP-G03.P110", marks=serves("OCPP-G03.P110"), id="OCPP-G03.P110"),
    pytest.param("OCPP-K08.P110", marks=serves("OCPP-K08.P110"), id="OCPP-K08.P110"),
    pytest.param("OCPP-F06.P110", marks=serves("OCPP-F06.P110"), id="OCPP-F06.P110"),
    pytest.param("OCPP-B08.P110", marks=serves("OCPP-B08.P110"), id="OCPP-B08.P110"),
    pytest.param("OCPP-P01.P001", marks=serves("OCPP-P01.P001"), id="OCPP-P01.P001"),
    pytest.param("OCPP-B09.P001", marks=serves("OCPP-B09.P001"), id="OCPP-B09.P001"),
    pytest.param("OCPP-E14.P003", marks=serves("OCPP-E14.P003"), id="OCPP-E14.P003"),
    pytest.param("OCPP-F03.P110", marks=serves("OCPP-F03.P110"), id="OCPP-F03.P110"),
    pytest.param("OCPP-H01.P110", marks=serves("OCPP-H01.P110"), id="OCPP-H01.P110"),
    pytest.param("OCPP-H02.P001", marks=serves("OCPP-H02.P001"), id="OCPP-H02.P001"),
]


@pytest.mark.parametrize("purpose", _PURPOSES)
async def test_what_is_not_there_is_refused(stand: Stand, purpose: str) -> None:
    """One request, twice: about what there is not, and about what there is."""
    row = ROWS[purpose]
    await stand.settings.keep("OCPPCommCtrlr", "OfflineThreshold")
    async with stand.step(f"{row.name}: one that there is not"):
        refused = [(asked, await _ask(stand, asked)) for asked in row.wrong]
    async with stand.step(f"{row.name}: one that there is"):
        given = [(asked, await _ask(stand, asked)) for asked in row.right]
        if row.undo is not None:
            await _ask(stand, row.undo)
        await stand.quiet(within_s=3)
    for asked, answer in refused:
        accept, lacks = list(asked.accept), list(asked.lacks)
        stand.claim(answers.says, call=answer.call, accept=accept, holds=asked.holds, lacks=lacks)
    for asked, answer in given:
        stand.claim.control(answers.says, call=answer.call, accept=list(asked.accept), holds=asked.holds)


async def _ask(stand: Stand, asked: Asked) -> Answer:
    return await stand.station.call(asked.action, named(stand, asked.payload))
