"""Claims: about a purpose that is due, passed over where it is not, and never about one the case does not serve."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.hands import Claims, record_claim
from harness.judge import Conditions
from harness.judge.ocpp import timing
from harness.judge.power import setpoints
from harness.trace import Recorder
from tests.hands._case import QUICK, SLOW, running


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    """A trace of its own."""
    made = Recorder(tmp_path / "trace.jsonl")
    yield made
    made.close()


def claimed(recorder: Recorder) -> list[dict[str, Any]]:
    """The claims in the trace."""
    return [e.data for e in recorder.events if e.kind == "claim"]


def test_a_claim_is_about_a_purpose(recorder: Recorder) -> None:
    """Purpose, judge and parameters stand in the trace; no criterion does, for that is the suite's to say."""
    Claims(recorder, running(SLOW, QUICK))(timing.answered, QUICK, calls=[7])
    assert claimed(recorder) == [
        {
            "purpose": QUICK,
            "criterion": None,
            "judge": "timing.answered",
            "params": {"calls": [7]},
            "control": False,
            "group": None,
        }
    ]


def test_a_judge_that_the_suite_does_not_name_is_the_case_s_slip(recorder: Recorder) -> None:
    """What a check is worth is on record by the digests of the judges that its row names, so that none may be missing.

    The other way round, a judge that is named and was not asked leaves the purpose cut, in every campaign.
    """
    claim = Claims(recorder, running(SLOW, QUICK, judges={SLOW: ("timing.answered",)}))
    claim(timing.answered, SLOW, calls=[7])
    claim(setpoints.draws_at_least, QUICK, value=13, unit="A")  # nothing is known of it
    with pytest.raises(ValueError, match=f"claims setpoints.draws_at_least of {SLOW}"):
        claim(setpoints.draws_at_least, SLOW, value=13, unit="A")
    with pytest.raises(ValueError, match=r"names timing\.answered alone"), claim.during(setpoints.draws_at_least, SLOW):
        pass
    with pytest.raises(ValueError, match=r"names timing\.answered alone"):  # a control is part of the proof as well
        claim.control(setpoints.draws_at_least, SLOW, value=13, unit="A")
    assert [each["purpose"] for each in claimed(recorder)] == [SLOW, QUICK]


def test_a_claim_says_which_station_and_evse_it_is_about(recorder: Recorder) -> None:
    """Those of the run; a run that is about no EVSE has claims about the whole station."""
    for evse in (2, 0):
        Claims(recorder, running(SLOW, conditions=Conditions(evse=evse)), "CS-1")(timing.answered, calls=[7])
    assert [(e.station, e.evse) for e in recorder.events] == [("CS-1", 2), ("CS-1", None)]


def test_the_only_purpose_need_not_be_named(recorder: Recorder) -> None:
    """With several served it must be, also where only one of them is due."""
    Claims(recorder, running(SLOW))(timing.answered, calls=[7])
    assert claimed(recorder)[0]["purpose"] == SLOW
    with pytest.raises(ValueError, match="name the purpose"):
        Claims(recorder, running(SLOW, serves=(SLOW, QUICK)))(timing.answered, calls=[7])


def test_what_is_not_due_in_this_run_is_passed_over(recorder: Recorder) -> None:
    """The case serves it, and the plan does not ask for it here: no claim, and no error either."""
    Claims(recorder, running(SLOW, serves=(SLOW, QUICK)))(timing.answered, QUICK, calls=[7])
    assert claimed(recorder) == []


def test_a_purpose_that_the_case_does_not_serve_is_an_error(recorder: Recorder) -> None:
    """A slip of the pen must not look like a verdict that nobody asked for."""
    with pytest.raises(ValueError, match=r"claims OCPP-K01\.P999"):
        Claims(recorder, running(SLOW))(timing.answered, "OCPP-K01.P999", calls=[7])


def test_a_control_without_a_purpose_is_every_due_purpose_s(recorder: Recorder) -> None:
    """Each refusal has its positive control among its own findings."""
    Claims(recorder, running(SLOW, QUICK)).control(setpoints.draws_at_least, value=13, unit="A")
    assert [(c["purpose"], c["control"]) for c in claimed(recorder)] == [(SLOW, True), (QUICK, True)]


def test_papers_and_logs_are_claimed_of_a_criterion(recorder: Recorder) -> None:
    """What no purpose is about is said of the criterion itself."""
    record_claim(recorder, timing.answered, criterion="SC-05.3", params={})
    assert (claimed(recorder)[0]["purpose"], claimed(recorder)[0]["criterion"]) == (None, "SC-05.3")


def test_what_will_be_claimed_is_said_before_it_is_seen(recorder: Recorder) -> None:
    """For each purpose that is due; the claim that follows names what it was intended by."""
    claims = Claims(recorder, running(SLOW, conditions=Conditions(evse=2), serves=(SLOW, QUICK)), "CS-1")
    with claims.during(timing.answered, SLOW, QUICK, calls=[7]):
        assert [e.kind for e in recorder.events] == ["claim.intended"]
    said, claim = recorder.events
    assert (claim.kind, claim.data) == ("claim", {**said.data, "intended": said.seq})
    assert (said.station, said.evse) == (claim.station, claim.evse) == ("CS-1", 2)
    with claims.during(timing.answered, QUICK, calls=[7]):  # it is not due here
        pass
    assert len(recorder.events) == 2


def test_the_only_purpose_need_not_be_named_here_either(recorder: Recorder) -> None:
    """With several served it must be."""
    with Claims(recorder, running(SLOW)).during(timing.answered, calls=[7]):
        pass
    assert claimed(recorder)[0]["purpose"] == SLOW
    with pytest.raises(ValueError, match="name the purpose"):
        Claims(recorder, running(SLOW, QUICK)).during(timing.answered, calls=[7]).__enter__()


@pytest.mark.parametrize("error", [TimeoutError("no power"), KeyboardInterrupt(), asyncio.CancelledError()])
def test_where_it_is_cut_off_no_claim_is_made(recorder: Recorder, error: BaseException) -> None:
    """The trace says where, before anything is put back; and the error goes its way."""
    with pytest.raises(type(error)), Claims(recorder, running(SLOW), "CS-1").during(timing.answered, calls=[7]):
        raise error
    said, cut = recorder.events
    assert (cut.kind, cut.data, cut.station) == ("claim.cut", {"intended": said.seq}, "CS-1")
