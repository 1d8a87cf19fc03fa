"""Surrogates: what must not leave the bench gives way to a value of its length and kind, and all else stays."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evidence import Surrogates
from harness.evidence.surrogates._in_exi import replaced_in_exi
from harness.evidence.surrogates._mint import Mint, Sort
from harness.trace import Recorder

KEY = bytes(range(32))
MESSAGES = Path(__file__).parents[1] / "exi" / "messages.jsonl"
SORTS: list[Sort] = ["id", "secret", "key"]


@pytest.fixture
def surrogates() -> Surrogates:
    """With a fixed key."""
    return Surrogates(KEY)


def frame(payload: object, action: str = "Authorize", errors: tuple[str, ...] = ()) -> dict:
    """An incoming CALL."""
    return {"conn": 1, "dir": "in", "raw": json.dumps([2, "7", action, payload]), "action": action, "errors": [*errors]}


def token_in(raw: str) -> str:
    """The idToken of a frame."""
    return json.loads(raw)[3]["idToken"]["idToken"]


def shape(value: str) -> str:
    """A text with every digit and letter as one of its class."""
    return re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"[0-9]", "0", value)))


printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


@given(st.binary(min_size=16, max_size=40), printable, st.sampled_from(SORTS))
def test_a_surrogate_has_the_length_and_the_classes_of_its_value(key: bytes, value: str, sort: Sort) -> None:
    """Digits stay digits, upper and lower case letters theirs; signs stay, but not in a password."""
    made = Mint(key).of(value, sort)
    assert len(made) == len(value)
    signs = r"[^0-9A-Za-z]" if sort == "secret" else r"(?!)"
    assert re.sub(signs, "-", shape(made)) == re.sub(signs, "-", shape(value))
    assert Mint(key).of(value, sort) == made


@given(st.text(max_size=30), st.sampled_from(SORTS))
def test_a_surrogate_has_as_many_octets_as_its_value(value: str, sort: Sort) -> None:
    """In whatever script it is written: the place of each other octet of a message stays."""
    made = Mint(KEY).of(value, sort)
    assert len(made.encode("utf-8", "surrogatepass")) == len(value.encode("utf-8", "surrogatepass"))


@given(st.lists(st.text("ABCDEF0123456789xyz", min_size=3, max_size=20), unique_by=str.lower, max_size=30))
def test_unequal_values_stay_unequal_and_none_is_a_real_one(values: list[str]) -> None:
    """Also where there are few of that length: no surrogate names somebody who was there."""
    mint = Mint(KEY)
    for value in values:
        mint.learn(value, "id")
    made = [mint.of(value, "id") for value in values]
    assert len({each.lower() for each in made}) == len(values)
    assert not {each.lower() for each in made} & {value.lower() for value in values}


@given(st.text("abcdefDEF0123", min_size=4, max_size=20))
def test_what_is_the_same_to_whoever_compares_stays_the_same(value: str) -> None:
    """OCPP compares idTokens without their case; an eMAID or an address may have signs between."""
    mint = Mint(KEY)
    one = mint.of(value, "id")
    assert mint.of(value.upper(), "id").lower() == one.lower()
    assert mint.of("-".join(value), "id").replace("-", "") == one
    assert re.fullmatch("[0-9a-fA-F]+", one), "what was hexadecimal reads as such"


@given(st.binary(min_size=1, max_size=90))
def test_base64_stays_base64_of_the_same_length(octets: bytes) -> None:
    """Keys and certificates decode as before, to as many octets."""
    made = Mint(KEY).of(base64.b64encode(octets).decode(), "key")
    decoded = base64.b64decode(made, validate=True)
    assert len(decoded) == len(octets)
    assert base64.b64encode(decoded).decode() == made


def test_an_id_token_is_replaced_and_stays_comparable(surrogates: Surrogates) -> None:
    """The same token gives the same surrogate in two frames, another token another one; the type is no secret."""
    made = []
    for token in ("DEADBEEF", "DEADBEEF", "CAFE0001"):
        raw = surrogates("ocpp.frame", frame({"idToken": {"idToken": token, "type": "ISO14443"}}))["raw"]
        assert token not in raw
        assert json.loads(raw)[3]["idToken"]["type"] == "ISO14443"
        made.append(token_in(raw))
    assert made[0] == made[1] != made[2]


def test_another_campaigns_key_gives_another_surrogate() -> None:
    """Values of two campaigns cannot be joined; a key that could be guessed is refused."""
    assert Mint(KEY).of("DEADBEEF", "id") != Mint(bytes(32)).of("DEADBEEF", "id")
    with pytest.raises(ValueError, match="at least 16 bytes"):
        Surrogates(b"short")


def test_everything_else_keeps_its_bytes(surrogates: Surrogates) -> None:
    """Spaces, number formats and duplicate keys of the station's own text stay; only the token's text changes."""
    raw = '[2, "7","Authorize" , {"x":1.50e0,"x":2,"idToken" : {"type":"Central", "idToken":\t"DEADBEEF"}}]'
    clean = surrogates("ocpp.frame", {"raw": raw})["raw"]
    assert clean == raw.replace("DEADBEEF", token_in(clean))
    assert token_in(clean) != "DEADBEEF"


def test_frames_without_secrets_are_not_touched(surrogates: Surrogates) -> None:
    """The very same object comes back: no copy, no rewriting."""
    data = frame({"connectorStatus": "Occupied", "evseId": 1}, "StatusNotification")
    assert surrogates("ocpp.frame", data) is data


def test_a_password_variable_is_replaced_wherever_it_appears(surrogates: Surrogates) -> None:
    """BasicAuthPassword in SetVariables, in a GetVariables answer and in a report, in any case of letters."""
    payloads = [
        {"setVariableData": [{"attributeValue": "s3cret-s3cret-16", "variable": {"name": "BasicAuthPassword"}}]},
        {"getVariableResult": [{"attributeValue": "s3cret-s3cret-16", "variable": {"name": "basicauthpassword"}}]},
        {
            "reportData": [
                {"variable": {"name": "BasicAuthPassword"}, "variableAttribute": [{"value": "s3cret-s3cret-16"}]}
            ]
        },
        {
            "connectionData": {
                "basicAuthPassword": "s3cret-s3cret-16",
                "vpn": {"key": "s3cret-s3cret-16", "type": "IKEv2"},
            }
        },
    ]
    for payload in payloads:
        raw = surrogates("ocpp.frame", frame(payload, "SetVariables"))["raw"]
        assert "s3cret" not in raw
        assert len(raw) == len(json.dumps([2, "7", "SetVariables", payload]))
        assert isinstance(json.loads(raw)[3], dict)


def test_other_variables_keep_their_values(surrogates: Surrogates) -> None:
    """A frame that mentions a password does not lose the values beside it."""
    rows = [
        {"attributeValue": "300", "variable": {"name": "HeartbeatInterval"}},
        {"attributeValue": "s3cret-s3cret-16", "variable": {"name": "BasicAuthPassword"}},
    ]
    clean = json.loads(surrogates("ocpp.frame", frame({"setVariableData": rows}))["raw"])[3]["setVariableData"]
    assert clean[0] == rows[0]


def test_an_escaped_key_does_not_slip_through(surrogates: Surrogates) -> None:
    r"""A station may write id\u0054oken; it is the same key, the same token, and what was escaped stays escaped."""
    raw = '[2,"7","Authorize",{"idToken":{"id\\u0054oken":"DEAD\\u0042EEF","type":"Central"}}]'
    clean = surrogates("ocpp.frame", {"raw": raw})["raw"]
    assert token_in(clean) == token_in(surrogates("ocpp.frame", frame({"idToken": {"idToken": "DEADBEEF"}}))["raw"])
    assert len(clean) == len(raw)
    assert clean.count("\\u") == 2


@pytest.mark.parametrize("cut", range(58, 71))
def test_a_torn_frame_does_not_leak(surrogates: Surrogates, cut: int) -> None:
    """A frame that ends inside the token is no JSON; what there is of the token is replaced all the same."""
    raw = '[2,"7","Authorize",{"idToken":{"type":"Central","idToken":"DEADBEEF"}}]'[:cut]
    clean = surrogates("ocpp.frame", {"raw": raw})["raw"]
    assert "DE" not in clean


def test_a_torn_password_report_does_not_leak(surrogates: Surrogates) -> None:
    """Which value belongs to the password cannot be told in torn JSON, so all values in it go."""
    report = '{"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"value":"s3cr'
    raw = f'[2,"7","NotifyReport",{{"reportData":[{report}'
    assert "s3cr" not in surrogates("ocpp.frame", {"raw": raw})["raw"]


def test_a_schema_complaint_does_not_quote_the_secret(surrogates: Surrogates) -> None:
    """The recorder's list of errors holds the surrogate that stands in the frame."""
    token = "A" * 40
    data = frame(
        {"idToken": {"idToken": token, "type": "Central"}}, errors=(f'"{token}" is longer than 36 characters',)
    )
    clean = surrogates("ocpp.frame", data)
    assert clean["errors"] == [f'"{token_in(clean["raw"])}" is longer than 36 characters']


def test_octets_that_are_no_text_are_replaced_alike(surrogates: Surrogates) -> None:
    """A frame that is no UTF-8 keeps every octet but those of the token."""
    octets = b'[2,"7","Authorize",{"idToken":{"idToken":"CAFE0001","type":"\xff\xfe"}}]'
    data = {"raw": octets.decode("utf-8", "replace"), "octets": base64.b64encode(octets).decode()}
    clean = surrogates("ocpp.frame", data)
    now = base64.b64decode(clean["octets"])
    assert b"CAFE0001" not in now and "CAFE0001" not in clean["raw"]
    at = octets.index(b"CAFE0001")
    assert now[:at] + now[at + 8 :] == octets[:at] + octets[at + 8 :]


def test_a_number_where_a_text_belongs_is_replaced_by_a_number(surrogates: Surrogates) -> None:
    """The fault stays (OCPP wants a text), the card's number does not."""
    raw = surrogates("ocpp.frame", frame({"idToken": {"idToken": 12345678}}))["raw"]
    assert isinstance(token_in(raw), int)
    assert 10_000_000 <= int(token_in(raw)) != 12345678


@pytest.mark.parametrize("number", range(1000, 1100, 9))
def test_a_number_in_quotes_and_without_has_one_surrogate(number: int) -> None:
    """Whichever came first; and it never begins with a zero, which JSON has no number for."""
    surrogates = Surrogates(KEY)
    quoted, bare = (
        token_in(surrogates("ocpp.frame", frame({"idToken": {"idToken": value}}))["raw"])
        for value in (str(number), number)
    )
    assert quoted == str(bare)


def test_a_car_told_by_the_device_model_is_replaced(surrogates: Surrogates) -> None:
    """ConnectedEV.VehicleId in an event, and a password's value there: the same as under their own keys."""
    rows = [
        {"actualValue": "WMIVXYZQ", "variable": {"name": "VehicleId"}, "component": {"name": "ConnectedEV"}},
        {"actualValue": "hunter", "variable": {"name": "BasicAuthPassword"}},
        {"actualValue": "300", "variable": {"name": "HeartbeatInterval"}},
    ]
    raw = surrogates("ocpp.frame", frame({"eventData": rows}, "NotifyEvent"))["raw"]
    car, password, interval = (row["actualValue"] for row in json.loads(raw)[3]["eventData"])
    assert car == Mint(KEY).of("WMIVXYZQ", "id") != "WMIVXYZQ"
    assert (password == "hunter", interval) == (False, "300")


def test_a_contract_certificate_stays_base64(surrogates: Surrogates) -> None:
    """It is made out to the eMAID; a charger's own certificate in another message is not touched."""
    pem = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgI=\n-----END CERTIFICATE-----\n"
    clean = json.loads(surrogates("ocpp.frame", frame({"certificate": pem}))["raw"])[3]["certificate"]
    assert clean != pem
    assert (clean[:28], clean[47:], len(clean)) == (pem[:28], pem[47:], len(pem))
    other = frame({"certificate": pem}, "InstallCertificate")
    assert surrogates("ocpp.frame", other) == other


def test_a_private_key_in_any_text_is_replaced(surrogates: Surrogates) -> None:
    """A charger that sends a PEM key in a vendor message does not get it published."""
    pem = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----"
    clean = surrogates("ocpp.frame", frame({"vendorId": "x", "data": f"here: {pem}"}, "DataTransfer"))
    assert "MHcC" not in clean["raw"]
    assert shape(json.loads(clean["raw"])[3]["data"]) == shape(f"here: {pem}")
    assert "MHcC" not in json.dumps(surrogates("bench.action", {"reply": pem}))


def test_an_evccid_is_replaced_in_payload_and_exi_alike(surrogates: Surrogates) -> None:
    """In messages of a real codec, at whatever bit it begins: as long as before, and the rest to the bit as it was."""
    seen = 0
    for line in MESSAGES.read_text().splitlines():
        message = json.loads(line)
        data = {"session": 1, "payload": message["message"], "exi": message["exi"]}
        clean = surrogates("v2g.message", data)
        if "EVCCID" not in line:
            assert clean == data
            continue
        seen += 1
        old = message["message"]["V2G_Message"]["Body"]["SessionSetupReq"]["EVCCID"]
        new = clean["payload"]["V2G_Message"]["Body"]["SessionSetupReq"]["EVCCID"]
        assert old != new
        assert len(clean["exi"]) == len(data["exi"])
        assert replaced_in_exi(bytes.fromhex(clean["exi"]), {new: old}) == (bytes.fromhex(data["exi"]), True)
        assert "exi_dropped" not in clean
    assert seen


def test_texts_and_certificates_are_found_at_every_bit() -> None:
    """EXI does not begin a value at an octet; the length of all of it stays, and what stands around it."""
    for offset in range(8):
        for old, new, written in (
            ("DE8AA1A2B3C4D5", "XY3BB7C8D9E0F1", b"\x10DE8AA1A2B3C4D5"),
            ("AQIDBAUG", "BwgJCgsM", b"\x06\x01\x02\x03\x04\x05\x06"),
        ):
            bits = "1" * offset + "".join(f"{octet:08b}" for octet in written) + "01" * 20
            bits += "0" * (-len(bits) % 8)
            exi = int(bits, 2).to_bytes(len(bits) // 8, "big")
            changed, found = replaced_in_exi(exi, {old: new})
            assert found and changed != exi and len(changed) == len(exi)
            assert replaced_in_exi(changed, {new: old}) == (exi, True)


def test_octets_in_which_the_value_is_not_found_go(surrogates: Surrogates) -> None:
    """Better none than some that give it away; the event says that and why."""
    data = {"session": 1, "payload": {"eMAID": {"Id": "id1", "value": "DE8AA1A2B3C4D5"}}, "exi": "80045a"}
    clean = surrogates("v2g.message", data)
    assert clean["exi"] == ""
    assert "not found" in clean["exi_dropped"]
    assert clean["payload"]["eMAID"]["Id"] == "id1"
    assert shape(clean["payload"]["eMAID"]["value"]) == "AA0AA0A0A0A0A0"


def test_a_v2g_message_without_secrets_is_not_touched(surrogates: Surrogates) -> None:
    """Nothing is dropped that need not be."""
    data = {"session": 1, "name": "DC_ChargeLoopReq", "payload": {"EVPresentVoltage": {"Value": 400}}, "exi": "8004"}
    assert surrogates("v2g.message", data) == data


def test_a_claim_names_the_token_by_the_same_surrogate(surrogates: Surrogates) -> None:
    """A judge that looks for the token a case used finds it: the same surrogate stands in claim and frame."""
    claim = surrogates("claim", {"criterion": "SC-09.3", "judge": "x", "params": {"id_token": "DEADBEEF"}})
    raw = surrogates("ocpp.frame", frame({"idToken": {"idToken": "DEADBEEF", "type": "Central"}}))["raw"]
    assert claim["params"]["id_token"] == json.loads(raw)[3]["idToken"]["idToken"]


def test_values_the_bench_knows_are_replaced_everywhere() -> None:
    """The profile's password may turn up in an exception's text or in a vendor's message; short ones only alone."""
    surrogates = Surrogates(KEY, known=[("s3cret-s3cret-16", "secret"), ("AB", "id")])
    clean = surrogates(
        "harness.error", {"detail": "ws://CS1:s3cret-s3cret-16@localhost failed", "other": "ABSENT", "token": "AB"}
    )
    assert "s3cret" not in clean["detail"]
    assert clean["other"] == "ABSENT"
    assert clean["token"] == Mint(KEY).of("AB", "id") != "AB"
    assert "s3cret" not in surrogates("ocpp.frame", frame({"data": "s3cret-s3cret-16"}, "DataTransfer"))["raw"]


def test_a_charger_cannot_have_ordinary_words_replaced(surrogates: Surrogates) -> None:
    """A station whose token is called "Accepted" hides that token, and no status of a later frame."""
    surrogates("ocpp.frame", frame({"idToken": {"idToken": "Accepted", "type": "Central"}}))
    answer = {"idTokenInfo": {"status": "Accepted", "groupIdToken": {"idToken": "Accepted", "type": "Central"}}}
    clean = json.loads(surrogates("ocpp.frame", frame(answer))["raw"])[3]["idTokenInfo"]
    assert clean["status"] == "Accepted"
    assert clean["groupIdToken"]["idToken"] == Mint(KEY).of("Accepted", "id") != "Accepted"


@given(st.text(max_size=30), st.text(max_size=10))
def test_any_token_is_hidden_and_the_frame_stays_json(token: str, beside: str) -> None:
    """Whatever characters a token has: the frame is still JSON, equal but for the token."""
    surrogates = Surrogates(KEY)
    payload = {"note": beside, "idToken": {"idToken": token, "type": "Central"}}
    clean = json.loads(surrogates("ocpp.frame", frame(payload))["raw"])
    made = clean[3]["idToken"]["idToken"]
    assert clean[3] == {"note": beside, "idToken": {"idToken": made, "type": "Central"}}
    assert len(made) == len(token)
    assert made != token or not any(c.isalnum() and c.isascii() for c in token)


@given(st.text(max_size=200))
def test_rubbish_never_raises(raw: str) -> None:
    """A frame that is no OCPP at all is kept as it is or without its values, never refused."""
    assert isinstance(Surrogates(KEY)("ocpp.frame", {"raw": raw + '"idToken":"'})["raw"], str)


def test_the_recorder_of_an_onboarding_writes_no_secret(tmp_path: Path, surrogates: Surrogates) -> None:
    """End to end, event by event: the token is nowhere in the journal."""
    recorder = Recorder(tmp_path / "trace.jsonl", redact=surrogates)
    recorder.record("ocpp.frame", "dut", frame({"idToken": {"idToken": "DEADBEEF", "type": "Central"}}))
    recorder.record("operator.answer", "operator", {"answer": {"idToken": "DEADBEEF"}})
    recorder.record("harness.error", "harness", {"detail": "nobody knows DEADBEEF here"})
    recorder.close()
    assert b"DEADBEEF" not in (tmp_path / "trace.jsonl").read_bytes()


def test_a_flood_of_tokens_costs_no_more_each() -> None:
    """Of a great many values whole words are looked for, and the bench's own password everywhere."""
    many = Surrogates(KEY, known=[("s3cret-s3cret-16", "secret")])
    for number in range(2000):
        many.learn("ocpp.frame", frame({"idToken": {"idToken": f"TOKEN{number:08}"}}))
    clean = many("harness.error", {"detail": "TOKEN00000042 and xs3cret-s3cret-16x, TOKEN99999999"})["detail"]
    assert "TOKEN00000042" not in clean and "s3cret" not in clean
    assert clean.endswith("TOKEN99999999")
