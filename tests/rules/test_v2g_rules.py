"""ISO 15118 rules: what a correct charger may do breaks none, and what a car does wrong is not the charger's fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from ev_emulator.exi import encode_as_written
from harness.judge.rules.v2g import CAR, CHARGER, Hole, SessionLine, Talk, V2gWatch, known_v2g_rules
from harness.proofs.edits import window
from requirement_catalog import load_suites

ISO_2, DIN = "urn:iso:15118:2:2013:MsgDef", "urn:din:70121:2012:MsgDef"
ROWS = [row for row in load_suites().rules if row.id in known_v2g_rules()]
Said = tuple[str, int, bytes]


def recorded(name: str = "v2g-dc") -> list[Said]:
    """The messages of a recorded session."""
    return [
        (CHARGER if e.data["dir"] == "in" else CAR, int(e.data["payload_type"]), bytes.fromhex(str(e.data["exi"])))
        for e in window(name)
        if e.kind == "v2g.message"
    ]


def violated(said: Iterable[Said], *, from_start: bool = True, hole_at: int = -1) -> list[str]:
    """The rules that a session breaks; a tenth of a second between two messages."""
    watch, talk = V2gWatch(ROWS), Talk()
    if from_start:
        watch.take(SessionLine(0, 0, 0, "SECC", 1, "opened"))
    for number, (by, kind, exi) in enumerate(said, start=1):
        at = number, number * 10**8, number * 10**8, "SECC"
        if number == hole_at:
            watch.take(Hole(*at, 1, "lost"))
        watch.take(talk.take(*at, 1, by, kind, exi))
    assert [error for tally in watch.tallies for error in tally.errors] == []
    return sorted(tally.rule for tally in watch.tallies if tally.violated)


def sap(namespace: str, major: int = 2) -> list[Said]:
    """Car and charger agree on one of the older protocols."""
    offer = {"ProtocolNamespace": namespace, "VersionNumberMajor": major, "VersionNumberMinor": 0}
    asked = {"supportedAppProtocolReq": {"AppProtocol": [offer | {"SchemaID": 1, "Priority": 1}]}}
    told = {"supportedAppProtocolRes": {"ResponseCode": "OK_SuccessfulNegotiation", "SchemaID": 1}}
    space = "urn:iso:15118:2:2010:AppProtocol"
    return [(CAR, 0x8001, encode_as_written(asked, space)), (CHARGER, 0x8001, encode_as_written(told, space))]


def older(
    namespace: str, *pairs: tuple[str, dict[str, Any], dict[str, Any]], id: str = "0A0B0C0D0E0F0102"
) -> list[Said]:
    """Requests and answers of one of the older protocols, after the agreement."""
    found = sap(namespace)
    for kind, asked, told in pairs:
        for by, end, content in ((CAR, "Req", asked), (CHARGER, "Res", told)):
            session = "00" if kind == "SessionSetup" and by == CAR else id
            message = {"V2G_Message": {"Header": {"SessionID": session}, "Body": {f"{kind}{end}": content}}}
            found.append((by, 0x8001, encode_as_written(message, namespace)))
    return found


SETUP = ("SessionSetup", {"EVCCID": "0102030405"}, {"ResponseCode": "OK_NewSessionEstablished", "EVSEID": "ZZ00000"})
STOP_2 = ("SessionStop", {"ChargingSession": "Terminate"}, {"ResponseCode": "OK"})


def test_a_recorded_session_breaks_nothing() -> None:
    """The control of all that follows."""
    assert violated(recorded()) == []


def test_the_middle_of_a_session_accuses_nobody() -> None:
    """A capture that begins late: what was agreed before is not known, and nothing is missed."""
    said = recorded()
    for start in range(1, len(said), 3):
        assert violated(said[start:], from_start=False) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda said: [*said[:10], said[10], *said[10:]],  # asks twice before it is answered
        lambda said: [*said[:10], (CAR, 0x8002, b"\x80\xff\xff\xff"), *said[10:]],  # sends what is no message
        lambda said: [*said[:10], (CAR, 0x9999, b""), *said[10:]],  # under no known payload type
        lambda said: [*said[:10], (CAR, said[9][1], said[9][2]), *said[10:]],  # an answer
    ],
    ids=["twice", "garbage", "payload type", "an answer"],
)
def test_what_the_car_does_wrong_is_not_the_chargers_fault(spoilt: Any) -> None:
    """From there on a charger may refuse, be silent or answer both: none of it is judged."""
    assert violated(spoilt(recorded())) == []


def test_a_refusal_and_the_end_are_fine() -> None:
    """-2: FAILED_SequenceError, then the session is stopped, or begun anew."""
    refused = ("ServiceDiscovery", {}, {"ResponseCode": "FAILED_SequenceError"})
    assert violated(older(ISO_2, SETUP, STOP_2)) == []
    asked = older(ISO_2, SETUP, ("SessionStop", {"ChargingSession": "Terminate"}, {"ResponseCode": "FAILED"}))
    assert violated(asked) == []
    assert violated(older(DIN, (SETUP[0], SETUP[1], SETUP[2] | {"EVSEID": "00"}))) == []
    assert len(refused) == 3


@pytest.mark.parametrize("name", ["DE*ABC*E123*1", "DEABCE1231", "nl*abc*e1", "ZZ00000"])
def test_forms_of_an_evse_id(name: str) -> None:
    """With and without asterisks, in either case, and the one that says that there is none."""
    assert violated(older(ISO_2, (SETUP[0], SETUP[1], SETUP[2] | {"EVSEID": name}))) == []


def test_an_old_session_is_joined() -> None:
    """-2: the car asks for its old SessionID and gets it, or gets a new one."""
    said: Sequence[Said] = older(ISO_2, SETUP)
    told = SETUP[2] | {"ResponseCode": "OK_OldSessionJoined"}
    header = {"SessionID": "0A0B0C0D0E0F0102"}
    asked = {"V2G_Message": {"Header": header, "Body": {"SessionSetupReq": SETUP[1]}}}
    joined = {"V2G_Message": {"Header": header, "Body": {"SessionSetupRes": told}}}
    again = [(CAR, 0x8001, encode_as_written(asked, ISO_2)), (CHARGER, 0x8001, encode_as_written(joined, ISO_2))]
    assert violated([*said[:2], *again]) == []
    assert violated([*said[:2], again[0], said[3]]) == ["V2G-SES.R006"]  # called new, and is the old one


def test_a_hole_ends_what_is_known() -> None:
    """An answer after octets that are lost may answer a request that is lost with them."""
    said = recorded()
    assert violated([*said[:20], *said[21:]], hole_at=21) == []
    assert violated([*said[:20], *said[21:]]) != []


@pytest.mark.parametrize("code", ["FAILED", "OK"])
def test_a_new_beginning_leaves_the_old_session_behind(code: str) -> None:
    """-2: after a refusal, and after an end, a session is set up anew over the same connection, and goes on."""
    detail = ("ServiceDetail", {"ServiceID": 1}, {"ResponseCode": "OK", "ServiceID": 1})
    before = older(ISO_2, SETUP, (STOP_2[0], STOP_2[1], {"ResponseCode": code}))
    assert violated([*before, *older(ISO_2, SETUP, detail)[2:]]) == []
    assert violated([*before, *older(ISO_2, SETUP, detail)[4:]]) == [
        "V2G-SES.R008" if code == "FAILED" else "V2G-SES.R009"
    ]


def test_the_last_answer_is_of_the_session_too() -> None:
    """-2: SessionStopRes under another SessionID."""
    said, other = older(ISO_2, SETUP, STOP_2), older(ISO_2, SETUP, STOP_2, id="0F0F0F0F0F0F0F0F")
    assert violated([*said[:-1], other[-1]]) == ["V2G-SES.R004"]


def test_what_resumes_nothing_joins_nothing() -> None:
    """DIN knows no paused session: a charger may take the SessionID that a car brings along."""
    setup = (SETUP[0], SETUP[1], SETUP[2] | {"EVSEID": "00"})
    said = older(DIN, setup)
    header = {"SessionID": "0A0B0C0D0E0F0102"}
    asked = {"V2G_Message": {"Header": header, "Body": {"SessionSetupReq": setup[1]}}}
    assert violated([*said[:2], (CAR, 0x8001, encode_as_written(asked, DIN)), said[3]]) == []


def test_what_goes_on_beside_the_loop_has_payload_types_of_its_own() -> None:
    """-20: an answer under 0x8102 is not measured by that of its request."""
    said = recorded()
    first = next(n for n, (by, kind, _) in enumerate(said) if by == CHARGER and kind == 0x8002)
    by, _, exi = said[first]
    assert "V2G-SAP.R003" not in violated([*said[:first], (by, 0x8102, exi), *said[first + 1 :]])
    assert violated([*said[:first], (by, 0x8001, exi), *said[first + 1 :]]) == ["V2G-SAP.R003"]
