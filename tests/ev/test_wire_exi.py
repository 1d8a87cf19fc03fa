"""The car's own codec on the wire: what deviates is told in the trace, and spoils no session and no evidence."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from ev_emulator import Codec, Evcc, UnexpectedMessage, load_vehicle, v2gtp
from ev_emulator.exi import Bits
from harness.evidence.surrogates._surrogates import Surrogates
from harness.trace import Event, Recorder
from tests.ev.peer import Side, serve

COMMON = "urn:iso:std:iso:15118:-20:CommonMessages"
MAINSTREAM = 0x8002
CODEC = Codec()
ANSWER: dict[str, Any] = {
    "SessionSetupRes": {
        "Header": {"SessionID": "0102030405060708", "TimeStamp": 1},
        "ResponseCode": "OK",
        "EVSEID": "NL*CPR*E1",
    }
}


def talk(recorder: Recorder, octets: bytes, **how: Any) -> tuple[Any, list[Event]]:
    """One SessionSetup, answered with `octets`: its answer or error, and the messages in the trace."""

    async def run() -> Any:
        async def script(side: Side) -> None:
            header = await side.reader.readexactly(8)
            await side.reader.readexactly(int.from_bytes(header[4:]))
            await side.send(v2gtp(octets, MAINSTREAM))
            await side.reader.read()

        server, port = await serve(script)
        evcc = Evcc(load_vehicle("bidirectional_dc_400v"), CODEC, recorder, "lo")
        try:
            await evcc.connect("::1", port)
            return await evcc.session_setup(**how)
        except UnexpectedMessage as error:
            return error
        finally:
            await evcc.close()
            server.close()

    answer = asyncio.run(run())
    return answer, [e for e in recorder.events if e.kind == "v2g.message"]


def test_a_good_session_has_no_deviations(recorder: Recorder) -> None:
    """The control: neither message says that anything differs."""
    answer, (sent, came) = talk(recorder, CODEC.encode(ANSWER, COMMON))
    assert answer == ANSWER["SessionSetupRes"]
    assert not {"deviations", "error", "partial"} & (sent.data.keys() | came.data.keys())


def test_an_answer_beside_its_schema_is_an_answer_and_told(recorder: Recorder) -> None:
    """A SessionID of one octet: the car goes on with it, and the trace names element, octet and bit."""
    body = ANSWER["SessionSetupRes"] | {"Header": {"SessionID": "01", "TimeStamp": 1}}
    answer, (_, came) = talk(recorder, CODEC.encode_as_written({"SessionSetupRes": body}, COMMON))
    assert answer["Header"]["SessionID"] == "01"
    (said,) = came.data["deviations"]
    assert said == "SessionSetupRes/Header/SessionID: has 1 octets, at least 8 are asked for (octet 2, bit 1)"


def test_an_answer_that_breaks_off_is_kept_as_far_as_it_went(recorder: Recorder) -> None:
    """It passes for no message; what could be read stands beside the error."""
    answer, (_, came) = talk(recorder, CODEC.encode(ANSWER, COMMON)[:-6])
    assert isinstance(answer, UnexpectedMessage)
    assert came.data["payload"] is None
    assert "cannot decode" in came.data["error"]
    assert came.data["partial"]["SessionSetupRes"]["Header"] == ANSWER["SessionSetupRes"]["Header"]


@pytest.mark.parametrize("evccid", ["x" * 300, Bits("00000010"), 7])
def test_what_is_spoilt_on_purpose_goes_out_and_is_told(recorder: Recorder, evccid: Any) -> None:
    """The edited request is on the wire as it was written, chosen bits included, and the trace holds it."""

    def spoil(message: dict[str, Any]) -> dict[str, Any]:
        return {"SessionSetupReq": message["SessionSetupReq"] | {"EVCCID": evccid, "Header": {"TimeStamp": -1}}}

    _, (sent, _) = talk(recorder, CODEC.encode(ANSWER, COMMON), edit=spoil)
    assert any("SessionSetupReq/Header" in each for each in sent.data["deviations"])
    assert sent.data["payload"]["SessionSetupReq"]["Header"] == {"TimeStamp": -1}
    json.dumps(sent.data)


def test_a_session_id_of_ones_own_length(recorder: Recorder) -> None:
    """`session_id` may be what no schema allows."""
    _, (sent, _) = talk(recorder, CODEC.encode(ANSWER, COMMON), session_id="AB")
    assert sent.data["payload"]["SessionSetupReq"]["Header"]["SessionID"] == "AB"
    assert sent.data["deviations"]


def test_what_was_partly_read_is_hidden_too() -> None:
    """A person's identifier in the part that could be read leaves the bench as a surrogate."""
    request = {"SessionSetupReq": {"Header": ANSWER["SessionSetupRes"]["Header"], "EVCCID": "WMIV1234567890ABCDEX"}}
    exi = CODEC.encode(request, COMMON)
    data = {"session": 1, "payload": None, "partial": request, "exi": exi.hex(), "error": "cannot decode"}
    surrogates = Surrogates(b"0" * 32)
    surrogates.learn("v2g.message", data)
    clean = surrogates("v2g.message", data)
    assert "WMIV1234567890ABCDEX" not in json.dumps(clean)
    assert clean["partial"]["SessionSetupReq"]["EVCCID"] != request["SessionSetupReq"]["EVCCID"]
    assert clean["exi"] != exi.hex()
