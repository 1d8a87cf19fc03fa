"""TLS as the car sees it: agreed values, refusals on either side, and who refused."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ev_emulator import ConnectionLost, Evcc, TlsConfig, TlsRefused, load_vehicle
from harness.trace import Recorder, alert_sent
from tests.ev.peer import JsonCodec, Side, answer, serve
from tests.ev.pki import PASSWORD, Pki, make_pki


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki"))


def server_context(pki: Pki, *, ask_certificate: bool = False, maximum: str = "1.3") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pki.secc_chain, pki.secc_key, PASSWORD)
    context.maximum_version = ssl.TLSVersion.TLSv1_3 if maximum == "1.3" else ssl.TLSVersion.TLSv1_2
    if ask_certificate:
        context.load_verify_locations(pki.oem_root)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def meet(
    recorder: Recorder, config: TlsConfig, context: ssl.SSLContext | None, patience_s: float = 5
) -> dict[str, object]:
    """One session setup over TLS; returns the facts, or raises what the car raised."""

    async def script(side: Side) -> None:
        await side.request()
        await side.send(answer("SessionSetupRes"))
        await side.reader.read()

    async def run() -> dict[str, object]:
        server, port = await serve(script, context)
        evcc = Evcc(
            load_vehicle("bidirectional_dc_400v"), JsonCodec(), recorder, "lo", tls=config, patience_s=patience_s
        )
        try:
            await evcc.connect("::1", port)
            await evcc.session_setup()
            assert evcc.tls_facts is not None
            return evcc.tls_facts
        finally:
            await evcc.close()
            server.close()

    return asyncio.run(run())


@contextmanager
def strict_server(context: ssl.SSLContext) -> Iterator[int]:
    """A blocking TLS server for one connection: unlike asyncio's it sends its alerts before it hangs up."""
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:

        def once() -> None:
            plain, _ = listener.accept()
            with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as secure:
                secure.recv(1)
            plain.close()

        thread = threading.Thread(target=once)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)
        assert not thread.is_alive()


def connect_and_listen(recorder: Recorder, config: TlsConfig, port: int) -> None:
    """Connect and wait for whatever the charger says."""

    async def run() -> None:
        evcc = Evcc(load_vehicle("bidirectional_dc_400v"), JsonCodec(), recorder, "lo", tls=config, patience_s=5)
        try:
            await evcc.connect("::1", port)
            await evcc.receive(5)
        finally:
            await evcc.close()

    asyncio.run(run())


def refusals(recorder: Recorder) -> list[str]:
    return [e.data["detail"] for e in recorder.events if e.data.get("what") == "tls" and e.data["state"] == "refused"]


def test_mutual_tls_13_on_the_standards_curve(recorder: Recorder, pki: Pki) -> None:
    """TLS 1.3 over secp521r1 with both certificates; the agreed values are read from the handshake itself."""
    config = TlsConfig(pki.v2g_root, pki.ev_chain, pki.ev_key, PASSWORD.decode(), group="secp521r1")
    facts = meet(recorder, config, server_context(pki, ask_certificate=True))
    assert (facts["version"], facts["group"], facts["peer_subject"]) == ("TLSv1.3", "secp521r1", "commonName=SECC")
    assert facts["cipher"] == "TLS_AES_256_GCM_SHA384"


def test_unknown_root_is_refused_by_the_car(recorder: Recorder, pki: Pki) -> None:
    """A charger under a root the car does not know is refused, and the text says the car did it."""
    with pytest.raises(TlsRefused, match="the car refused"):
        meet(recorder, TlsConfig(pki.oem_root), server_context(pki))
    assert "CERTIFICATE_VERIFY_FAILED" in refusals(recorder)[0]


def test_a_charger_with_tls_12_only(recorder: Recorder, pki: Pki) -> None:
    """A charger that can only do TLS 1.2 says so by an alert, and the text says the charger did it."""
    with (
        strict_server(server_context(pki, maximum="1.2")) as port,
        pytest.raises(TlsRefused, match="the charger sent the alert protocol_version"),
    ):
        connect_and_listen(recorder, TlsConfig(pki.v2g_root), port)
    assert alert_sent(next(e for e in recorder.events if e.data.get("state") == "refused")) == "protocol_version"


def test_tls_12_when_the_car_allows_it(recorder: Recorder, pki: Pki) -> None:
    """For ISO 15118-2 the car may go down to TLS 1.2; the trace then says 1.2."""
    facts = meet(recorder, TlsConfig(pki.v2g_root, minimum="1.2"), server_context(pki, maximum="1.2"))
    assert facts["version"] == "TLSv1.2"


def test_a_charger_that_misses_the_cars_certificate(recorder: Recorder, pki: Pki) -> None:
    """Without a certificate of its own the car is thrown out; TLS 1.3 tells it after the handshake, and why."""
    with strict_server(server_context(pki, ask_certificate=True)) as port, pytest.raises(ConnectionLost):
        connect_and_listen(recorder, TlsConfig(pki.v2g_root), port)
    ended = next(e for e in recorder.events if e.data.get("what") == "closed")
    assert ended.data["closed_by"] == "dut"
    assert ended.data["alert"]["name"] == alert_sent(ended) == "certificate_required"


def test_sending_to_a_charger_that_has_ended_tls(recorder: Recorder, pki: Pki) -> None:
    """When the refusal is here before the car's first message, sending it is a lost connection, no error of ours."""

    async def run(port: int) -> None:
        config = TlsConfig(pki.v2g_root)
        evcc = Evcc(load_vehicle("bidirectional_dc_400v"), JsonCodec(), recorder, "lo", tls=config, patience_s=5)
        try:
            await evcc.connect("::1", port)
            async with asyncio.timeout(5):
                while evcc.connected:
                    await asyncio.sleep(0.01)
            await evcc.session_setup()
        finally:
            await evcc.close()

    with (
        strict_server(server_context(pki, ask_certificate=True)) as port,
        pytest.raises(ConnectionLost, match="had ended TLS"),
    ):
        asyncio.run(run(port))


def test_a_charger_that_speaks_plain_tcp(recorder: Recorder, pki: Pki) -> None:
    """TLS into a plain port ends in a refusal or a closed connection, never in a plain session."""
    with pytest.raises((TlsRefused, ConnectionLost)):
        meet(recorder, TlsConfig(pki.v2g_root), None, patience_s=0.5)
    assert not [e for e in recorder.events if e.kind == "v2g.message"]


def test_a_handshake_that_stalls_is_bounded(recorder: Recorder, pki: Pki) -> None:
    """A peer that takes the connection and says nothing costs the bound, not forever."""

    async def run() -> None:
        async def script(side: Side) -> None:
            await side.reader.read()

        server, port = await serve(script)
        evcc = Evcc(load_vehicle("bidirectional_dc_400v"), JsonCodec(), recorder, "lo", tls=TlsConfig(pki.v2g_root))
        with pytest.raises(TlsRefused, match=r"within 0\.3 s"):
            await evcc.connect("::1", port, within_s=0.3)
        server.close()

    asyncio.run(run())


def test_missing_certificate_file_is_named(tmp_path: Path) -> None:
    """A root file that is not there is an error of ours, raised before anything goes out."""
    with pytest.raises(FileNotFoundError):
        TlsConfig(tmp_path / "none.pem").context()
