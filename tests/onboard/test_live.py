"""Onboarding against chargers that are really set up wrongly: what they do on a socket must become the right advice."""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.onboard import Advice, Onboarding, diagnose
from harness.trace import Trace
from tests.onboard.charger import (
    BOOT,
    IDENTITY,
    PASSWORD,
    charger,
    listening,
    problem,
    raw,
    say,
    shake,
    status,
    topic,
    trusting,
    turned_away,
)

Act = Callable[[Onboarding], Awaitable[None]]


def timed(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an async test in a loop of its own, bounded."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(15):
                await test(*args, **kwargs)

        asyncio.run(bounded())

    return run


async def _problem_of(folder: Path, act: Act, **wish: Any) -> Advice:
    async with listening(folder, **wish) as bench:
        await act(bench)
        return await problem(bench)


@pytest.mark.parametrize(
    ("act", "found", "words"),
    [
        (lambda b: turned_away(b, "/ocpp/OTHER", user="OTHER"), "identity.OTHER", "start again with --identity OTHER"),
        (lambda b: turned_away(b, "/ocpp"), "identity.none", f"/ocpp/{IDENTITY}"),
        (lambda b: turned_away(b, "/"), "identity.none", "Set its identity"),
        (lambda b: turned_away(b, password=None), "password.none", "security profile 1"),
        (lambda b: turned_away(b, password="wrong"), "password.wrong", "again"),
        (lambda b: turned_away(b, user="admin"), "password.user", "user name and identity"),
        (lambda b: turned_away(b, versions=("ocpp1.6",)), "version.old", "needs an update"),
        (lambda b: turned_away(b, versions=()), "version.none", "2.0.1"),
        (lambda b: raw(b, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"), "tls_on_plain", "--security-profile 2"),
        (lambda b: raw(b, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "identity.none", "identity"),
        (lambda b: raw(b, b"SSH-2.0-x\r\n\r\n"), "no_websocket", "OCPP-J"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_who_is_turned_away_is_told_why(tmp_path: Path, act: Act, found: str, words: str) -> None:
    """Wrong identity, password, OCPP version and scheme are each told apart, with what to enter instead."""

    @timed
    async def attempt() -> None:
        advice = await _problem_of(tmp_path, act)
        assert advice.topic == found
        assert words in advice.do
        assert advice.see and advice.means

    attempt()


@timed
async def test_the_identity_that_was_used_is_shown(tmp_path: Path) -> None:
    """A wrong identity is told with the one the charger used and the one we wait for."""
    advice = await _problem_of(tmp_path, lambda b: turned_away(b, "/ocpp/CP%207", user="CP 7"))
    assert "'CP 7'" in advice.see and "'CS001'" in advice.see


@timed
async def test_any_identity_may_come_but_not_with_any_password(tmp_path: Path) -> None:
    """Without --identity the charger's own is taken, its password still checked; the URL's last part is none."""
    async with listening(tmp_path, identity=None) as bench:
        await turned_away(bench, "/ocpp/WHO", user="WHO", password="something else")
        assert (await problem(bench)).topic == "password.wrong"
    (tmp_path / "2").mkdir()
    async with listening(tmp_path / "2", identity=None) as bench:
        await turned_away(bench, "/ocpp")
        assert (await problem(bench)).topic == "identity.none"
        async with charger(bench, "/ocpp/WHO", user="WHO") as ws:
            await say(ws, "BootNotification", BOOT)
            station = await bench.wait(lambda advice: None)
            assert station is not None and station.identity == "WHO"
            assert [a.topic for a in bench.advice() if a.severity == "problem" and not a.settled] == []


@pytest.mark.parametrize(
    ("act", "found", "words"),
    [
        (lambda b: shake(b, ssl.create_default_context()), "tls.unknown_ca", "pki/root.pem"),
        (lambda b: shake(b, trusting(b), "charger.example"), "tls.bad_certificate", "host names: 127.0.0.1"),
        (lambda b: raw(b, b"GET /ocpp/CS001 HTTP/1.1\r\n\r\n"), "plain_on_tls", "wss://"),
        (lambda b: raw(b, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), "tls.broken_off", "cable"),
    ],
    ids=["unknown_ca", "wrong_host", "plain_on_tls", "broken_off"],
)
def test_a_failed_handshake_is_told_with_who_ended_it(tmp_path: Path, act: Act, found: str, words: str) -> None:
    """A charger that does not trust us, does not find its host name, or speaks ws:// reads what to install or enter."""

    @timed
    async def attempt() -> None:
        advice = await _problem_of(tmp_path, act, security_profile=2)
        assert advice.topic == found
        assert words in advice.do

    attempt()


@timed
async def test_a_charger_of_old_tls_is_refused_by_us(tmp_path: Path) -> None:
    """TLS 1.1 only: it is we who end it, and the charger's versions are shown."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    advice = await _problem_of(tmp_path, lambda b: shake(b, old), security_profile=2)
    assert advice.topic == "tls.old_tls"
    assert advice.see.startswith("We ended") and "TLSv1.1" in advice.means


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_profile_3_misses_the_client_certificate(tmp_path: Path, version: str) -> None:
    """Without a certificate of its own the charger is told where to get one, in TLS 1.2 and 1.3."""

    @timed
    async def attempt() -> None:
        async with listening(tmp_path, security_profile=3, serial="SN-1") as bench:
            context = trusting(bench)
            context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
            await shake(bench, context)
            advice = await problem(bench)
        assert advice.topic == "tls.no_client_certificate"

    attempt()


@timed
async def test_profile_3_refuses_a_certificate_of_another_ca(tmp_path: Path) -> None:
    """A certificate that our CA did not sign is told as such."""
    (tmp_path / "other").mkdir()
    async with listening(tmp_path / "other", security_profile=3, serial="SN-1") as other:
        files = other.station_files()
    async with listening(tmp_path, security_profile=3, serial="SN-1") as bench:
        context = trusting(bench)
        context.load_cert_chain(*files)
        await shake(bench, context)
        advice = await problem(bench)
    assert advice.topic == "tls.foreign_client_certificate"


@timed
async def test_profile_3_lets_the_made_certificate_in(tmp_path: Path) -> None:
    """The files that onboarding makes work as they are, and the key is for the owner's eyes only."""
    async with listening(tmp_path, security_profile=3, serial="SN-1", password=None) as bench:
        certificate, key = bench.station_files()
        assert key.stat().st_mode & 0o077 == 0
        context = trusting(bench)
        context.load_cert_chain(certificate, key)
        async with charger(bench, tls=context, password=None) as ws:
            await say(ws, "BootNotification", BOOT)
            station = await bench.wait(lambda advice: None)
    assert station is not None and station.identity == IDENTITY


@timed
async def test_a_charger_of_rsa_only_is_let_in_by_a_folder_of_before(tmp_path: Path) -> None:
    """With the second root and a certificate of its own kind, though the folder began with EC (A00.FR.319, .421)."""
    async with listening(tmp_path, security_profile=3, serial="SN-1", password=None) as bench:
        first = bench.station_files()[0].read_text()
    (tmp_path / "trace.jsonl").unlink()
    async with listening(tmp_path, security_profile=3, serial="SN-1", password=None, key_type="rsa") as bench:
        assert bench.told.other_ca_file is not None
        context = ssl.create_default_context(cafile=bench.told.other_ca_file)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AES128-GCM-SHA256")
        context.load_cert_chain(*bench.station_files())
        async with charger(bench, tls=context, password=None) as ws:
            await say(ws, "BootNotification", BOOT)
            station = await bench.wait(lambda advice: None)
        assert bench.station_files()[0].read_text() != first
    assert station is not None and station.identity == IDENTITY


@timed
async def test_a_certificate_made_out_to_another_serial_is_noticed(tmp_path: Path) -> None:
    """A test run would compare the certificate's name with the serial number; onboarding says so before."""
    async with listening(tmp_path, security_profile=3, identity=None, serial="SN-9", password=None) as bench:
        context = trusting(bench)
        context.load_cert_chain(*bench.station_files())
        async with charger(bench, tls=context, password=None) as ws:
            await say(ws, "BootNotification", BOOT)
            advice = await topic(bench, "client_certificate.name")
    assert "--serial SN-1" in advice.do


@pytest.mark.parametrize(
    ("payload", "found", "words"),
    [
        (lambda: status(), "clock.right", ""),
        (lambda: status(timedelta(minutes=4)), "clock.off", "0:04:00 ahead"),
        (lambda: status(timedelta(hours=2)), "clock.off", "local time"),
        (lambda: status(timedelta(days=-20000)), "clock.off", "days behind"),
        (lambda: status(form=lambda t: t.strftime("%Y-%m-%dT%H:%M:%S")), "clock.no_zone", "without a time zone"),
    ],
    ids=["right", "minutes", "zone", "never_set", "no_zone"],
)
def test_the_charger_s_clock_is_compared(
    tmp_path: Path, payload: Callable[[], dict[str, Any]], found: str, words: str
) -> None:
    """Times in the charger's messages show a wrong clock, a wrong time zone, and times that nobody can place."""

    @timed
    async def attempt() -> None:
        async with listening(tmp_path) as bench, charger(bench) as ws:
            await say(ws, "BootNotification", BOOT)
            await say(ws, "StatusNotification", payload())
            advice = await topic(bench, found)
        assert words in f"{advice.see} {advice.means}"

    attempt()


@timed
async def test_nonsense_and_a_faulty_boot_are_told(tmp_path: Path) -> None:
    """Text that is no JSON, and a BootNotification without its required parts, are the manufacturer's to correct."""
    async with listening(tmp_path) as bench, charger(bench) as ws:
        await ws.send("hello, is this OCPP?")
        await say(ws, "BootNotification", {"reason": "PowerUp"})
        rubbish, boot = await topic(bench, "not_ocpp"), await topic(bench, "boot.invalid")
    assert "hello, is this OCPP?" in rubbish.see
    assert "chargingStation" in boot.see


@timed
async def test_what_was_wrong_before_is_settled_once_it_is_in(tmp_path: Path) -> None:
    """After the charger got in, its earlier refusals are over and no longer stand."""
    async with listening(tmp_path) as bench:
        await turned_away(bench, password="wrong")
        assert (await problem(bench)).settled is False
        async with charger(bench) as ws:
            await say(ws, "BootNotification", BOOT)
            advice = await topic(bench, "password.wrong")
    assert advice.settled


@timed
async def test_a_charger_that_comes_without_a_boot_is_asked_for_one(tmp_path: Path) -> None:
    """A charger that was accepted before only reconnects; TriggerMessage brings its BootNotification."""
    async with listening(tmp_path) as bench, charger(bench) as ws:
        waiting = asyncio.create_task(bench.wait(lambda advice: None))
        asked = await ws.recv()
        assert "TriggerMessage" in str(asked) and "BootNotification" in str(asked)
        await ws.send(str(asked).replace('[2,"', '[3,"', 1).split(',"TriggerMessage"')[0] + ',{"status":"Accepted"}]')
        await say(ws, "BootNotification", BOOT)
        station = await waiting
    assert station is not None and station.boot == BOOT


@timed
async def test_nothing_at_all_names_the_addresses(tmp_path: Path) -> None:
    """When nothing arrives, the URL, the port and this computer's addresses are told; not before a while."""
    async with listening(tmp_path) as bench:
        events = Trace(tuple(bench.recorder.events))
        assert diagnose(events) == []
        (advice,) = diagnose(events, now_ns=int(60e9))
        assert advice.topic == "nothing"
        assert bench.told.url in advice.do and "127.0.0.1" in advice.do and str(bench.csms.port) in advice.see
        assert bench.told.addresses == ("127.0.0.1",)  # what it listens at, not what else this computer has
        assert "--listen 0.0.0.0" in advice.do


def test_the_password_never_enters_the_trace(tmp_path: Path) -> None:
    """What the person must type stands on the screen and in the profile, not in the recorded file."""

    @timed
    async def attempt() -> None:
        async with listening(tmp_path) as bench, charger(bench) as ws:
            await say(ws, "BootNotification", BOOT)

    attempt()
    assert PASSWORD not in (tmp_path / "trace.jsonl").read_text()
