"""A sealed bundle is searched for every secret that a charger, a backend or a person said, in each usual writing."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from harness.evidence import open_private, recover, seal
from harness.trace import Recorder
from tests.evidence._campaign import SIGNER, StepClock, first_data, prepare, run_case, the_plan
from tests.evidence._tricks import profile_of
from tests.evidence.test_private import KNOWN, PASSWORD, Told

VARIABLE = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}


def attribute(value: str) -> dict[str, Any]:
    """The password as a variable's value."""
    return {**VARIABLE, "attributeValue": value}


def event_of(value: str) -> dict[str, Any]:
    """NotifyEvent about the password."""
    head = {"eventId": 1, "timestamp": "2026-11-22T10:00:00Z", "trigger": "Alerting", "eventNotificationType": "x"}
    return {"eventData": [{**head, "actualValue": value, **VARIABLE}], "seqNo": 0}


def report_of(value: str) -> dict[str, Any]:
    """NotifyReport about the password."""
    return {"reportData": [{**VARIABLE, "variableAttribute": [{"type": "Actual", "value": value}]}], "seqNo": 0}


def slot(**more: Any) -> dict[str, Any]:
    """SetNetworkProfile."""
    data = {"ocppCsmsUrl": "wss://csms.test/ocpp", "securityProfile": 2, **more}
    return {"configurationSlot": 1, "connectionData": data}


# action, how a payload holds the secret, and the secret: each is another, and only its place gives it away
SAID: dict[str, tuple[str, str, Any]] = {
    "in an event": ("NotifyEvent", "s3cr-in-an-event-01", event_of),
    "set": ("SetVariables", "s3cr-as-it-is-set-2", lambda s: {"setVariableData": [attribute(s)]}),
    "reported": ("NotifyReport", "s3cr-in-a-report-03", report_of),
    "got": ("GetVariables", "s3cr-asked-for-0004", lambda s: {"getVariableResult": [attribute(s)]}),
    "in a profile of the network": ("SetNetworkProfile", "s3cr-of-a-slot-0005", lambda s: slot(basicAuthPassword=s)),
    "of an APN": ("SetNetworkProfile", "s3cr-of-an-apn-0006", lambda s: slot(apn={"apnPassword": s})),
    "of a VPN": ("SetNetworkProfile", "s3cr-of-a-vpn-00007", lambda s: slot(vpn={"key": s, "password": s})),
    "an integer PIN": ("SetNetworkProfile", "73519264", lambda s: slot(apn={"simPin": int(s)})),
    "in a URL of ours": ("SetNetworkProfile", "s3crinaurl08", lambda s: slot(ocppCsmsUrl=f"wss://CP-1:{s}@csms.test/o")),
    "in a URL for logs": ("GetLog", "s3crinaurl09", lambda s: {"log": {"remoteLocation": f"ftp://me:{s}@files.test/l"}}),
    "in a URL, escaped": ("GetLog", "s3cr%2Finaurl%40", lambda s: {"log": {"remoteLocation": f"sftp://me:{s}@files.test/"}}),
    "in a URL's query": (
        "UpdateFirmware", "s3crinaquery11", lambda s: {"firmware": {"location": f"https://files.test/x?token={s}&v=1"}},
    ),
    "in JSON in a text": ("DataTransfer", "s3cr-in-json-000012", lambda s: {"data": json.dumps({"password": s})}),
    "in JSON in JSON": (
        "DataTransfer", "s3cr-in-json-000013",
        lambda s: {"data": json.dumps({"inner": json.dumps({"a": [{"basicAuthPassword": s}]})})},
    ),
    "a PIN in JSON in a text": ("DataTransfer", "84620357", lambda s: {"data": json.dumps({"simPin": int(s)})}),
    "a card in JSON in a text": ("DataTransfer", "04AABBCCDDEE15", lambda s: {"data": json.dumps({"idToken": s})}),
    "an event in a text": ("DataTransfer", "s3cr-in-json-000016", lambda s: {"data": json.dumps(event_of(s))}),
    "as words": ("DataTransfer", "s3cr-in-words-00017", lambda s: {"data": f"user=me password={s} port=1"}),
}  # fmt: skip


def writings(value: str) -> Iterator[str]:
    """How a value may be written, so that whoever finds it has it."""
    octets = value.encode()
    yield from (value, quote(value, safe=""), octets.hex(), octets.hex().upper())
    for start in range(3):
        first, last = -(-8 * start // 6), 8 * (start + len(octets)) // 6
        yield base64.b64encode(b"\0" * start + octets).decode()[first:last]


def sealed(place: Path, say: Any) -> dict[str, bytes]:
    """A campaign with a real charger in which `say` spoke, sealed: each member of the bundle, unpacked."""
    evidence, profile = place / "evidence", profile_of()
    plan = the_plan(profile, dut=msgspec.structs.replace(the_plan().dut, emulated=False))
    prepare(evidence, plan, profile)
    recorder = Recorder(open_private(evidence, [(value, sort) for sort, value in KNOWN]), StepClock())
    recorder.record("campaign.started", "harness", first_data(evidence, plan))
    recorder.record("evaluation.date", "harness", {"date": plan.evaluation_date})
    opened = {"conn": 1, "state": "open", "version": "ocpp2.0.1", "subprotocol": "ocpp2.0.1"}
    recorder.record("ocpp.connection", "dut", opened, station="CS-1", connection=1)
    say(recorder)
    run_case(recorder, 9.0)
    recorder.record("campaign.ended", "harness", {})
    recorder.close()
    recover(evidence)
    seal(evidence, place / "bundle.zip", SIGNER)
    with zipfile.ZipFile(place / "bundle.zip") as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def found_in(members: dict[str, bytes], value: str) -> list[str]:
    """The members in which it stands, and how."""
    return [f"{name}: {each}" for name, raw in members.items() for each in writings(value) if each.encode() in raw]


@pytest.mark.parametrize("where", SAID)
def test_a_secret_is_in_no_member_wherever_it_was_said(tmp_path: Path, where: str) -> None:
    """Only its place gives it away. It is said again in words elsewhere, before and after."""
    action, secret, payload = SAID[where]

    def say(recorder: Recorder) -> None:
        told = Told(recorder)
        told.call(action, payload(secret), {}, by="out")
        told.call(action, payload(secret), {})

    members = sealed(tmp_path, say)
    assert not found_in(members, secret)
    assert action.encode() in members["trace.jsonl"]
    assert b"s.test/" in members["trace.jsonl"] or "URL" not in where, "the rest of a URL stays"


def test_the_bench_s_own_password_is_in_no_member_in_any_writing(tmp_path: Path) -> None:
    """In Base64, alone and as credentials, as in a URL, in hexadecimal: in frames and in our own words."""
    said = [each for value in (PASSWORD, f"CS-1:{PASSWORD}") for each in writings(value)]
    said.append(base64.b64encode(f"CS-1:{PASSWORD}".encode()).decode())

    def say(recorder: Recorder) -> None:
        for each in said:
            Told(recorder).call("DataTransfer", {"vendorId": "x", "data": f"it is {each}."}, {})
            recorder.record("harness.error", "harness", {"detail": f"refused {each}"})

    assert not found_in(sealed(tmp_path, say), PASSWORD)


def test_what_is_no_secret_stays(tmp_path: Path) -> None:
    """The control: the same places without a secret, and a search that finds what is there."""

    def say(recorder: Recorder) -> None:
        told = Told(recorder)
        told.call("GetLog", {"log": {"remoteLocation": "ftp://files.test/l?version=2.0.1&slot=17"}}, {}, by="out")
        told.call("DataTransfer", {"data": json.dumps({"temperature": "warm-and-steady-1"})}, {})
        told.call(
            "NotifyEvent", {"eventData": [{"actualValue": "harmless-value-01", "variable": {"name": "Tilt"}}]}, {}
        )

    members = sealed(tmp_path, say)
    for each in ("ftp://files.test/l?version=2.0.1&slot=17", "warm-and-steady-1", "harmless-value-01"):
        assert found_in(members, each) or each.encode() in members["trace.jsonl"], each
