"""Others beside the charger, on real sockets: what they do earns it neither a pass nor a fail."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import WebSocketException

from harness.csms import Csms, NotSeen
from harness.evidence import load_judges
from harness.judge import Finding, Verdict, evaluate, params_of
from harness.trace import Trace
from tests.csms.rig import PASSWORD, backend, seen, station, timed, trusting
from tests.judges._trace import LIMITS

load_judges()
PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
SCENARIO = "unknown_ca"
CHARGER, NEIGHBOUR = "127.0.0.1", "127.0.0.2"
LOGIN = {"Authorization": "Basic " + base64.b64encode(f"CS001:{PASSWORD}".encode()).decode()}


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Csms]:
    """A backend that asks for a password over TLS, in the middle of a case."""
    async with backend(folder, security_profile=2, identities={"CS001": PASSWORD}) as csms:
        csms.recorder.case = "case"
        csms.recorder.record("case.started", "harness", {})
        yield csms


async def logs_in(csms: Csms, tls: ssl.SSLContext | None = None, **more: Any) -> None:
    """The charger connects, boots and goes."""
    async with station(csms, tls=tls or trusting(csms), additional_headers=LOGIN, **more) as raw:
        await raw.boot()


async def shakes(csms: Csms, tls: ssl.SSLContext, host: str = CHARGER, *, says: bytes = b"") -> None:
    """A TLS handshake from an address, and what is said after it; whatever comes of it."""

    def shake() -> None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", csms.port), timeout=5, source_address=(host, 0)) as raw,
            tls.wrap_socket(raw, server_hostname="localhost") as secured,
        ):
            secured.sendall(says or b"GET /ocpp/CS001 HTTP/1.1\r\n\r\n")
            secured.recv(100)

    before = sum(e.kind == "tls.handshake" for e in csms.recorder.events)
    await asyncio.get_running_loop().run_in_executor(None, shake)
    async with asyncio.timeout(5):
        while sum(e.kind == "tls.handshake" for e in csms.recorder.events) == before:
            await asyncio.sleep(0.01)


def careless(*, old: bool = False, suites: str | None = None) -> ssl.SSLContext:
    """A client that trusts everybody."""
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    if suites:
        made.set_ciphers(suites)
    if old:
        made.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning):
            made.minimum_version = ssl.TLSVersion.TLSv1
    return made


def other(csms: Csms) -> ssl.SSLContext:
    """A careful client with other suites than the charger's."""
    made = trusting(csms)
    made.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256")
    return made


def judged(csms: Csms, judge: str, criterion: str = "SC-06.2", **params: Any) -> Finding:
    """What this judge finds of everything so far."""
    claim = {"criterion": criterion, "judge": judge, "params": params_of(**params), "control": False, "group": None}
    csms.recorder.record("claim", "harness", claim)
    return evaluate(Trace(csms.recorder.events), {criterion: LIMITS})[-1].finding


def refuses(csms: Csms) -> Finding:
    """What is found of its refusal."""
    return judged(csms, "security.refuses", scenario=SCENARIO)


@timed
async def test_the_charger_alone_passes_when_it_refuses(tmp_path: Path) -> None:
    """It is known by the address, the hello and the program of its logins."""
    async with bench(tmp_path) as csms:
        await logs_in(csms)
        async with csms.misbehaving(SCENARIO):
            await shakes(csms, trusting(csms))
            met = await csms.next_handshake("dut", within_s=1)
        await logs_in(csms)
        assert refuses(csms).verdict is PASS
        assert met.data["outcome"] == "refused"


@timed
async def test_the_charger_alone_fails_when_it_connects(tmp_path: Path) -> None:
    """It gives its password to anybody."""
    async with bench(tmp_path) as csms:
        await logs_in(csms, careless())
        async with csms.misbehaving(SCENARIO):
            await logs_in(csms, careless())
        assert refuses(csms).verdict is FAIL


@timed
async def test_a_neighbour_that_refuses_while_the_charger_is_away_is_no_pass(tmp_path: Path) -> None:
    """The charger checks nothing and is away; nobody who may be it is waited for in vain."""
    async with bench(tmp_path) as csms:
        await logs_in(csms, careless())
        async with csms.misbehaving(SCENARIO):
            await shakes(csms, trusting(csms), NEIGHBOUR)
            with pytest.raises(NotSeen):
                await csms.next_handshake("dut", within_s=0.2)
        await logs_in(csms, careless())
        found = refuses(csms)
    assert found.verdict is INCONCLUSIVE
    assert f"1 attempt from {NEIGHBOUR} was not the charger's" in found.seen


@timed
async def test_a_neighbour_that_connects_is_no_fail(tmp_path: Path) -> None:
    """The charger refuses; a scanner beside it completes the handshake and asks for a page."""
    async with bench(tmp_path) as csms:
        await logs_in(csms)
        async with csms.misbehaving(SCENARIO):
            await shakes(csms, careless(), NEIGHBOUR)
            await shakes(csms, trusting(csms))
        await logs_in(csms)
        found = refuses(csms)
        strange = await seen(csms, "tls.handshake", outcome="completed", scenario=SCENARIO)
        assert str(strange.data["remote"]).startswith(NEIGHBOUR)
    assert found.verdict is PASS
    assert f"1 attempt from {NEIGHBOUR} was not the charger's" in found.seen


@timed
async def test_a_neighbour_that_offers_old_tls_is_no_fail(tmp_path: Path) -> None:
    """Beside a charger that offers TLS 1.2 and 1.3 only; a charger that offers it fails."""
    async with bench(tmp_path) as csms:
        await logs_in(csms)
        await shakes(csms, careless(old=True), NEIGHBOUR)
        found = judged(csms, "security.client_hello_is_modern", "SC-06.6")
        assert found.verdict is PASS and "was not the charger's" in found.seen
        await logs_in(csms, careless(old=True))
        assert judged(csms, "security.client_hello_is_modern", "SC-06.6").verdict is FAIL


@timed
async def test_a_neighbour_that_offers_an_old_ocpp_is_no_fail(tmp_path: Path) -> None:
    """It knows no password; a charger that knows it and offers only the old version fails."""
    old = {"versions": ("ocpp1.6",)}
    async with bench(tmp_path) as csms:
        await logs_in(csms)
        with pytest.raises(WebSocketException):
            async with station(csms, tls=trusting(csms), local_addr=(NEIGHBOUR, 0), **old):
                pass
        await seen(csms, "ocpp.connection", state="refused", code=401)
        found = judged(csms, "sequences.connected_by", "BI-20.1", version="ocpp2.0.1")
        assert found.verdict is PASS and "was not the charger's" in found.seen
        with pytest.raises((WebSocketException, OSError)):
            await logs_in(csms, **old)
        await seen(csms, "ocpp.connection", state="refused", code=101)
        assert judged(csms, "sequences.connected_by", "BI-20.1", version="ocpp2.0.1").verdict is FAIL


@pytest.mark.parametrize("trusts", [False, True])
@timed
async def test_another_client_at_the_chargers_address_decides_nothing(tmp_path: Path, trusts: bool) -> None:
    """Behind one router, with another TLS library: neither its refusal nor its connecting is held for or against."""
    async with bench(tmp_path) as csms:
        await logs_in(csms)
        async with csms.misbehaving(SCENARIO):
            await shakes(csms, careless(suites="ECDHE-RSA-AES128-GCM-SHA256") if trusts else other(csms))
        await logs_in(csms)
        found = refuses(csms)
    assert found.verdict is INCONCLUSIVE
    assert "the charger comes from there too, with another kind of TLS client" in found.seen


_ANOTHER_PROGRAM = """
import socket, ssl, sys
tls = ssl.create_default_context()
try:
    tls.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5), server_hostname="localhost")
except ssl.SSLError as error:
    print(error.reason)
"""


@timed
async def test_another_program_with_the_same_library_on_this_machine_is_told_apart(tmp_path: Path) -> None:
    """Same address, same hello, but not the program that has logged in."""
    async with bench(tmp_path) as csms:
        await logs_in(csms, careless())
        async with csms.misbehaving(SCENARIO):
            loop = asyncio.get_running_loop()
            command = [sys.executable, "-c", _ANOTHER_PROGRAM, str(csms.port)]
            done = await loop.run_in_executor(None, lambda: subprocess.run(command, capture_output=True, text=True))
            assert "CERTIFICATE_VERIFY_FAILED" in done.stdout
        await logs_in(csms, careless())
        hellos = [e.data["client_hello"] for e in csms.recorder.events if e.kind == "tls.handshake"]
        assert all(h["suites"] == hellos[0]["suites"] for h in hellos)
        found = refuses(csms)
    assert found.verdict is INCONCLUSIVE
    assert f"1 attempt from {CHARGER} was not the charger's" in found.seen


@timed
async def test_where_nobody_logged_in_a_refusal_proves_nothing(tmp_path: Path) -> None:
    """It may be the charger; nothing says so."""
    async with bench(tmp_path) as csms:
        async with csms.misbehaving(SCENARIO):
            await shakes(csms, trusting(csms))
        found = refuses(csms)
    assert found.verdict is INCONCLUSIVE
    assert "nobody has logged in as the charger" in found.seen


@timed
async def test_what_a_login_proves_is_recorded(tmp_path: Path) -> None:
    """The recorder tells what was given, from where and when; it names nobody before that."""
    async with bench(tmp_path) as csms:
        await logs_in(csms)
        await shakes(csms, trusting(csms))
        shaken = await seen(csms, "tls.handshake")
        opened = await seen(csms, "ocpp.connection", state="open")
        refused = await seen(csms, "ocpp.connection", state="refused")
    assert (shaken.who, shaken.data["peer"]) == ("caller", "caller")
    assert (opened.who, opened.data["proof"], opened.data["identity"]) == ("dut", ["password"], "CS001")
    assert opened.data["began_ns"] <= shaken.t_ns <= opened.t_ns
    assert refused.data["proof"] == []
