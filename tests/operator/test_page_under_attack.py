"""The operator's page on a lab's network: what strangers send costs little, and never keeps the phone out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from harness.csms import page_tls
from harness.operator import Prompt, WebOperator, addresses_of, is_loopback, listen_outside
from harness.operator import _http as http
from tests.operator._ask import PNG
from tests.operator.test_web import MARKING, Phone, asked, on_page


def head_of(
    phone: Phone, path: str, *more: str, length: int = 0, host: str | None = None, method: str = "POST"
) -> bytes:
    """A request's head."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host if host is not None else f'{phone.host}:{phone.port}'}"]
    return "\r\n".join([*lines, f"Content-Length: {length}", *more, "", ""]).encode()


def test_a_stranger_s_body_is_not_read(tmp_path: Path) -> None:
    """Without the word the answer comes after the head, though 24 MB are announced; with it the body is waited for."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        pending, key = await asked(operator, phone, MARKING)
        strange = head_of(phone, f"/guess/answer/{key}", length=24_000_000)
        assert (await phone.send("", "", raw=strange))[0] == 404
        mine = head_of(phone, f"{phone.base}answer/{key}", length=len(PNG))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(phone.send("", "", raw=mine), 0.5)
        pending.cancel()

    on_page(tmp_path, body)


def test_many_bodies_at_once_are_turned_away_but_two(tmp_path: Path) -> None:
    """Whoever knows the word holds little memory too; afterwards an answer is taken as ever."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        pending, key = await asked(operator, phone, MARKING)
        raw = head_of(phone, f"{phone.base}answer/{key}?value=yes&observer=x&photo=a.png", length=24_000_000)
        held = [await asyncio.open_connection(phone.host, phone.port) for _ in range(http.BODIES)]
        for _, writer in held:
            writer.write(raw + b"x" * 1000)
            await writer.drain()
        await asyncio.sleep(0.2)
        assert (await phone.send("", "", raw=raw))[0] == 503
        for _, writer in held:
            writer.close()
        await asyncio.sleep(0.2)
        assert await phone.answer(key, "yes", PNG, "x.png") == 200
        await pending

    on_page(tmp_path, body)


def test_idle_connections_do_not_keep_the_phone_out(tmp_path: Path) -> None:
    """Three hundred that say nothing, renewed as they are dropped: each request of the phone is answered at once."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        idle = [await asyncio.open_connection(phone.host, phone.port) for _ in range(300)]
        for _ in range(10):
            assert (await asyncio.wait_for(phone.send("GET", phone.base), 2))[0] == 200
            idle += [await asyncio.open_connection(phone.host, phone.port) for _ in range(10)]
        assert len(operator._server._open) <= http.CONNECTIONS
        for _, writer in idle:
            writer.close()

    on_page(tmp_path, body)


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8080", "", "localhost.evil.test", "127.0.0.1.evil.test"])
def test_a_name_of_others_that_leads_here_is_not_us(tmp_path: Path, host: str) -> None:
    """A page elsewhere may have its name resolve to the bench; the word does not help it."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        assert (await phone.send("", "", raw=head_of(phone, phone.base, host=host, method="GET")))[0] == 421
        assert (await phone.send("", "", raw=head_of(phone, phone.base, method="GET")))[0] == 200
        named = head_of(phone, phone.base, host=f"localhost:{phone.port}", method="GET")
        assert (await phone.send("", "", raw=named))[0] == 200

    on_page(tmp_path, body)


@pytest.mark.parametrize(
    "more",
    ["Origin: http://evil.test", "Origin: null", "Origin: https://{here}", "Sec-Fetch-Site: cross-site"],
)
def test_another_page_cannot_answer(tmp_path: Path, more: str) -> None:
    """Even if it knows the word; the page itself can."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        pending, key = await asked(operator, phone, Prompt("a", "Yes?"))
        here = f"{phone.host}:{phone.port}"
        target = f"{phone.base}answer/{key}?value=yes&observer=x"
        assert (await phone.send("", "", raw=head_of(phone, target, more.format(here=here))))[0] == 403
        assert not pending.done()
        own = head_of(phone, target, f"Origin: http://{here}", "Sec-Fetch-Site: same-origin")
        assert (await phone.send("", "", raw=own))[0] == 200
        await pending

    on_page(tmp_path, body)


@pytest.mark.parametrize(
    "lines",
    [
        ("Host: evil.test",), ("Content-Length: 5",), ("Transfer-Encoding: chunked",), ("Content-Length: +1",),
    ],
)  # fmt: skip
def test_a_head_that_can_be_read_in_two_ways_is_refused(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """What decides is given once."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        assert (await phone.send("", "", raw=head_of(phone, phone.base, *lines, method="GET")))[0] in (400, 411)

    on_page(tmp_path, body)


def test_over_tls_a_neighbour_reads_nothing_and_the_fingerprint_is_the_certificate_s(tmp_path: Path) -> None:
    """Plain HTTP gets nothing; who trusts the bench's root, or compares the fingerprint, has the page itself."""
    context, fingerprint = page_tls(tmp_path / "pki", ("127.0.0.1", "localhost"))
    mine = x509.load_pem_x509_certificates((tmp_path / "pki" / "page.pem").read_bytes())
    assert mine[0].fingerprint(hashes.SHA256()).hex(":").upper() == fingerprint
    assert (tmp_path / "pki" / "page.key").stat().st_mode & 0o077 == 0

    async def body() -> None:
        from tests.operator._ask import recorder

        operator = WebOperator(recorder(tmp_path), tmp_path, tls=context)
        url = await operator.start()
        assert url.startswith("https://127.0.0.1:")
        phone = Phone(url)
        trusting = ssl.create_default_context(cafile=str(tmp_path / "pki" / "page.pem"))
        reader, writer = await asyncio.open_connection(phone.host, phone.port, ssl=trusting)
        writer.write(head_of(phone, phone.base, method="GET"))
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 200")
        writer.close()
        reader, writer = await asyncio.open_connection(phone.host, phone.port)
        writer.write(head_of(phone, phone.base, method="GET"))
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            answer = await asyncio.wait_for(reader.read(), 5)
        assert b"HTTP" not in answer
        writer.close()
        await operator.close()

    asyncio.run(body())


def test_every_address_is_told_and_never_all_of_them() -> None:
    """0.0.0.0 is no address that a phone can open."""
    assert not {"0.0.0.0", "::"} & {*addresses_of("0.0.0.0"), *addresses_of("::")}
    assert addresses_of("0.0.0.0") and addresses_of("192.168.1.10") == ("192.168.1.10",)
    assert is_loopback("http://127.0.0.1:1/x/") and is_loopback("http://[::1]:1/x/")
    assert not is_loopback("http://192.168.1.10:1/x/")


@pytest.fixture
def handed() -> Iterator[None]:
    """Nothing is left in the environment."""
    yield
    os.environ.pop("CHARGEPROOF_PAGE", None)


def test_the_page_of_a_run_in_a_network_of_its_own_is_reached_from_outside(tmp_path: Path, handed: None) -> None:
    """The socket is made before the run goes inside, and is served there; a page made inside is not reached."""
    script = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom harness.operator import WebOperator\n"
        "from harness.trace import Recorder\n"
        "async def serve():\n"
        "    page = WebOperator(Recorder(Path(sys.argv[1]) / 'trace.jsonl'), Path(sys.argv[1]))\n"
        "    print(await page.start('127.0.0.1', 0), flush=True)\n    await asyncio.sleep(20)\n"
        "asyncio.run(serve())\n"
    )
    probe = subprocess.run([sys.executable, "-m", "harness.emulator.netns", "--probe"], capture_output=True, timeout=30)
    if probe.returncode:
        pytest.skip("this machine permits no network of its own")
    reached = []
    for outside in (True, False):
        if outside:
            listen_outside("127.0.0.1", 0)
        else:
            os.environ.pop("CHARGEPROOF_PAGE", None)
        command = [sys.executable, "-m", "harness.emulator.netns", "--", sys.executable, "-c", script, str(tmp_path)]
        fds = tuple(int(each) for each in os.environ.get("CHARGEPROOF_PAGE", "").split()[:1])
        process = subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=fds)
        try:
            assert process.stdout is not None
            phone = Phone(process.stdout.readline().decode().strip())
            try:
                reached.append(asyncio.run(asyncio.wait_for(phone.send("GET", phone.base), 5))[0])
            except OSError:
                reached.append(0)
        finally:
            process.kill()
            process.wait(5)
            for fd in fds:
                os.close(fd)
    assert reached == [200, 0]


def test_addresses_are_those_of_the_network_outside_until_the_page_is_served(handed: None) -> None:
    """So that its certificate names them; the next page is on its own again."""
    os.environ["CHARGEPROOF_PAGE"] = "99 192.0.2.7 127.0.0.1"
    assert addresses_of("0.0.0.0") == ("192.0.2.7", "127.0.0.1")
    os.environ.pop("CHARGEPROOF_PAGE")
    assert "192.0.2.7" not in addresses_of("0.0.0.0")


def test_a_taken_port_is_said_before_the_run_goes_inside(handed: None) -> None:
    """And the variable is not left behind."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OSError, match="in use"):
            listen_outside("127.0.0.1", other.getsockname()[1])
    assert "CHARGEPROOF_PAGE" not in os.environ
