"""The private journal and the trace made from it: both judge alike, and what leaves the bench names nobody."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.campaign._files import journal_for
from harness.campaign._judged import judge_folder, to_judge
from harness.decision import decide
from harness.evidence import SealError, Surrogates, journal_of, open_private, recover, seal, share, verify
from harness.evidence.surrogates._private import Held
from harness.judge import CampaignResult, evaluate
from harness.judge.rules import watch_trace
from harness.plan import Plan
from harness.profile import load_profile
from harness.trace import Recorder, Trace, faulty_messages, messages, read_trace
from requirement_catalog import load_suites
from tests.evidence._campaign import CASE, SIGNER, StepClock, first_data, prepare, run_case, the_plan
from tests.evidence._tricks import SAYS, profile_of
from tests.evidence._tricks import run as command

PASSWORD, TOKEN, CARD, LONG = "s3cret-s3cret-16", "DEADBEEF", "04A2B3C4D5E6F7", "TOKEN-" + "9" * 34
EVCCID, EMAID = "020000151181", "DE8AA1A2B3C4D5"
SECRETS = (PASSWORD, TOKEN, CARD, LONG, EVCCID, EMAID, "MHcCAQEEIBx7")
EXI = "809a02000000000000000011d01808000054460400"  # SessionSetupReq with that EVCCID, as a codec wrote it
KNOWN = [("id", TOKEN), ("secret", PASSWORD)]
PEM = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBx7\n-----END EC PRIVATE KEY-----"


class Told:
    """Says OCPP messages into a recorder, numbered."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder, self.number = recorder, 0

    def call(self, action: str, payload: Any, answer: Any, by: str = "in") -> None:
        """A CALL and its answer."""
        self.number += 1
        back = "out" if by == "in" else "in"
        for way, type_, content in (
            (by, 2, [2, f"m{self.number}", action, payload]),
            (back, 3, [3, f"m{self.number}", answer]),
        ):
            data = {"conn": 1, "dir": way, "type": type_, "id": f"m{self.number}", "action": action}
            who = "dut" if way == "in" else "harness"
            self.recorder.record(
                "ocpp.frame", who, {**data, "raw": json.dumps(content), "errors": []}, station="CS-1", connection=1
            )


def transaction(kind: str, number: int, token: str, **more: Any) -> dict[str, Any]:
    """A TransactionEvent."""
    return {
        "eventType": kind,
        "timestamp": f"2026-11-22T10:00:0{number}Z",
        "triggerReason": "Authorized",
        "seqNo": number,
        "transactionInfo": {"transactionId": "T1"},
        "idToken": {"idToken": token, "type": "ISO14443"},
        **more,
    }


def say_all(recorder: Recorder) -> None:
    """Tokens, good and over-long ones, passwords, a key, contract numbers, an EVCCID: in the right and wrong places."""
    opened = {"conn": 1, "state": "open", "version": "ocpp2.0.1", "subprotocol": "ocpp2.0.1"}
    recorder.record("ocpp.connection", "dut", opened, station="CS-1", connection=1)
    told = Told(recorder)
    told.call("BootNotification", {"reason": "PowerUp", "chargingStation": SAYS}, {"status": "Accepted"})
    for token in (CARD, CARD.lower(), LONG):
        told.call(
            "Authorize", {"idToken": {"idToken": token, "type": "ISO14443"}}, {"idTokenInfo": {"status": "Accepted"}}
        )
    told.call(
        "Authorize", {"idToken": {"idToken": 12345678, "type": "Central"}}, {"idTokenInfo": {"status": "Invalid"}}
    )
    start = {"remoteStartId": 1, "evseId": 1, "idToken": {"idToken": TOKEN, "type": "Central"}}
    told.call("RequestStartTransaction", start, {"status": "Accepted"}, by="out")
    told.call("TransactionEvent", transaction("Started", 0, TOKEN.lower(), remoteStartId=1), {})
    told.call("TransactionEvent", transaction("Updated", 1, CARD), {})
    variable = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
    told.call("SetVariables", {"setVariableData": [{"attributeValue": PASSWORD, **variable}]}, {}, by="out")
    told.call(
        "GetVariables", {"getVariableData": [variable]}, {"getVariableResult": [{"attributeValue": PASSWORD}]}, "out"
    )
    told.call("DataTransfer", {"vendorId": "x", "data": f"{PEM} for {EMAID}, {CARD}"}, {"status": "Accepted"})
    recorder.record("ocpp.frame", "dut", {"conn": 1, "dir": "in", "raw": f'[2,"9","Authorize",{{"idToken":"{CARD}'})
    payload = {"V2G_Message": {"Header": {"SessionID": "0"}, "Body": {"SessionSetupReq": {"EVCCID": EVCCID}}}}
    v2g = {"session": 1, "dir": "out", "name": "SessionSetupReq", "payload_type": 0x8001}
    recorder.record("v2g.message", "ev", {**v2g, "payload": payload, "exi": EXI})
    contract = {"V2G_Message": {"Body": {"PaymentDetailsReq": {"eMAID": EMAID}}}}
    recorder.record("v2g.message", "ev", {**v2g, "name": "PaymentDetailsReq", "payload": contract, "exi": "80aa"})
    recorder.record("harness.error", "harness", {"detail": f"ws://CS-1:{PASSWORD}@host refused {CARD} of {EVCCID}"})
    frames = {"criterion": "SC-04.2", "judge": "core_ocpp.every_frame_valid", "params": {"id_token": TOKEN}}
    recorder.record("claim", "harness", frames)


def private_campaign(place: Path, *, to_the_end: bool = True) -> Path:
    """A campaign with a real charger until it is judged; returns the evidence folder."""
    evidence, profile = place / "evidence", profile_of()
    plan = the_plan(profile, dut=msgspec.structs.replace(the_plan().dut, emulated=False))
    prepare(evidence, plan, profile)
    recorder = Recorder(open_private(evidence, [(value, sort) for sort, value in KNOWN]), StepClock())
    recorder.record("campaign.started", "harness", first_data(evidence, plan))
    recorder.record("evaluation.date", "harness", {"date": plan.evaluation_date})
    recorder.step = f"the card {CARD} is shown"
    say_all(recorder)
    recorder.step = None
    run_case(recorder, 9.0)
    if to_the_end:
        recorder.record("campaign.ended", "harness", {})
    recorder.close()
    return evidence


def judged(evidence: Path) -> CampaignResult:
    """As `run` does at its end."""
    plan = plan_of(evidence)
    return judge_folder(evidence, plan, to_judge(evidence, []))


def plan_of(evidence: Path) -> Plan:
    """Its plan."""
    return msgspec.json.decode((evidence / "plan.json").read_bytes(), type=Plan)


def replacer(evidence: Path) -> Surrogates:
    """What replaced this campaign's values, to do the same to what was judged from the private journal."""
    held = msgspec.json.decode((evidence.parent / "private" / "surrogates.json").read_bytes(), type=Held)
    made = Surrogates(bytes.fromhex(held.key), held.known)
    for event in read_trace(journal_of(evidence)):
        made.learn(event.kind, event.data)
    return made


def test_both_journals_give_equal_findings(tmp_path: Path) -> None:
    """Verdicts, events, texts: all the same, up to the surrogates; an over-long token is a fault in both."""
    evidence = private_campaign(tmp_path)
    plan, private, shared = plan_of(evidence), read_trace(journal_of(evidence)), share(evidence)
    found = [plainly(decide(plan, trace, evaluate(trace, plan.limits))) for trace in (private, shared)]
    again = replacer(evidence)
    assert again("verdicts", found[0]) == found[1]
    assert "is longer than 36 characters" in json.dumps(found[1])
    faults = [[(m.seq, m.errors) for m in faulty_messages(trace)] for trace in (private, shared)]
    assert [(seq, tuple(map(again.plain, errors))) for seq, errors in faults[0]] == faults[1]
    assert len(faults[1]) >= 4


def test_rules_that_watch_see_the_same(tmp_path: Path) -> None:
    """Every rule of the standard: as often tried, held and broken, at the same events, in both."""
    evidence = private_campaign(tmp_path)
    found = [watch_trace(trace, load_suites(), ()) for trace in (read_trace(journal_of(evidence)), share(evidence))]
    assert replacer(evidence)("rules", {"all": plainly(found[0])}) == {"all": plainly(found[1])}
    assert any(each["exercised"] for each in plainly(found[1]))


def plainly(value: Any) -> Any:
    """As JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))


def test_everything_but_the_values_stays(tmp_path: Path) -> None:
    """Numbers, times, kinds, who acted, lengths of messages and of EXI; equal values stay equal across both."""
    evidence = private_campaign(tmp_path)
    private, shared = list(read_trace(journal_of(evidence))), list(share(evidence))
    for was, now in zip(private, shared, strict=True):
        same = ("seq", "t_ns", "utc", "kind", "who", "case", "station", "connection", "schema")
        assert all(getattr(was, name) == getattr(now, name) for name in same)
        for name in ("raw", "exi"):
            if "exi_dropped" not in now.data:
                assert len(was.data.get(name, "")) == len(now.data.get(name, ""))
    tokens = [
        m.payload["idToken"]["idToken"] for m in messages(shared_of(evidence), action="Authorize", direction="in")[:3]
    ]
    assert tokens[0].lower() == tokens[1].lower() != tokens[2].lower()
    assert [len(each) for each in tokens] == [14, 14, 40]
    assert re.fullmatch("[0-9A-F]{14}", tokens[0])
    first = shared[0].data["surrogates"]
    assert "idtoken" in first["fields"]
    assert len(first["journal"]) == 64
    assert "surrogates" not in private[0].data


def shared_of(evidence: Path) -> Trace:
    """The trace that is sealed."""
    return read_trace(evidence / "trace.jsonl")


def test_no_secret_stands_in_any_octet_of_the_bundle(tmp_path: Path) -> None:
    """Trace, verdicts, report, attachments: none of the values, in whatever case of letters; and it verifies."""
    evidence = private_campaign(tmp_path)
    assert judged(evidence).decision == "HOLD"
    seal(evidence, tmp_path / "b.zip", SIGNER)
    with zipfile.ZipFile(tmp_path / "b.zip") as bundle:
        names = bundle.namelist()
        every = b"".join(bundle.read(name) for name in names)
    for secret in SECRETS:
        assert secret.lower().encode() not in every.lower(), secret
    assert bytes.fromhex(EXI) not in every and EXI.encode() not in every
    assert "v2g/sessions.pcapng" in names, "the capture is made from the trace that is sealed"
    assert not [name for name in names if "private" in name]
    report = verify(tmp_path / "b.zip", SIGNER.public, rejudge=True)
    assert (report.ok, report.rejudged) == (True, "agrees")


def test_the_private_folder_is_its_owners_alone(tmp_path: Path) -> None:
    """Journal and key: nobody else of this computer reads them, and they lie outside of what is sealed."""
    evidence = private_campaign(tmp_path)
    private = tmp_path / "private"
    modes = [
        stat.S_IMODE(path.stat().st_mode) for path in (private, private / "trace.jsonl", private / "surrogates.json")
    ]
    assert modes == [0o700, 0o600, 0o600]
    assert not (evidence / "trace.jsonl").exists(), "before it is judged there is nothing to share"


@pytest.mark.parametrize("name", ["attachments/note.txt", "v2g/notes.bin"])
def test_a_file_with_the_bench_s_password_is_not_sealed(tmp_path: Path, name: str) -> None:
    """What a person put there is not altered, so it is refused, by name."""
    evidence = private_campaign(tmp_path)
    judged(evidence)
    (evidence / name).parent.mkdir(exist_ok=True)
    (evidence / name).write_bytes(b"\xff login " + PASSWORD.encode())
    with pytest.raises(SealError, match=f"{name} holds the profile's password"):
        seal(evidence, tmp_path / "b.zip", SIGNER)


def test_a_killed_run_is_sealed_from_its_private_journal(tmp_path: Path) -> None:
    """A real process, killed by SIGKILL while it records: the journal is mended there, the trace made from it."""
    evidence = private_campaign(tmp_path, to_the_end=False)
    program = (
        "import sys, itertools; from pathlib import Path; from harness.trace import Recorder\n"
        "r = Recorder.append_to(Path(sys.argv[1]))\n"
        "for n in itertools.count():\n"
        f"    r.record('harness.error', 'harness', {{'detail': '{CARD}', 'n': n}})\n"
        "    if n == 50: print('enough', flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(journal_of(evidence))], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"enough\n"
    process.kill()
    assert process.wait(timeout=10) == -signal.SIGKILL
    process.stdout.close()
    ended = command("seal", tmp_path, "--out", tmp_path / "b.zip")
    assert ended.exit_code == 1, ended.output
    assert "interrupted" in ended.output
    assert CARD.encode() not in (tmp_path / "b.zip").read_bytes()
    assert read_trace(journal_of(evidence))[-1].kind == shared_of(evidence)[-1].kind == "campaign.recovered"
    assert verify(tmp_path / "b.zip", rejudge=True).rejudged == "agrees"
    before = (evidence / "trace.jsonl").read_bytes()
    assert recover(evidence).written == ()
    assert (evidence / "trace.jsonl").read_bytes() == before


def test_an_edited_trace_is_made_again_from_the_journal(tmp_path: Path) -> None:
    """Where the private journal is, it is what counts."""
    evidence = private_campaign(tmp_path)
    judged(evidence)
    good = (evidence / "trace.jsonl").read_bytes()
    (evidence / "trace.jsonl").write_bytes(good.replace(b"ISO14443", b"ISO15693"))
    assert recover(evidence).written == ("trace.jsonl",)
    assert (evidence / "trace.jsonl").read_bytes() == good


def test_a_rerun_continues_the_private_journal_with_the_same_surrogates(tmp_path: Path) -> None:
    """What was there before keeps its surrogates, also where the profile has another password by now."""
    evidence = private_campaign(tmp_path)
    judged(evidence)
    before = (evidence / "trace.jsonl").read_bytes().split(b"\n")
    recorder = Recorder.append_to(open_private(evidence, [("another-s3cret-17", "secret")]), StepClock())
    recorder.record("campaign.rerun", "harness", {**first_data(evidence, plan_of(evidence)), "cases": [CASE]})
    recorder.record("harness.error", "harness", {"detail": f"another-s3cret-17 for {CARD}"})
    run_case(recorder, 9.0)
    recorder.record("campaign.ended", "harness", {})
    recorder.close()
    judged(evidence)
    after = (evidence / "trace.jsonl").read_bytes()
    assert b"another-s3cret-17" not in after and CARD.encode() not in after
    strip = re.compile(rb'"(?:prev|journal)":"[0-9a-f]{64}"')
    assert [strip.sub(b"", line) for line in after.split(b"\n")[: len(before) - 1]] == [
        strip.sub(b"", line) for line in before[:-1]
    ]
    seal(evidence, tmp_path / "b.zip", SIGNER)
    assert verify(tmp_path / "b.zip", rejudge=True).rejudged == "agrees"


def test_without_its_key_nothing_is_shared(tmp_path: Path) -> None:
    """The file with the key is named, and what would be right; the journal stays."""
    evidence = private_campaign(tmp_path)
    (tmp_path / "private" / "surrogates.json").unlink()
    ended = command("seal", tmp_path, "--out", tmp_path / "b.zip")
    assert ended.exit_code == 2
    assert "surrogates.json is missing" in " ".join(ended.output.split())
    assert not (evidence / "trace.jsonl").exists()


def test_an_emulated_charger_has_no_private_journal(tmp_path: Path) -> None:
    """There is nobody to protect: what is recorded is what is sealed."""
    profile, _ = load_profile("emulated")
    assert journal_for(tmp_path / "evidence", profile) == tmp_path / "evidence" / "trace.jsonl"
    assert not (tmp_path / "private").exists()
