"""Which instruments of the bench may decide nothing, because their calibration had run out on the day of the test."""

from __future__ import annotations

import datetime

from harness.profile import Profile
from requirement_catalog import Tender

GRACE = "instrument.calibration_grace"


def overdue_instruments(profile: Profile, tender: Tender, evaluation_date: str) -> dict[str, str]:
    """By the profile's name of each ("meter", "meter@2"), the day (ISO 8601) on which its calibration ran out.

    The tender says for how many days after that it is trusted all the same. One without such a date is not overdue.
    """
    grace = datetime.timedelta(days=tender.parameters[GRACE].value)
    today = datetime.date.fromisoformat(evaluation_date)
    due = {name: each.calibration_due for name, each in profile.pco.bench.items() if each.calibration_due}
    return {name: day for name, day in due.items() if datetime.date.fromisoformat(day) + grace < today}
