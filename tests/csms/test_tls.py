"""Hostile TLS: what a careful client refuses, who ended the handshake, and the control that the listener works."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.exceptions import WebSocketException

from harness.csms import Csms, NotSeen
from harness.trace import Event, came_without_certificate
from tests.csms.rig import PASSWORD, backend, seen, station, timed, trusting

CAREFUL = ("TLSv1.2", "TLSv1.3")


async def _shake(csms: Csms, context: ssl.SSLContext) -> BaseException | None:
    """Try a TLS handshake as the DUT would (asyncio's own client sends no alerts); returns what the client thought."""

    def shake() -> BaseException | None:
        try:
            with (
                socket.create_connection(("127.0.0.1", csms.port), timeout=5) as raw,
                context.wrap_socket(raw, server_hostname="localhost"),
            ):
                return None
        except OSError as error:
            return error

    return await asyncio.get_running_loop().run_in_executor(None, shake)


def _only(context: ssl.SSLContext, version: str) -> ssl.SSLContext:
    known = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
    context.minimum_version = context.maximum_version = known[version]
    return context


@pytest.mark.parametrize("version", CAREFUL)
@pytest.mark.parametrize(
    ("scenario", "alerts"),
    [
        ("wrong_host", {"bad_certificate", "certificate_unknown"}),
        ("unknown_ca", {"unknown_ca"}),
        ("expired", {"certificate_expired"}),
        ("not_yet_valid", {"bad_certificate", "certificate_expired"}),
    ],
)
@timed
async def test_a_careful_client_refuses_and_the_alert_is_the_clients(
    tmp_path: Path, scenario: str, alerts: set[str], version: str
) -> None:
    """The client's own alert ends the handshake, in TLS 1.2 and 1.3, and the trace says that it was the DUT's."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        good = await _shake(csms, _only(trusting(csms), version))
        assert good is None
        async with csms.misbehaving(scenario):
            control = await csms.control_handshake()
            assert control.data["peer"] == "control_client" and control.data["outcome"] == "completed"
            assert control.data["scenario"] == scenario
            waiting = asyncio.create_task(csms.next_handshake(within_s=5))
            await asyncio.sleep(0)
            refused = await _shake(csms, _only(trusting(csms), version))
            event = await waiting
        assert refused is not None
        assert (event.data["outcome"], event.data["ended_by"], event.who) == ("refused", "dut", "caller")
        assert event.data["alert"]["name"] in alerts and event.data["alert"]["level"] == "fatal"
        assert event.data["scenario"] == scenario
        assert version in event.data["client_hello"]["versions"]


@timed
async def test_an_unknown_authority_takes_turns_with_one_of_our_roots_name(tmp_path: Path) -> None:
    """Both are refused by a careful client for their issuer, and the control client was let in by both of each kind."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms, csms.misbehaving("unknown_ca"):
        assert (await csms.control_handshake()).data["outcome"] == "completed"
        refused = [await _shake(csms, trusting(csms)) for _ in range(2)]
        met = [await csms.next_handshake(within_s=5) for _ in range(2)]
        controls = [e.data["outcome"] for e in csms.recorder.events if e.data.get("peer") == "control_client"]
    assert all(isinstance(each, ssl.SSLCertVerificationError) for each in refused)
    assert {each.data["alert"]["name"] for each in met} == {"unknown_ca"}
    assert controls == ["completed"] * 4


@timed
async def test_a_client_that_accepts_anybody_is_seen_to_complete(tmp_path: Path) -> None:
    """A lax DUT goes all the way into the WebSocket: completed, in a hostile scenario, and disconnected afterwards."""
    lax = ssl.create_default_context()
    lax.check_hostname, lax.verify_mode = False, ssl.CERT_NONE
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        async with csms.misbehaving("unknown_ca"), station(csms, tls=lax) as raw:
            await raw.boot()
            event = await seen(csms, "tls.handshake", peer="caller")
            assert (event.data["outcome"], event.data["ended_by"]) == ("completed", None)
        closed = await seen(csms, "ocpp.connection", state="closed")
        assert closed.data["scenario"] == "unknown_ca"


async def _old(csms: Csms, context: ssl.SSLContext) -> Event:
    async with csms.misbehaving("old_tls"):
        control = await csms.control_handshake()
        assert (control.data["outcome"], control.data["version"]) == ("completed", "TLSv1.1")
        waiting = asyncio.create_task(csms.next_handshake(within_s=5))
        await asyncio.sleep(0)
        assert await _shake(csms, context) is not None
        return await waiting


@timed
async def test_old_tls_is_refused_by_a_modern_client_itself(tmp_path: Path) -> None:
    """A client that lists 1.2 and 1.3 sees a TLS 1.1 ServerHello (forged) and answers protocol_version: its alert."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        event = await _old(csms, trusting(csms))
    assert (event.data["outcome"], event.data["ended_by"]) == ("refused", "dut")
    assert event.data["alert"]["name"] == "protocol_version"
    assert event.data["forged_server_hello"] is True
    assert event.data["client_hello"]["versions"] == ["TLSv1.3", "TLSv1.2"]


@timed
async def test_old_tls_is_refused_by_a_client_of_tls_1_2_only(tmp_path: Path) -> None:
    """Without the supported_versions extension the alert is the client's too, whether or not a suite would fit."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        modern_suites = await _old(csms, _only(trusting(csms), "TLSv1.2"))
        context = _only(trusting(csms), "TLSv1.2")
        context.set_ciphers("ALL:@SECLEVEL=0")
        old_suites = await _old(csms, context)
    for event, forged in ((modern_suites, True), (old_suites, False)):
        assert (event.data["outcome"], event.data["ended_by"]) == ("refused", "dut")
        assert event.data["alert"]["name"] == "protocol_version"
        assert event.data["forged_server_hello"] is forged


@timed
async def test_old_versions_without_a_suite_for_them_are_refused_by_the_client(tmp_path: Path) -> None:
    """It lists TLS 1.1 too, but only suites of TLS 1.2 (RFC 5288, 4): the alert is its own, no "no shared cipher"."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        context = trusting(csms)
        context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning):
            context.minimum_version = ssl.TLSVersion.TLSv1
        event = await _old(csms, context)
    assert "TLSv1.1" in event.data["client_hello"]["versions"]
    assert (event.data["outcome"], event.data["ended_by"]) == ("refused", "dut")
    assert event.data["forged_server_hello"] is True


@timed
async def test_a_client_that_still_speaks_tls_1_1_is_caught(tmp_path: Path) -> None:
    """A DUT that accepts TLS 1.1 completes the handshake: the trace says so."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        old.load_verify_locations(cadata=csms.pki.roots_pem)
        old.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning):
            old.minimum_version = ssl.TLSVersion.TLSv1_1
        async with csms.misbehaving("old_tls"), station(csms, tls=old) as raw:
            await raw.boot()
        event = await seen(csms, "tls.handshake", peer="caller")
    assert (event.data["outcome"], event.data["version"]) == ("completed", "TLSv1.1")


@timed
async def test_our_own_refusal_is_told_as_ours(tmp_path: Path) -> None:
    """A client that speaks only TLS 1.1 to the good listener is refused by the CSMS: ended_by harness, not dut."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        assert await _shake(csms, old) is not None
        event = await seen(csms, "tls.handshake", peer="caller")
    assert (event.data["outcome"], event.data["ended_by"], event.who) == ("aborted", "harness", "harness")
    assert event.data["alert"]["name"] == "protocol_version"
    assert event.data["client_hello"]["versions"][0] == "TLSv1.1"


@timed
async def test_closing_after_the_handshake_is_no_acceptance(tmp_path: Path) -> None:
    """A client that checks the host name only after the handshake and then hangs up is not counted as completed."""
    lax = ssl.create_default_context()
    lax.check_hostname, lax.verify_mode = False, ssl.CERT_NONE
    async with backend(tmp_path, security_profile=2, identities=None) as csms, csms.misbehaving("wrong_host"):
        assert await _shake(csms, lax) is None
        event = await seen(csms, "tls.handshake", peer="caller")
    assert (event.data["outcome"], event.data["ended_by"], event.data["alert"]) == ("refused", "dut", None)
    assert "completed the TLS handshake" in event.data["detail"]


@timed
async def test_closing_without_an_alert_is_a_refusal_without_an_alert(tmp_path: Path) -> None:
    """asyncio's TLS client drops the connection silently when it dislikes a certificate: refused, alert null."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms, csms.misbehaving("unknown_ca"):
        with pytest.raises(ssl.SSLError):
            await asyncio.open_connection("127.0.0.1", csms.port, ssl=trusting(csms), server_hostname="localhost")
        event = await seen(csms, "tls.handshake", peer="caller")
    assert (event.data["outcome"], event.data["ended_by"], event.data["alert"]) == ("refused", "dut", None)


@timed
async def test_a_drop_in_mid_handshake_is_recorded(tmp_path: Path) -> None:
    """Half a ClientHello and a closed socket: aborted by the DUT, nothing hangs."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        _, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 20)
        await writer.drain()
        writer.close()
        event = await seen(csms, "tls.handshake", peer="caller")
    assert (event.data["outcome"], event.data["ended_by"]) == ("aborted", "dut")
    assert event.data["client_hello"] is None


@timed
async def test_half_a_handshake_is_given_up_in_time(tmp_path: Path) -> None:
    """A client that stops talking in mid-handshake is cut off when the bound is reached, and it says by whom."""
    async with backend(tmp_path, security_profile=2, identities=None, handshake_timeout_s=0.2) as csms:
        _, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"\x16\x03\x01\x02\x00\x01")
        event = await seen(csms, "tls.handshake", peer="caller")
        assert (event.data["outcome"], event.data["ended_by"]) == ("aborted", "harness")
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert "within 0.2 s" in refused.data["reason"]
        writer.close()


@timed
async def test_plain_http_on_a_tls_port_is_told_apart(tmp_path: Path) -> None:
    """A station configured with ws:// instead of wss:// is told so in plain words."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        _, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"GET /ocpp/CS001 HTTP/1.1\r\n\r\n")
        refused = await seen(csms, "ocpp.connection", state="refused")
        writer.close()
    assert "plain HTTP (ws://) on a TLS port" in refused.data["reason"]


@timed
async def test_a_tls_hello_on_a_plain_port_is_told_apart(tmp_path: Path) -> None:
    """A station configured with wss:// instead of ws:// is told so in plain words."""
    async with backend(tmp_path) as csms:
        _, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00")
        refused = await seen(csms, "ocpp.connection", state="refused")
        writer.close()
    assert "TLS (wss://) on a port without TLS" in refused.data["reason"]


@timed
async def test_profile_3_wants_the_stations_own_certificate(tmp_path: Path) -> None:
    """With its certificate a station is let in; with another's it is refused with 403; without one TLS ends it."""
    async with backend(tmp_path, security_profile=3, identities={"CS001": None}, serials={"CS001": "SN-1"}) as csms:

        def with_certificate(serial: str) -> ssl.SSLContext:
            credential = csms.pki.issue_station_certificate(serial)
            (tmp_path / "client.pem").write_text(credential.key_pem + credential.certificate_pem)
            context = trusting(csms)
            context.load_cert_chain(tmp_path / "client.pem")
            return context

        async with station(csms, tls=with_certificate("SN-1")) as raw:
            await raw.boot()
            opened = await seen(csms, "ocpp.connection", state="open")
            assert "CN=SN-1" in opened.data["tls"]["peer_subject"]
        with pytest.raises(Exception, match="403"):
            async with station(csms, tls=with_certificate("SN-2")):
                pass
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert "CN is ['SN-2']" in refused.data["reason"]
        after = len(csms.recorder.events)
        with pytest.raises((OSError, EOFError, WebSocketException)):
            async with station(csms, tls=trusting(csms)):
                pass
        event = await csms.next_handshake(within_s=5, since=after - 1)
        assert (event.data["outcome"], event.data["ended_by"]) == ("aborted", "harness")
        assert event.data["cause"] == "no_certificate" and came_without_certificate(event)
        control = await csms.control_handshake("good")
        assert control.data["outcome"] == "completed"


@timed
async def test_who_took_a_wrong_certificate_is_let_in_while_that_is_tried(tmp_path: Path) -> None:
    """Signed by a stranger, or over: refused as ever; while strangers are let in it comes in, so that none is lost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SN-1")])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    async with backend(tmp_path, security_profile=3, identities={"CS001": None}, serials={"CS001": "SN-1"}) as csms:
        for how in ("unknown_ca", "expired"):
            chain = csms.pki.sign_request_as(csr.public_bytes(serialization.Encoding.PEM).decode(), how)
            (tmp_path / "client.pem").write_text(private.decode() + chain)
            context = trusting(csms)
            context.load_cert_chain(tmp_path / "client.pem")
            with pytest.raises((OSError, EOFError, WebSocketException)):
                async with station(csms, tls=context):
                    pass
            csms.pki.lets_strangers_in = True
            async with station(csms, tls=context) as raw:
                await raw.boot()
            csms.pki.lets_strangers_in = False


@timed
async def test_no_session_is_resumed_into_a_hostile_scenario(tmp_path: Path) -> None:
    """A client that offers its earlier session must look at the certificate again: resumption is never granted."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        context = _only(trusting(csms), "TLSv1.2")
        loop = asyncio.get_running_loop()

        def twice() -> tuple[bool, str]:
            first = context.wrap_socket(socket.create_connection(("127.0.0.1", csms.port)), server_hostname="localhost")
            session = first.session
            first.close()
            raw = socket.create_connection(("127.0.0.1", csms.port))
            again = context.wrap_socket(raw, server_hostname="localhost", session=session)
            reused = bool(again.session_reused)
            again.close()
            return reused, "done"

        reused, _ = await loop.run_in_executor(None, twice)
    assert reused is False


@timed
async def test_a_station_quicker_than_the_case_is_not_missed(tmp_path: Path) -> None:
    """In a hostile scenario a handshake that was over before the wait began counts, but only once."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms, csms.misbehaving("expired"):
        await _shake(csms, trusting(csms))
        await seen(csms, "tls.handshake", peer="caller")
        first = await csms.next_handshake(within_s=1)
        with pytest.raises(NotSeen):
            await csms.next_handshake(within_s=0.05)
        await _shake(csms, trusting(csms))
        second = await csms.next_handshake(within_s=1)
        assert second.seq > first.seq


@timed
async def test_next_handshake_names_what_it_waited_for(tmp_path: Path) -> None:
    """When no handshake comes, the error says so."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        with pytest.raises(NotSeen, match="TLS handshake of the dut"):
            await csms.next_handshake(within_s=0.05)


@timed
async def test_wrong_password_and_wrong_user_are_401(tmp_path: Path) -> None:
    """Basic credentials are checked against the identity in the path; the reason is told, the password is not."""
    async with backend(tmp_path, security_profile=1, identities={"CS001": PASSWORD}) as csms:
        for user, password, word in (("CS001", "wrong", "wrong password"), ("CS002", PASSWORD, "is not the identity")):
            basic = base64.b64encode(f"{user}:{password}".encode()).decode()
            after = len(csms.recorder.events) - 1
            with pytest.raises(Exception, match="401"):
                async with station(csms, additional_headers={"Authorization": f"Basic {basic}"}):
                    pass
            refused = next(e for e in csms.recorder.events[after + 1 :] if e.kind == "ocpp.connection")
            assert refused.data["state"] == "refused" and word in refused.data["reason"]
            assert refused.data["code"] == 401
        assert PASSWORD not in (tmp_path / "trace.jsonl").read_text()
