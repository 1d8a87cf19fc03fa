"""Raw sockets against the SECC, in a network of their own; prints what came back as JSON.

`python -m tests.secc._raw FOLDER`: split frames, frames glued together, rubbish, half frames, a car that vanishes,
every security byte against every TLS mode, a killed child.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import ssl
import sys
from pathlib import Path
from typing import Any

from harness.emulator.netns import NetworkPlan, network_plan
from harness.emulator.secc import Secc, SeccConfig, SeccError, SeccEvent, StationLimits

SAP_V20_DC = bytes.fromhex("8000f3ab9371d34b9b79d39ba321d34b9b79d189a98989c1d1699181d22218010000040040")
SAP_UNKNOWN = bytes.fromhex("800063ab9371d3737b137b23c8010000040040")
SESSION_SETUP = bytes.fromhex("808c04000000000000000000120b2ba6a4ab1899199a1a9b1b9c1c9820a121a222ac00")
SAP_DIN = bytes.fromhex("8000dbab9371d3234b71d1b981899189d191818991d26b9b3a232b30020000040040")
SESSION_SETUP_DIN = bytes.fromhex("809a004011d01808017aaaa80400")
SESSION_STOP_GARBLED = bytes.fromhex("8094048bfb6fde0753f5490cb9c89d806228")
SERVICE_DISCOVERY_NO_SESSION = bytes.fromhex("807c040000000000000000001280")
SAP_TYPE, V20_TYPE = 0x8001, 0x8002


def frame(payload: bytes, kind: int) -> bytes:
    """A V2GTP frame."""
    return b"\x01\xfe" + kind.to_bytes(2) + len(payload).to_bytes(4) + payload


class Raw:
    """A car made of sockets."""

    def __init__(self, secc: Secc, interface: str, events: list[SeccEvent]) -> None:
        self.secc, self.interface, self.events = secc, interface, events

    async def connect(self, tls: ssl.SSLContext | None = None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """To the plain or the TLS port."""
        ready = self.secc.ready
        host = ready.address if ready.address == "::1" else f"{ready.address}%{self.interface}"
        return await asyncio.open_connection(
            host, ready.tls_port if tls else ready.port, ssl=tls, server_hostname="" if tls else None
        )

    async def answer(self, reader: asyncio.StreamReader) -> str:
        """The payload of the next frame as hex, "" when the SECC closed."""
        try:
            async with asyncio.timeout(5):
                header = await reader.readexactly(8)
                return (await reader.readexactly(int.from_bytes(header[4:]))).hex()
        except (asyncio.IncompleteReadError, ConnectionError):
            return ""

    async def event(self, what: str, since: int) -> dict[str, Any]:
        """The data of the first such event after `since`."""
        for _ in range(500):
            for each in self.events[since:]:
                if each.what == what:
                    return each.data
            await asyncio.sleep(0.01)
        return {"missing": what}


async def sdp(security: int, plan: NetworkPlan) -> list[int] | None:
    """Ask on the link; [port, security byte] of the answer, None without one within half a second."""
    index = socket.if_nametoindex(plan.ev_interface)
    asking = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    asking.setblocking(False)
    asking.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    loop = asyncio.get_running_loop()
    to = ("ff02::1", 15118, 0, index) if plan.multicast else ("::1", 15118, 0, 0)
    try:
        await loop.sock_sendto(asking, b"\x01\xfe\x90\x00\x00\x00\x00\x02" + bytes([security, 0]), to)
        got = await asyncio.wait_for(loop.sock_recv(asking, 100), 0.5)
    except TimeoutError:
        return None
    finally:
        asking.close()
    return [int.from_bytes(got[24:26]), got[26]]


async def framing(raw: Raw) -> dict[str, Any]:
    """Split, glued, half, rubbish."""
    found: dict[str, Any] = {}
    whole = frame(SAP_V20_DC, SAP_TYPE)

    reader, writer = await raw.connect()
    for octet in range(len(whole)):
        writer.write(whole[octet : octet + 1])
        await writer.drain()
        await asyncio.sleep(0.002)
    found["split"] = await raw.answer(reader)
    writer.write(frame(SESSION_SETUP, V20_TYPE)[:11])
    await asyncio.sleep(0.05)
    writer.write(frame(SESSION_SETUP, V20_TYPE)[11:])
    found["split_second"] = await raw.answer(reader)

    since = len(raw.events)
    writer.write(frame(SESSION_SETUP, V20_TYPE)[:20])  # half a frame, then gone
    await writer.drain()
    writer.close()
    found["vanished"] = await raw.event("session_stopped", since)

    reader, writer = await raw.connect()
    writer.write(whole + frame(SESSION_SETUP, V20_TYPE))
    found["glued"] = [await raw.answer(reader), await raw.answer(reader)]

    _, idle = await raw.connect()  # a connection that says nothing does not disturb the session
    since = len(raw.events)
    writer.write(frame(SERVICE_DISCOVERY_NO_SESSION, V20_TYPE))
    found["unknown_session"] = await raw.answer(reader)
    found["unknown_session_end"] = await raw.event("session_stopped", since)
    idle.close()
    writer.close()

    reader, writer = await raw.connect()
    since = len(raw.events)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    found["rubbish"] = await raw.answer(reader)
    found["rubbish_event"] = await raw.event("error", since)
    writer.close()

    reader, writer = await raw.connect()
    writer.write(b"\x01\xfe\x80\x01\xff\xff\xff\xff")
    found["huge"] = await raw.answer(reader)
    writer.close()

    reader, writer = await raw.connect()
    writer.write(b"\x01\xfe\x80\x02" + (100_000_000).to_bytes(4) + bytes(100_000))
    found["announced_100_mb"] = await raw.answer(reader)
    writer.close()

    reader, writer = await raw.connect()
    since = len(raw.events)
    writer.write(whole + frame(SERVICE_DISCOVERY_NO_SESSION, V20_TYPE))
    found["before_setup"] = [await raw.answer(reader), await raw.answer(reader)]
    await raw.event("session_stopped", since)  # or the next one would be told with this one's end
    writer.close()

    reader, writer = await raw.connect()
    since = len(raw.events)
    writer.write(whole + frame(SESSION_SETUP, V20_TYPE) + frame(SESSION_STOP_GARBLED, V20_TYPE))
    found["garbled"] = [await raw.answer(reader), await raw.answer(reader)]
    found["garbled_end"] = await raw.event("session_stopped", since)
    writer.close()
    found["garbled"].append(await raw.answer(reader))

    reader, writer = await raw.connect()
    writer.write(frame(SAP_DIN, SAP_TYPE) + frame(SESSION_SETUP_DIN, SAP_TYPE) * 2)
    found["din_setup_twice"] = [await raw.answer(reader) for _ in range(3)]
    writer.close()

    reader, writer = await raw.connect()
    writer.write(frame(SAP_UNKNOWN, SAP_TYPE))
    found["no_common_protocol"] = await raw.answer(reader)
    writer.close()

    first_reader, first = await raw.connect()  # a second car with a whole frame takes over from a silent first one
    first.write(whole)
    await raw.answer(first_reader)
    reader, writer = await raw.connect()
    writer.write(whole)
    found["takeover"] = await raw.answer(reader)
    found["taken_over"] = await raw.answer(first_reader)
    first.close()

    since = len(raw.events)
    raw.secc.feed(StationLimits(authorised=True, cp_state="C"))
    raw.secc.feed(StationLimits(authorised=True, cp_state="A"))
    found["unplugged"] = await raw.event("session_stopped", since)
    writer.close()
    return found


async def tls(raw: Raw) -> dict[str, Any]:
    """Which TLS the charger accepts, and with what it asks for."""
    pki, found = raw.secc.ready.pki, {}

    async def attempt(name: str, context: ssl.SSLContext) -> None:
        since = len(raw.events)
        try:
            reader, writer = await raw.connect(context)
            writer.write(frame(SAP_V20_DC, SAP_TYPE))
            found[name] = await raw.answer(reader)
            seen = await raw.event("connected", since) if found[name] else {}
            found[f"{name}_facts"] = seen.get("tls")
            writer.close()
        except (ssl.SSLError, ConnectionError) as error:
            found[name] = f"refused: {type(error).__name__}"

    def context(version: ssl.TLSVersion, certificate: bool) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname = False
        made.minimum_version = made.maximum_version = version
        made.load_verify_locations(pki["v2g_roots"])
        if certificate:
            made.load_cert_chain(pki["ev"], pki["ev_key"])
        return made

    await attempt("v13", context(ssl.TLSVersion.TLSv1_3, True))
    await attempt("v13_without_certificate", context(ssl.TLSVersion.TLSv1_3, False))
    await attempt("v12_asks_for_v20", context(ssl.TLSVersion.TLSv1_2, False))
    reader, writer = await raw.connect()
    writer.write(frame(SAP_V20_DC, SAP_TYPE))
    found["still_serves"] = await raw.answer(reader)
    writer.close()
    return found


async def main(folder: Path) -> dict[str, Any]:
    """Everything."""
    plan = network_plan()
    found: dict[str, Any] = {"plan": plan.kind}
    events: list[SeccEvent] = []
    secc = Secc(events.append)
    raw = Raw(secc, plan.ev_interface, events)
    ready = await secc.start(SeccConfig(interface=plan.secc_interface), folder / "offered")
    found["ports"] = {"port": ready.port, "tls_port": ready.tls_port}
    try:
        found["framing"] = await framing(raw)
        found["tls"] = await tls(raw)
        found["sdp"] = {
            "plain": await sdp(0x10, plan),
            "tls": await sdp(0x00, plan),
            "rubbish": await sdp(0x77, plan),
        }
        second = Secc()
        try:
            await second.start(SeccConfig(interface=plan.secc_interface), folder / "second")
            found["second"] = "started"
        except SeccError as error:
            found["second"] = str(error)
        os.kill(secc._process.pid, signal.SIGKILL)  # type: ignore[union-attr]
        found["killed"] = await raw.event("error", len(events))
    finally:
        await secc.stop()
    found["modes"] = {mode: await discovery(mode, plan, ready.pki, folder) for mode in ("required", "off")}
    return found


async def discovery(mode: str, plan: NetworkPlan, pki: dict[str, str], folder: Path) -> dict[str, Any]:
    """What a charger in this TLS mode answers to each security byte; no session, so no codec."""
    os.chdir(folder)  # the package looks for an .env file here when it is imported
    from iso15118.shared.settings import shared_settings

    shared_settings.update(PKI_PATH="", MESSAGE_LOG_JSON=False, MESSAGE_LOG_EXI=False, ENABLE_TLS_1_3=True)
    from harness.emulator.secc.controller._power import EvseController
    from harness.emulator.secc.line._listener import Listener

    config = SeccConfig(interface=plan.secc_interface, tls=mode)
    listener = Listener(config, EvseController(config, lambda _: None), pki)
    await listener.bind()
    silent = await sdp(0x10, plan)
    listener.open()
    try:
        return {
            "before": silent,
            "ports": [listener.plain_port, listener.tls_port],
            "plain": await sdp(0x10, plan),
            "tls": await sdp(0x00, plan),
        }
    finally:
        await listener.close()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(Path(sys.argv[1])))))
