"""EC and RSA: a station may know one family only, and meets the good and the hostile server in its own (A00.FR.319)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from harness.csms import HOSTILE, Csms
from tests.csms.rig import backend, seen, station, timed

FAMILIES = {
    "ECDHE-ECDSA-AES128-GCM-SHA256": "ec",
    "ECDHE-ECDSA-AES256-GCM-SHA384": "ec",
    "ECDHE-RSA-AES128-GCM-SHA256": "rsa",
    "AES128-GCM-SHA256": "rsa",
    "AES256-GCM-SHA384": "rsa",
}


def _station(csms: Csms, suites: str, *, trusts: str | None = None) -> ssl.SSLContext:
    """A TLS 1.2 client of these suites that has only one root installed: that of its family, or `trusts`."""
    kind = trusts or FAMILIES[suites]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suites)
    context.load_verify_locations(csms.pki.root_files[csms.pki.kinds.index(kind)])
    return context


def _shake(csms: Csms, context: ssl.SSLContext) -> ssl.SSLError | None:
    try:
        with (
            socket.create_connection(("127.0.0.1", csms.port), timeout=5) as raw,
            context.wrap_socket(raw, server_hostname="localhost"),
        ):
            return None
    except ssl.SSLError as error:
        return error


@pytest.mark.parametrize("suites", FAMILIES)
@timed
async def test_a_station_of_one_family_connects_with_the_root_of_that_family_alone(tmp_path: Path, suites: str) -> None:
    """The suites that A00.FR.318 lists, TLS_RSA among them, each with a chain that is of the same kind throughout."""
    async with backend(tmp_path, security_profile=2, identities=None) as csms:
        async with station(csms, tls=_station(csms, suites)) as raw:
            await raw.boot()
        told = await seen(csms, "tls.handshake", peer="caller")
    assert (told.data["outcome"], told.data["shown"]) == ("completed", FAMILIES[suites])
    assert told.data["cipher"] in suites.split(":")


@pytest.mark.parametrize("scenario", HOSTILE)
@pytest.mark.parametrize("suites", ["ECDHE-ECDSA-AES128-GCM-SHA256", "AES128-GCM-SHA256"], ids=["ec", "rsa"])
@timed
async def test_the_hostile_server_is_hostile_in_the_stations_own_family(
    tmp_path: Path, scenario: str, suites: str
) -> None:
    """Each scenario shows both kinds; the refusal is the station's, and the control client was shown both."""
    alerts = {
        "wrong_host": {"bad_certificate", "certificate_unknown"},
        "unknown_ca": {"unknown_ca"},
        "expired": {"certificate_expired"},
        "not_yet_valid": {"bad_certificate", "certificate_expired"},
        "old_tls": {"protocol_version"},
    }
    async with backend(tmp_path, security_profile=2, identities=None) as csms, csms.misbehaving(scenario):
        assert (await csms.control_handshake()).data["outcome"] == "completed"
        loop = asyncio.get_running_loop()
        assert await loop.run_in_executor(None, _shake, csms, _station(csms, suites)) is not None
        met = await csms.next_handshake(within_s=5)
        controls = [e.data for e in csms.recorder.events if e.data.get("peer") == "control_client"]
    assert {c["shown"] for c in controls} == {"ec", "rsa"} and all(c["outcome"] == "completed" for c in controls)
    assert (met.data["outcome"], met.data["ended_by"]) == ("refused", "dut")
    assert met.data["alert"]["name"] in alerts[scenario]
    if scenario != "old_tls":
        assert met.data["shown"] == FAMILIES[suites]


@pytest.mark.parametrize("first", ["ec", "rsa"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@timed
async def test_a_station_of_both_families_sees_the_first_root(
    tmp_path: Path, first: str, version: ssl.TLSVersion
) -> None:
    """With root.pem alone installed, of either kind, a station that knows both families connects."""
    async with backend(tmp_path, security_profile=2, identities=None, key_algorithm=first) as csms:
        context = ssl.create_default_context(cafile=str(csms.pki.folder / "root.pem"))
        context.minimum_version = context.maximum_version = version
        assert await asyncio.get_running_loop().run_in_executor(None, _shake, csms, context) is None
        assert (await seen(csms, "tls.handshake", peer="caller")).data["shown"] == first


@pytest.mark.parametrize("kind", ["ec", "rsa"])
@timed
async def test_a_client_certificate_of_either_kind_lets_in(tmp_path: Path, kind: str) -> None:
    """Security profile 3 with an RSA or an EC client certificate, in the same campaign (A00.FR.421)."""
    async with backend(tmp_path, security_profile=3, identities={"CS001": None}, serials={"CS001": "SN-1"}) as csms:
        made = csms.pki.issue_station_certificate("SN-1", kind=kind)
        (tmp_path / "client.pem").write_text(made.key_pem + made.certificate_pem)
        suites = "AES128-GCM-SHA256" if kind == "rsa" else "ECDHE-ECDSA-AES128-GCM-SHA256"
        context = _station(csms, suites, trusts=kind)
        context.load_cert_chain(tmp_path / "client.pem")
        async with station(csms, tls=context) as raw:
            await raw.boot()
        opened = await seen(csms, "ocpp.connection", state="open")
        assert "CN=SN-1" in opened.data["tls"]["peer_subject"]
        assert (await csms.control_handshake("unknown_ca")).data["outcome"] == "completed"
