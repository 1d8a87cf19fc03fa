"""The measure of limits: a criterion's own number decides. Out of reach, a pass fails; boundless, a fail passes.

The numbers are those of the shipped catalogue, set behind its loader as if somebody had confirmed them.
"""

from __future__ import annotations

import pytest

from harness.judge import Verdict
from tests.judges._flips import Flip, boundless, out_of_reach, real_limits, verdict
from tests.judges._flips_power import POWER
from tests.judges._flips_station import STATION
from tests.judges._flips_volts import VOLTS

FLIPS: dict[tuple[str, str], Flip] = {**POWER, **STATION, **VOLTS}
LIMITS = real_limits()

_SETPOINTS = ("SC-04.2", "SC-04.3", "SC-04.4", "SC-04.5", "PR-15.1", "PR-15.2", "PR-15.3", "PR-15.4")
_V2X = ("BI-16.1", "BI-16.2", "BI-16.3", "BI-20.2", "BI-20.3")
_LIGHT = ("BI-18.1", "BI-18.2", "BI-18.3")
_CHARGES = (  # a car is made to charge or to discharge first
    "SC-04.1", "SC-04.6", "SC-04.7", "SC-05.1", "SC-05.2", "SC-07.2", "SC-07.3", "SC-07.4", "SC-07.5", "SC-07.6",
    "SC-07.10", "SC-07.11", "SC-07.8", "SC-07.9", "SC-09.2", "SC-09.3", "SC-09.7", "PR-15.5", "BI-19.1", "BI-19.2",
    "BI-19.3", "BI-19.4", "BI-19.5", *_LIGHT,
)  # fmt: skip

# Roles that bound a window, a floor or a wait: they say how long we look and what we look at, and no number of theirs
# can turn a pass into a fail. Each with the criteria that it is so for.
BOUNDS: dict[str, dict[str, tuple[str, ...]]] = {
    "response": {"how long the case waits for the power that it needs": _CHARGES},
    "dwell": {
        "how long it must be seen held: what we watched too short is inconclusive, never the charger's": (
            *_SETPOINTS,
            *_V2X,
            "SC-07.10",
            "SC-07.11",
        ),
        "how long the case watches": ("SC-04.6", "PR-15.5", *_LIGHT),
    },
    "long_dwell": {
        "how long it must be seen held: what we watched too short is inconclusive": ("SC-04.2", "BI-16.1"),
        "how long the case watches, or the power is away": ("BI-18.1", "SC-04.4", "BI-16.3"),
    },
    "pauses": {"how often the car pauses": ("SC-07.5",)},
    "resumes": {"how often the case takes the power away": ("SC-04.4",)},
    "current_tolerance": {"where the case's own wait ends": ("SC-04.6", "PR-15.5")},
    "power_tolerance": {"where the case's own wait ends": ("SC-04.6", "PR-15.5", *_LIGHT)},
    "zero_current": {"where the case's own wait for rest ends": ("SC-04.4", "SC-04.6", "PR-15.3")},
    "over": {"a positive control's number: when it does not hold, the rest is void": ("PR-15.3",)},
    "over_power": {"a positive control's number: when it does not hold, the rest is void": ("PR-15.3",)},
    **{
        role: {"which reported values are compared at all: the others decide nothing": ("SC-04.7",)}
        for role in ("steady", "least_power", "lead", "trail", "oldest")
    },
    "voltage": {"a profile with another voltage makes it inconclusive, never the charger's": ("SC-09.5", "PR-15.5")},
    "missed": {"when silence counts as refused reports: with none to compare, there is nothing to pass": ("SC-04.7",)},
    "reconnect": {
        "how long the case waits for the charger to come and to return": (
            "SC-06.1",
            "SC-06.2",
            "SC-06.3",
            "SC-06.4",
            "SC-06.5",
            "SC-09.10",
        ),
        "when an absence counts as not delivered: while it is away, there is nothing to pass": ("SC-05.2",),
        "for how long an absence that we caused is nobody's": ("SC-05.3",),
    },
    "install": {"for how long an absence for an update is nobody's": ("SC-05.3",)},
    "long_gap": {"how long the case turns it away": ("SC-05.1",)},
    "offline_events": {"with fewer events too little was seen": ("SC-05.2",)},
    "heartbeat": {"what the case's backend gives it": ("SC-09.1",)},
    "offline_gap": {"how long the case cuts the network": ("SC-05.1", "SC-05.2", "SC-09.10")},
    "window": {"a look that is shorter is inconclusive": ("SC-05.3",)},
    "pending": {"how long the case has it wait": ("SC-09.1",)},
    "early": {"how long it must be seen to wait: what was watched too short is inconclusive": ("GEN-03.3",)},
    "event": {"how long the case waits for the event": ("SC-09.6", "BI-20.6")},
    "photo": {"how small a photograph is turned away, ahead of any judgement": ("BI-17.1",)},
    "export": {"what counts as export at all: it chooses the stretches that are judged": _LIGHT},
    "digital_duty": {"5 % says nothing of a current: inconclusive, where another one would fail": ("SC-07.4",)},
    "least_current": {"from where on a lower schedule may be the charger's own": ("SC-09.5", "PR-15.5")},
    **{
        role: {"the audit in the field is judged by nothing yet": ("GEN-04.2",)}
        for role in ("share", "confidence", "accepted", "interval")
    },
}
_BOUND = {(criterion, role) for role, why in BOUNDS.items() for criteria in why.values() for criterion in criteria}


def test_every_limit_of_every_criterion_is_measured_or_explained() -> None:
    """A new criterion, or a new role, without an entry fails here; so does an entry for what is no more."""
    every = {(criterion, role) for criterion, roles in LIMITS.items() for role in roles}
    assert FLIPS.keys() | _BOUND == every
    assert not FLIPS.keys() & _BOUND


@pytest.mark.parametrize(("criterion", "role"), FLIPS)
def test_out_of_reach_a_pass_becomes_a_fail(criterion: str, role: str) -> None:
    """Not an error, not inconclusive: the number was read, and it was not met."""
    flip, limit = FLIPS[criterion, role], LIMITS[criterion][role]
    assert verdict(flip, flip.good, LIMITS[criterion], role, limit.value) is Verdict.PASS
    assert verdict(flip, flip.good, LIMITS[criterion], role, out_of_reach(flip, limit)) is Verdict.FAIL


@pytest.mark.parametrize(("criterion", "role"), FLIPS)
def test_boundless_a_fail_becomes_a_pass(criterion: str, role: str) -> None:
    """It failed by this number and by nothing else."""
    flip, limit = FLIPS[criterion, role], LIMITS[criterion][role]
    assert verdict(flip, flip.bad, LIMITS[criterion], role, limit.value) is Verdict.FAIL
    assert verdict(flip, flip.bad, LIMITS[criterion], role, boundless(flip, limit)) is Verdict.PASS


def test_no_judge_names_a_number_of_the_catalogue() -> None:
    """A judge knows roles; which contract parameter or standard gives the number is the criterion's to say."""
    import re
    from pathlib import Path

    import harness.documents
    import harness.judge

    for module in (harness.judge, harness.documents):
        for path in Path(str(module.__file__)).parent.rglob("*.py"):
            assert not re.search(r"limits\[[^\]]*[\"'][A-Za-z0-9_-]+\.", path.read_text(encoding="utf-8")), path.name
