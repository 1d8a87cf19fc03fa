"""What a charger keeps: the limits that were not cleared, secrets, the hour of firmware, and word of what starts."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def cleared(answer: str, left: list[int] | None, *, tbc: bool = False) -> T:
    """One level was cleared; asked for four limits, the charger reports these (None: it says that it has none)."""
    t = T().asks("ClearChargingProfile", {"chargingProfileCriteria": {"stackLevel": 1}}).named("clear").answers(answer)
    t.asks("GetChargingProfiles", {"requestId": 3, "chargingProfile": {"chargingProfileId": [1, 2, 3, 4]}}).named("get")
    if left is None:
        return t.answers("NoProfiles")
    t.answers()
    report: dict[str, Any] = {"requestId": 3, "evseId": 1, "chargingLimitSource": "CSO", "tbc": tbc}
    return t.says("ReportChargingProfiles", {**report, "chargingProfile": [{"id": number} for number in left]})


@pytest.mark.parametrize(
    ("answer", "left", "wanted", "verdict"),
    [
        ("Accepted", [1, 3], [1, 3], PASS),
        ("Accepted", [3, 1], [1, 3], PASS),
        ("Accepted", [1], [1, 3], FAIL),  # one too many was cleared
        ("Accepted", [1, 2, 3], [1, 3], FAIL),  # one too few
        ("Accepted", None, [1, 3], FAIL),
        ("Accepted", None, [], PASS),
        ("Unknown", [1, 2, 3, 4], [1, 2, 3, 4], PASS),
        ("Accepted", [1, 2, 3, 4], [1, 2, 3, 4], FAIL),  # there was nothing to clear
        ("Unknown", [1, 3], [1, 3], FAIL),
    ],
)
def test_what_is_left_is_what_was_not_meant(
    answer: str, left: list[int] | None, wanted: list[int], verdict: Verdict
) -> None:
    """Neither more nor fewer than the criteria say, and the answer fits."""
    t = cleared(answer, left).claims(
        "profiles.cleared", call="@clear", get="@get", left=wanted, matched=len(wanted) < 4
    )
    assert t.judged().verdict is verdict


def test_a_report_that_never_ends_decides_nothing() -> None:
    """What is still to come may hold the rest."""
    t = cleared("Accepted", [1], tbc=True).claims(
        "profiles.cleared", call="@clear", get="@get", left=[1, 3], matched=True
    )
    assert t.judged().verdict is INCONCLUSIVE


def secret(result: dict[str, Any], attribute: dict[str, Any] | None = None) -> Verdict:
    """The password was read, and the security controller reported."""
    names = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
    t = T().asks("GetReport", {"requestId": 5}).named("report").answers()
    entry = {**names, "variableAttribute": [{"mutability": "WriteOnly", **(attribute or {})}]}
    t.says("NotifyReport", {"requestId": 5, "seqNo": 0, "generatedAt": t.stamp(), "reportData": [entry]})
    t.asks("GetVariables", {"getVariableData": [names]}).named("read")
    t.answers({"getVariableResult": [{**names, **result}]})
    return t.claims("secrets.stay_secret", "SC-09.4", calls=["@read"], report="@report").judged().verdict


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        ({"attributeStatus": "Rejected"}, PASS),
        ({"attributeStatus": "UnknownVariable"}, PASS),  # it has none
        ({"attributeStatus": "Accepted", "attributeValue": ""}, PASS),
        ({"attributeStatus": "Accepted", "attributeValue": "hunter2hunter2hu"}, FAIL),
        ({"attributeStatus": "Rejected", "attributeValue": "hunter2hunter2hu"}, FAIL),
    ],
)
def test_a_password_is_not_told(result: dict[str, Any], verdict: Verdict) -> None:
    """Whatever the status, it is the value that must not be there."""
    assert secret(result) is verdict


@pytest.mark.parametrize(("value", "verdict"), [("", PASS), ("********", PASS), ("hunter2hunter2hu", INCONCLUSIVE)])
def test_what_a_report_shows_of_a_secret_is_left_open(value: str, verdict: Verdict) -> None:
    """Stars hide it; anything else may be a value, or stand for one."""
    assert secret({"attributeStatus": "Rejected"}, {"value": value}) is verdict


def scheduled(*told: tuple[bool, list[str]], answer: str = "Accepted") -> T:
    """A scheduled setting, and what was told of it."""
    t = T(version="ocpp2.1").asks("SetDERControl", {"controlId": "a", "isDefault": False}).named("set").answers(answer)
    for started, over in told:
        said: dict[str, Any] = {"controlId": "a", "started": started, "timestamp": t.wait(1).stamp()}
        t.says("NotifyDERStartStop", said | ({"supersededIds": over} if over else {}))
    return t


@pytest.mark.parametrize(
    ("told", "more", "verdict"),
    [
        (((True, []), (False, [])), {}, PASS),
        (((True, []),), {}, FAIL),
        ((), {}, FAIL),
        (((False, []), (True, [])), {}, FAIL),
        (((True, ["b"]), (False, [])), {"supersedes": "b"}, PASS),
        (((True, []), (False, [])), {"supersedes": "b"}, FAIL),
    ],
)
def test_the_start_and_the_end_are_told(told: Any, more: dict[str, Any], verdict: Verdict) -> None:
    """Both, in order, and which one a setting takes the place of."""
    t = scheduled(*told).claims("der_told.start_and_end", "BI-20.3", set="@set", **more)
    assert t.judged().verdict is verdict


def test_a_refused_setting_need_not_start() -> None:
    """Nothing was promised."""
    t = scheduled(answer="Rejected").claims("der_told.start_and_end", "BI-20.3", set="@set")
    assert t.judged().verdict is INCONCLUSIVE


def firmware(*statuses: str, fetched_at_s: float | None = None, each_s: float = 1, **when: float) -> T:
    """Firmware for later, and what was told of it, a while apart."""
    t = T().wait(1)
    body = {"location": "http://127.0.0.1/fw.bin", **{name: t.stamp(at_s) for name, at_s in when.items()}}
    t.asks("UpdateFirmware", {"requestId": 9, "firmware": body}).named("update").wait(0.1).answers()
    for status in statuses:
        t.wait(each_s).says("FirmwareStatusNotification", {"status": status, "requestId": 9})
    if fetched_at_s is not None:
        t.at(fetched_at_s).event("file.request", "dut", name="fw.bin", status=200, complete=True)
    return t


@pytest.mark.parametrize(
    ("statuses", "watched_s", "verdict"),
    [
        (["Downloaded", "SignatureVerified", "InstallScheduled"], 20, PASS),
        (["Downloaded", "SignatureVerified", "InstallScheduled"], 0.5, INCONCLUSIVE),
        (["Downloaded", "SignatureVerified", "Installing"], 20, FAIL),
        (["Downloaded", "InstallScheduled", "Installed"], 20, FAIL),
        (["Downloaded", "SignatureVerified"], 20, INCONCLUSIVE),
        (["Downloaded", "SignatureVerified"], 1000, FAIL),  # it never says that it waits
        (["DownloadFailed"], 1000, INCONCLUSIVE),
    ],
)
def test_firmware_for_later_waits(statuses: list[str], watched_s: float, verdict: Verdict) -> None:
    """It says so, and installs nothing before its time."""
    t = firmware(*statuses, installDateTime=3600).wait(watched_s)
    assert t.claims("firmware_time.installs_later", "GEN-03.3", call="@update").judged().verdict is verdict


@pytest.mark.parametrize(
    ("statuses", "fetched_at_s", "verdict"),
    [
        (["DownloadScheduled"], 9.0, PASS),
        (["DownloadScheduled"], 4.0, FAIL),
        (["Downloading"], 9.0, FAIL),  # it never says that it waits
        (["DownloadScheduled"], None, INCONCLUSIVE),
    ],
)
def test_firmware_is_fetched_at_its_time(statuses: list[str], fetched_at_s: float | None, verdict: Verdict) -> None:
    """Our file server sees when it is asked."""
    t = firmware(*statuses, retrieveDateTime=8, fetched_at_s=fetched_at_s).at(12)
    assert t.claims("firmware_time.fetches_later", "GEN-03.3", call="@update").judged().verdict is verdict
