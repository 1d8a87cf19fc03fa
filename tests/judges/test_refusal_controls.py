"""Who refuses everything shows nothing by a refusal: the controls that stand beside each one."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T
from tests.judges.test_firmware import GOOD, alive, fetched, offered, tells

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
THRESHOLD = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "OfflineThreshold"}}


def control(t: T, judge: str, **params: Any) -> Verdict:
    """The verdict of a control."""
    return t.claims(judge, as_control=True, **params).judged().verdict


@pytest.mark.parametrize(
    ("status", "verdict"), [("Accepted", PASS), ("RebootRequired", PASS), ("Rejected", FAIL), ("ReadOnly", FAIL)]
)
def test_the_same_setting_takes_a_value_that_fits(status: str, verdict: Verdict) -> None:
    """One that refuses this value too refuses whatever it is given."""
    t = T().asks("SetVariables", {"setVariableData": [{**THRESHOLD, "attributeValue": "240"}]}).named("set")
    t.answers({"setVariableResult": [{**THRESHOLD, "attributeStatus": status}]})
    assert control(t, "core_ocpp.fitting_value_taken", set="@set") is verdict


def test_a_setting_that_it_has_is_told() -> None:
    """With its value; one that knows no setting at all does not know this one either."""
    for result, verdict in (
        ({"attributeStatus": "Accepted", "attributeValue": "240"}, PASS),
        ({"attributeStatus": "Accepted"}, FAIL),
        ({"attributeStatus": "UnknownVariable"}, FAIL),
    ):
        t = T().asks("GetVariables", {"getVariableData": [THRESHOLD]}).named("get")
        t.answers({"getVariableResult": [{**THRESHOLD, **result}]})
        assert control(t, "core_ocpp.known_variable_told", get="@get") is verdict


@pytest.mark.parametrize(
    ("judge", "param"), [("core_ocpp.fitting_value_taken", "set"), ("core_ocpp.known_variable_told", "get")]
)
def test_without_an_answer_nothing_is_shown(judge: str, param: str) -> None:
    """Silence is no acceptance."""
    t = T().asks("SetVariables" if param == "set" else "GetVariables").named("asked")
    assert control(t, judge, **{param: "@asked"}) is INCONCLUSIVE


def test_a_grid_code_setting_as_it_should_be_is_accepted() -> None:
    """Before the malformed one is refused."""
    for status, verdict in (("Accepted", PASS), ("Rejected", FAIL), ("NotSupported", FAIL)):
        t = T(version="ocpp2.1").asks("SetDERControl", {"controlId": "C-1"}).named("set").answers(status)
        assert control(t, "der.accepts", call="@set") is verdict


def test_the_right_firmware_from_the_same_place_was_installed() -> None:
    """The one that a claim of firmware.installs is about, also where that comes after the refusal."""
    t = tells(fetched(offered()), *GOOD).claims("firmware.installs", "GEN-03.3", call="@update", version="1.5.0")
    assert control(t, "firmware.right_one_installed") is PASS


def test_one_that_refuses_the_right_firmware_too_shows_nothing() -> None:
    """Whatever it refuses, it may refuse because it takes no firmware."""
    for t in (offered("Rejected"), tells(fetched(offered()), "Downloading", "InvalidSignature"), offered(None)):
        t.claims("firmware.installs", "GEN-03.3", call="@update", version="1.5.0")
        assert control(t, "firmware.right_one_installed") is INCONCLUSIVE


def test_without_the_right_firmware_a_refusal_is_not_shown_to_be_one() -> None:
    """It was left out of this run."""
    assert control(tells(fetched(offered()), *GOOD), "firmware.right_one_installed") is INCONCLUSIVE


@pytest.mark.parametrize(("statuses", "verdict"), [(("InvalidSignature",), INCONCLUSIVE), (GOOD, FAIL)])
def test_only_the_pass_of_a_refusal_hangs_on_its_control(statuses: list[str], verdict: Verdict) -> None:
    """The right firmware was never installed: a refusal shows nothing, but what was installed wrongly was."""
    t = tells(fetched(offered()), *statuses).claims("firmware.right_one_installed", as_control=True)
    t = alive(t).claims("firmware.refuses", call="@update", statuses=["InvalidSignature"], running="1.4.2")
    assert t.judged().verdict is verdict


def test_what_was_never_fetched_was_not_installed_from_there() -> None:
    """It says Installed, and never asked our file server."""
    t = tells(offered(), *GOOD).claims("firmware.installs", "GEN-03.3", call="@update", version="1.5.0")
    assert control(t, "firmware.right_one_installed") is INCONCLUSIVE
