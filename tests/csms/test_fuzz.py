"""Whatever comes, reading it raises nothing: frames, TLS records and ClientHellos are thrown at their readers."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.csms.line._frames import ERROR_CODES
from harness.csms.line._ledger import Ledger
from harness.csms.line._websocket import Text
from harness.csms.line._wire import Wire
from harness.csms.tls._client_hello import read_client_hello
from harness.csms.tls._tls_records import Records, old_server_hello
from harness.trace import Recorder, read_trace

_json: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
_action = st.sampled_from(["Heartbeat", "TransactionEvent", "BootNotification", "Nonsense", ""])
_frame = st.tuples(st.integers(0, 8) | _json, st.text() | _json, _action | _json, _json, _json).flatmap(
    lambda parts: st.integers(0, 5).map(lambda length: json.dumps(list(parts)[:length]))
)


def test_no_text_breaks_the_wire(tmp_path: Path) -> None:
    """Any text is recorded with its faults, any reply proposed is a proper CALLERROR, the journal stays readable."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    wires = [Wire(recorder, Ledger(), 1, version, "CS-1") for version in ("ocpp2.0.1", "ocpp2.1")]

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_frame | st.text())
    def throw(raw: str) -> None:
        for wire in wires:
            received = wire.received(Text(raw, 0))
            assert received.event.data["raw"] == raw
            frame = received.frame
            assert frame.errors or frame.type in (2, 3, 4, 5, 6)
            if frame.reply is not None:
                assert frame.reply[1] in ERROR_CODES and frame.errors

    throw()
    recorder.close()
    assert len(read_trace(tmp_path / "trace.jsonl")) == len(recorder.events)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(1, 50))
def test_no_bytes_break_the_record_reader(data: bytes, step: int) -> None:
    """Bytes in any portions are read or left alone."""
    records = Records()
    for at in range(0, len(data), step):
        records.feed(data[at : at + step])
    hello = read_client_hello(b"\x01" + len(data).to_bytes(3, "big") + data)
    assert hello is None or isinstance(hello.versions, list)


def _hello(extensions: bytes, suites: tuple[int, ...] = (0x1301, 0xC0FF, 0x0A0A)) -> bytes:
    body = b"\x03\x03" + bytes(32) + b"\x00"
    body += struct.pack("!H", 2 * len(suites)) + b"".join(struct.pack("!H", s) for s in suites)
    body += b"\x02\x01\x00" + struct.pack("!H", len(extensions)) + extensions
    return b"\x01" + len(body).to_bytes(3, "big") + body


def test_a_client_hello_is_read_field_by_field() -> None:
    """Versions, suites, compression and SNI, with GREASE values left out; compression other than null is seen."""
    sni = b"\x00\x00" + struct.pack("!HHBH", 14, 12, 0, 9) + b"localhost"
    versions = b"\x00\x2b" + b"\x00\x07\x06\x1a\x1a\x03\x04\x03\x03"
    hello = read_client_hello(_hello(sni + versions))
    assert hello is not None
    assert hello.versions == ["TLSv1.3", "TLSv1.2"] and hello.says_versions
    assert (
        hello.suites == ["TLS_AES_128_GCM_SHA256", "0xc0ff"]
        and hello.compression == [1, 0]
        and hello.sni == "localhost"
    )
    bare = read_client_hello(_hello(b""))
    assert bare is not None and bare.versions == ["TLSv1.2"] and not bare.says_versions


def test_a_client_hello_in_pieces_and_several_records() -> None:
    """A hello split over records and reads is put together."""
    message = _hello(b"")
    stream = b"".join(
        struct.pack("!BHH", 22, 0x0301, len(part)) + part for part in (message[:10], message[10:30], message[30:])
    )
    records = Records()
    for at in range(len(stream)):
        records.feed(stream[at : at + 1])
    assert records.client_hello is not None and records.client_hello.compression == [1, 0]
    reply = Records()
    reply.feed(old_server_hello(records.client_hello))
    assert old_server_hello(records.client_hello)[5:11] == b"\x02\x00\x00\x26\x03\x02"


def test_a_client_hello_full_of_offers_adds_little_to_the_trace() -> None:
    """A fuzzer's find: thirty thousand suites made half a megabyte of trace; now the beginning stands and a count."""
    hello = read_client_hello(_hello(b"", suites=tuple(range(30_000))))
    assert hello is not None
    told = hello.as_data()
    assert len(json.dumps(told)) < 30_000 and told["left_out"]["suites"] > 29_000
    assert "left_out" not in read_client_hello(_hello(b"")).as_data()  # type: ignore[union-attr]
