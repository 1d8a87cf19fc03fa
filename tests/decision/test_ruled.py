"""Rules in the decision: what a violation anywhere does to the criteria that the rule serves, a test for each row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.decision._rule_voices import RULE_VOICE
from harness.decision._ruled import RULED
from harness.judge import CampaignResult, RuleOutcome, Verdict
from harness.judge.rules import Message, Station, rule
from harness.plan import PlannedFeature, PlannedRule, PlannedServes
from harness.trace import Event, Trace
from requirement_catalog import Confidence, Conformance, Depth
from tests.decision._plans import CASE, PURPOSE, criterion, decided, judged, one, plan, run, trace, under, waiver

PASS, FAIL, INCONCLUSIVE, ERROR, NONE = (
    Verdict.PASS,
    Verdict.FAIL,
    Verdict.INCONCLUSIVE,
    Verdict.ERROR,
    Verdict.NOT_APPLICABLE,
)
EXISTS = "OCPP-P4.R002"  # the action of a call is one of its version's messages
HEARTBEAT: tuple[Any, ...] = (2, "1", "Heartbeat", {})
COFFEE: tuple[Any, ...] = (2, "2", "MakeCoffee", {})


def planned(id: str = EXISTS, *serves: str, **more: Any) -> PlannedRule:
    """A rule that was read twice, seen red, and serves SC-04.1."""
    facts: dict[str, Any] = {
        "id": id,
        "statement": "An action exists.",
        "versions": ("2.0.1", "2.1"),
        "serves": tuple(PlannedServes(criterion=c) for c in serves or ("SC-04.1",)),
        "readings": 2,
        "proven": True,
    }
    return PlannedRule(**{**facts, **more})


def talk(*frames: tuple[Any, ...], version: str = "2.1", marks: tuple[Any, ...] = (f"run:{CASE}",)) -> Trace:
    """A campaign in which the charger sent these frames within its case."""
    opened = {"conn": 1, "state": "open", "identity": "S-1", "subprotocol": f"ocpp{version}", "who": "dut"}
    sent = [
        ("ocpp.frame", {"conn": 1, "dir": "in", "raw": json.dumps(f), "who": "dut", "version": f"ocpp{version}"})
        for f in frames
    ]
    return trace(("ocpp.connection", opened), *sent, *marks)


def found(*frames: tuple[Any, ...], of: PlannedRule | None = None, **more: Any) -> tuple[CampaignResult, RuleOutcome]:
    """The decision on a charger whose one case holds, and what came of the rule."""
    seen = talk(*frames, **{name: more.pop(name) for name in ("version", "marks") if name in more})
    result = decided(judged(PASS), of=plan(rules=(of or planned(),), **more), seen=seen)
    return result, result.rules[0]


def test_each_row_has_its_test_here() -> None:
    """The rows, in order, and the tests below that name them."""
    assert [row.name for row in RULED] == [
        "declared unsupported",  # test_a_rule_of_what_was_declared_unsupported_says_nothing
        "told unsupported",  # test_what_the_charger_itself_denies_is_no_violation
        "optional, declared by nobody, and violated",  # test_what_is_optional_and_declared_by_nobody_accuses_nobody
        "violated",  # test_one_violation_fails_the_criterion_that_the_rule_serves
        "it raised",  # test_a_rule_that_raises_is_our_error_and_never_silent
        "held",  # test_a_rule_that_held_proves_no_criterion
        "a purpose of its own ran",  # test_what_should_have_set_it_off_and_did_not_leaves_it_open
        "not exercised",  # test_a_rule_that_nothing_set_off_is_no_pass
    ]
    assert [row.name for row in RULE_VOICE] == [
        "it held, or was not exercised",  # test_a_rule_that_held_proves_no_criterion
        "waived",  # test_a_waiver_hangs_on_a_rule_as_well
        "read once",  # test_a_rule_that_was_read_once_is_shown_and_gates_nothing
        "recalled",  # test_a_rule_whose_text_was_not_at_hand_is_shown_and_gates_nothing
        "unproven",  # test_a_rule_that_was_never_seen_red_is_shown_and_gates_nothing
        "its verdict",  # test_one_violation_fails_the_criterion_that_the_rule_serves
    ]


def test_one_violation_fails_the_criterion_that_the_rule_serves() -> None:
    """Whatever its purposes found; the reason names the rule, the place and the supplier. The control: none of it."""
    result, outcome = found(HEARTBEAT, COFFEE)
    assert (result.decision, one(result).verdict) == ("HOLD", FAIL)
    assert (outcome.label, outcome.exercised, outcome.violated) == (f"{EXISTS} (OCPP 2.1)", 2, 1)
    assert "MakeCoffee" in one(result).why and "event 3" in one(result).why
    assert one(result).rules == result.reasons[0].rules == (outcome.label,)
    assert result.reasons[0].who == "supplier"
    assert found(HEARTBEAT)[0].decision == "GO"


def test_a_rule_that_held_proves_no_criterion() -> None:
    """What was seen of it was right; that is no test."""
    of = plan(runs=(run(lacks="pco"),), rules=(planned(),))
    result = decided(of=of, seen=talk(HEARTBEAT, marks=()))
    assert (result.rules[0].verdict, one(result).verdict) == (PASS, INCONCLUSIVE)
    assert one(result).rules == ()


def test_it_fails_nothing_that_it_does_not_serve() -> None:
    """Beside it the criterion of another rule stays as its purposes say."""
    two = (criterion(), criterion("SC-04.2"))
    result = decided(
        judged(PASS),
        judged(PASS, "OCPP-K01.P002"),
        of=plan(*two, rules=(planned(EXISTS, "SC-04.2"),)),
        seen=talk(COFFEE),
    )
    assert (one(result).verdict, one(result, "SC-04.2").verdict) == (PASS, FAIL)


@pytest.mark.parametrize(("version", "verdict"), [("2.1", FAIL), ("2.0.1", PASS)])
def test_it_serves_under_its_conditions_alone(version: str, verdict: Verdict) -> None:
    """`when: {version: "2.1"}` is of what was spoken when it was violated."""
    when = planned(serves=(PlannedServes(criterion="SC-04.1", when={"version": "2.1"}),))
    result, outcome = found(HEARTBEAT, COFFEE, of=when, version=version)
    assert (outcome.verdict, one(result).verdict) == (FAIL, verdict)


@pytest.mark.parametrize(
    "weak",
    [{"readings": 1}, {"confidence": Confidence.RECALLED}, {"confidence": Confidence.SECONDARY}, {"proven": False}],
    ids=["read once", "recalled", "read in one public source", "its check was never seen to turn red"],
)
@pytest.mark.parametrize("frames", [(COFFEE,), (HEARTBEAT,)])
def test_a_rule_that_is_advisory_is_shown_and_gates_nothing(weak: dict[str, Any], frames: Any) -> None:
    """Neither its fail nor its silence is heard; its counts stand in the result."""
    result, outcome = found(*frames, of=planned(own=(PURPOSE,), **weak))
    assert (result.decision, one(result).rules) == ("GO", ())
    assert not outcome.decides and outcome.exercised == 1
    assert outcome.verdict is (FAIL if frames == (COFFEE,) else PASS)


def test_what_should_have_set_it_off_and_did_not_leaves_it_open() -> None:
    """A purpose that names it ran to its end: inconclusive. Set off once, not run, or up to the station: nothing."""
    mine = planned(own=(PURPOSE,))
    result, outcome = found(of=mine)
    assert (outcome.verdict, one(result).verdict, result.decision) == (INCONCLUSIVE, INCONCLUSIVE, "HOLD")
    assert PURPOSE in outcome.why and outcome.next_who == "test engineer"
    assert found(HEARTBEAT, of=mine)[0].decision == "GO"
    assert found(of=planned(own=(PURPOSE,), set_off="perhaps"))[0].decision == "GO"
    cut = found(of=mine, marks=(("case.started", {"case": CASE}),))
    assert cut[1].verdict is NONE


def test_it_is_asked_for_in_each_version_in_which_its_purpose_ran() -> None:
    """Set off in 2.0.1 alone, it says nothing of 2.1, where the purpose ran too."""
    runs = tuple(run(case=f"c@{version}", conditions=under(version)) for version in ("2.0.1", "2.1"))
    findings = [
        judged(PASS, case=each.case, conditions=each.conditions, seq=seq)
        for each, seq in zip(runs, (3, 6), strict=True)
    ]
    newer = {"conn": 2, "state": "open", "identity": "S-1", "subprotocol": "ocpp2.1", "who": "dut"}
    marks = ("run:c@2.0.1", ("ocpp.connection", newer), "run:c@2.1")
    seen = talk(HEARTBEAT, version="2.0.1", marks=marks)
    result = decided(*findings, of=plan(runs=runs, rules=(planned(own=(PURPOSE,)),)), seen=seen)
    assert {each.conditions.version: each.verdict for each in result.rules} == {"2.0.1": PASS, "2.1": INCONCLUSIVE}


def test_a_shallow_run_asks_for_no_deeper_rule() -> None:
    """Nothing set it off in a run of depth short; a violation counts at any depth."""
    mine = planned(own=(PURPOSE,), depth=Depth.ACCEPTANCE)
    assert found(of=mine, depth=Depth.SHORT)[1].verdict is NONE
    assert found(COFFEE, of=mine, depth=Depth.SHORT)[1].verdict is FAIL


def test_a_rule_that_nothing_set_off_is_no_pass() -> None:
    """It is told of with its counts."""
    _, outcome = found()
    assert (outcome.verdict, outcome.exercised) == (NONE, 0)
    assert "not exercised" in outcome.why


def test_a_rule_of_what_was_declared_unsupported_says_nothing() -> None:
    """Its PICS expression is answered by the supplier's declaration."""
    feature = PlannedFeature(name="v2x", declared="no")
    result, outcome = found(COFFEE, of=planned(applies="v2x"), features=(feature,))
    assert (result.decision, outcome.verdict) == ("GO", NONE)


def test_what_the_charger_itself_denies_is_no_violation() -> None:
    """Nobody declared it, and the device model says no."""
    feature = PlannedFeature(name="v2x", declared="undeclared", told_by=("V2X.Available",), told_when="true")
    told = {"component": {"name": "V2X"}, "variable": {"name": "Available"}, "variableAttribute": [{"value": "false"}]}
    report = {"requestId": 1, "generatedAt": "2026-01-01T00:00:00Z", "seqNo": 0, "reportData": [told]}
    frames = ((2, "1", "NotifyReport", report), COFFEE)
    assert found(*frames, of=planned(applies="v2x"), features=(feature,))[1].verdict is NONE
    assert found(COFFEE, of=planned(applies="v2x"), features=(feature,))[1].verdict is FAIL


def test_what_is_optional_and_declared_by_nobody_accuses_nobody() -> None:
    """The supplier is asked to declare it."""
    feature = PlannedFeature(name="v2x", declared="undeclared")
    mine = planned(applies="v2x", conformance=Conformance.OPTIONAL)
    result, outcome = found(COFFEE, of=mine, features=(feature,))
    assert (outcome.verdict, one(result).verdict) == (INCONCLUSIVE, INCONCLUSIVE)


@pytest.fixture
def broken() -> Any:
    """A rule that stumbles over every Heartbeat."""
    from harness.judge.rules import _registry, known_rules

    known_rules()

    @rule("OCPP-X99.R001", "call:Heartbeat")
    def stumbles(s: Station, m: Message) -> bool:
        raise ValueError("over its own feet")

    known_rules.cache_clear()
    yield "OCPP-X99.R001"
    del _registry._rules["OCPP-X99.R001"]
    known_rules.cache_clear()


def test_a_rule_that_raises_is_our_error_and_never_silent(broken: str) -> None:
    """The criterion is an error where the rule decides; the fault is told also where it does not."""
    result, outcome = found(HEARTBEAT, of=planned(broken))
    assert (outcome.verdict, one(result).verdict) == (ERROR, ERROR)
    assert "over its own feet" in result.harness_errors[0]
    advisory, _ = found(HEARTBEAT, of=planned(broken, readings=1))
    assert advisory.decision == "GO"
    assert "over its own feet" in advisory.harness_errors[0]


def test_a_waiver_hangs_on_a_rule_as_well() -> None:
    """Of its revision; it excuses the fail, is void for another revision, and must go when it is not needed."""
    mine = waiver(of=EXISTS, revision=1)
    result, outcome = found(COFFEE, waivers=(mine,))
    assert (result.decision, outcome.verdict, outcome.waived) == ("GO", FAIL, True)
    assert found(COFFEE, of=planned(revision=2), waivers=(mine,))[0].decision == "HOLD"
    needless, _ = found(HEARTBEAT, waivers=(mine,))
    assert needless.decision == "HOLD"
    assert EXISTS in needless.reasons[0].why and "no longer needed" in needless.reasons[0].why


def test_what_was_violated_in_a_run_that_a_person_explained_does_not_count() -> None:
    """Signed and dated; outside of that run it does, and where the run came to its end no reason excuses it."""
    said = {"case": CASE, "run": 1, "reason": "a cable was pulled", "signed_by": "Anna Berg", "dated": "2026-11-22"}
    inside = {"conn": 1, "dir": "in", "raw": json.dumps(COFFEE), "who": "dut", "version": "ocpp2.1"}
    began, over = ("case.started", {"case": CASE}), ("case.ended", {"case": CASE, "outcome": "not_seen"})
    marks = (began, ("ocpp.frame", inside), over, ("run.explained", said), f"run:{CASE}")
    outcome = found(HEARTBEAT, marks=marks)[1]
    assert outcome.verdict is PASS and "1 violation(s) in a run that was cut, and explained" in outcome.why
    assert found(HEARTBEAT, COFFEE, marks=marks)[1].verdict is FAIL
    assert found(HEARTBEAT, marks=tuple(m for m in marks if m[0] != "run.explained"))[1].verdict is FAIL
    whole = ("case.ended", {"case": CASE, "outcome": "completed"})
    assert found(HEARTBEAT, marks=(began, marks[1], whole, *marks[3:]))[1].verdict is FAIL


def test_a_reason_for_a_run_that_was_killed_ends_where_the_next_begins() -> None:
    """It never ended by itself: what the charger violates in the run anew counts."""
    said = {"case": CASE, "run": 1, "reason": "a cable was pulled", "signed_by": "Anna Berg", "dated": "2026-11-22"}
    inside = ("ocpp.frame", {"conn": 1, "dir": "in", "raw": json.dumps(COFFEE), "who": "dut", "version": "ocpp2.1"})
    began, anew = ("case.started", {"case": CASE}), ["campaign.rerun", f"run:{CASE}"]
    assert found(HEARTBEAT, marks=(began, inside, *anew, ("run.explained", said)))[1].verdict is PASS
    assert found(HEARTBEAT, marks=(began, *anew, inside, ("run.explained", said)))[1].verdict is FAIL


def test_other_stations_of_the_trace_are_not_under_test() -> None:
    """A violation of a station that the case does not name is none of the charger's."""
    opened = {"conn": 2, "state": "open", "identity": "OTHER", "subprotocol": "ocpp2.1", "who": "dut"}
    coffee = {"conn": 2, "dir": "in", "raw": json.dumps(COFFEE), "who": "dut", "version": "ocpp2.1"}
    marks = (("ocpp.connection", opened), ("ocpp.frame", coffee), f"run:{CASE}")
    seen = talk(HEARTBEAT, marks=marks)
    named = Trace([_of_station(each, "S-1") if each.kind.startswith("case.") else each for each in seen])
    for each, verdict in ((seen, FAIL), (named, PASS)):
        assert decided(judged(PASS), of=plan(rules=(planned(),)), seen=each).rules[0].verdict is verdict


def _of_station(event: Event, station: str) -> Event:
    facts = {name: getattr(event, name) for name in event.__struct_fields__}
    return Event(**{**facts, "station": station})
