"""What is asked for and is not there is refused in the way that OCPP says; the same that is there is given."""

import pytest

from harness.case import serves
from harness.csms import Answer
from harness.hands import Stand
from harness.judge.ocpp import answers
from test_cases.ocpp._asked import NETWORKS, PLACES, REPORTS, RESERVED, SESSIONS, SETTINGS, Asked, Row, named


def _each(*tables: tuple[Row, ...]) -> list[object]:
    rows = [row for table in tables for row in table]
    return [pytest.param(row, marks=serves(row.purpose), id=row.purpose) for row in rows]


@pytest.mark.parametrize("row", _each(SETTINGS, PLACES, REPORTS, NETWORKS, SESSIONS, RESERVED))
async def test_what_is_not_there_is_refused(stand: Stand, row: Row) -> None:
    """One request, twice: about what there is not, and about what there is."""
    await stand.settings.keep("OCPPCommCtrlr", "OfflineThreshold")
    async with stand.step(f"{row.name}: one that there is not"):
        refused = [(asked, await _ask(stand, asked)) for asked in row.wrong]
    async with stand.step(f"{row.name}: one that there is"):
        given = [(asked, await _ask(stand, asked)) for asked in row.right]
        if row.undo is not None:
            await _ask(stand, row.undo)
        await stand.quiet(within_s=3)
    for asked, answer in refused:
        stand.claim(answers.says, call=answer.call, accept=list(asked.accept), holds=asked.holds)
    for asked, answer in given:
        stand.claim.control(answers.says, call=answer.call, accept=list(asked.accept), holds=asked.holds)


async def _ask(stand: Stand, asked: Asked) -> Answer:
    return await stand.station.call(asked.action, named(stand, asked.payload))
