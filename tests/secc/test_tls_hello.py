"""Choosing the TLS version by the car's first record."""

from __future__ import annotations

import ssl

import pytest

from harness.emulator.secc.line._tls import offers_tls13


def hello(most: ssl.TLSVersion) -> bytes:
    """A real ClientHello of Python's own ssl."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.maximum_version = most
    outgoing = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing).do_handshake()
    return outgoing.read()


def test_a_tls13_hello_is_recognised() -> None:
    """A car that offers 1.3 is asked for its certificate."""
    assert offers_tls13(hello(ssl.TLSVersion.TLSv1_3))


def test_a_tls12_hello_is_not_taken_for_13() -> None:
    """A car of ISO 15118-2 has no certificate to show."""
    assert not offers_tls13(hello(ssl.TLSVersion.TLSv1_2))


def test_a_cut_hello_is_survived() -> None:
    """Any prefix of a hello, and rubbish, give an answer instead of an exception."""
    whole = hello(ssl.TLSVersion.TLSv1_3)
    assert not any(offers_tls13(whole[:size]) for size in range(60))
    assert not offers_tls13(b"GET / HTTP/1.1\r\n\r\n" * 10)
