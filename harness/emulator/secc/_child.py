"""The SECC's own process: configuration in, JVM up, listeners up, then the pipe to the station until it closes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import time
from pathlib import Path

import msgspec

from harness.emulator.secc._messages import SeccConfig, SeccEvent, encode_line, limits_decoder

_LARGEST_LINE = 1 << 20


def run(config: SeccConfig, state_dir: Path) -> int:
    """Serve until standard input ends. Exit code 0, or 3 when it could not be brought up (an "error" event says why).

    Standard output carries events only: everything else that writes there is sent to standard error.
    """
    events = os.dup(1)
    os.dup2(2, 1)
    state_dir.mkdir(parents=True, exist_ok=True)
    os.chdir(state_dir)  # the package reads .env from the working directory, on import
    try:
        return asyncio.run(_serve(config, state_dir, events))
    except KeyboardInterrupt:
        return 0
    finally:
        os.close(events)


async def _serve(config: SeccConfig, state_dir: Path, events: int) -> int:
    began = time.monotonic()

    def send(event: SeccEvent) -> None:
        with contextlib.suppress(BrokenPipeError):  # the station is gone; standard input ends in a moment
            line = encode_line(event)
            while line:
                line = line[os.write(events, line) :]

    try:
        settings = _settle_package(config, state_dir)
        from harness.emulator.secc.controller import _states
        from harness.emulator.secc.controller._power import EvseController
        from harness.emulator.secc.line import _pki
        from harness.emulator.secc.line._listener import Listener

        _states.install()
        _settle_logging(config.log_level)
        pki = _pki.make_pki(Path(settings["PKI_PATH"]), config.leaf_days) if config.tls != "off" else {}
        controller = EvseController(config, send)
        listener = Listener(config, controller, pki)
        await listener.bind()  # before the slow part: a taken port should be said at once
        codec = await asyncio.to_thread(_start_codec)
        listener.open()
    except Exception as error:
        logging.getLogger(__name__).exception("the SECC did not come up")
        send(SeccEvent("error", 0, {"reason": f"the SECC did not come up: {type(error).__name__}: {error}"}))
        return 3
    send(
        SeccEvent(
            "ready",
            0,
            {
                "interface": config.interface,
                "address": listener.address,
                "port": listener.plain_port,
                "tls_port": listener.tls_port,
                "tls": config.tls,
                "sdp": listener.sdp is not None,
                "pki": pki,
                "start_s": round(time.monotonic() - began, 3),
                "codec": codec.get_version(),
            },
        )
    )
    try:
        stdin = asyncio.StreamReader(limit=_LARGEST_LINE)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
        plugged = False
        while line := await stdin.readline():
            try:
                station = limits_decoder.decode(line)
            except (msgspec.MsgspecError, ValueError) as error:
                send(SeccEvent("error", 0, {"reason": f"not understood from the station: {error}"}))
                continue
            controller.feed(station)
            present = station.cp_state[:1].upper() in "BCD"
            if plugged and not present:
                listener.end_session()
            plugged = present
    finally:
        await listener.close()
        codec.close()
    return 0


def _settle_package(config: SeccConfig, state_dir: Path) -> dict[str, str]:
    """Set the package's process-wide settings ourselves: it would read them from an .env file."""
    from iso15118.shared.settings import shared_settings

    settings = {
        "PKI_PATH": str(state_dir / "v2g_pki"),
        "MESSAGE_LOG_JSON": False,
        "MESSAGE_LOG_EXI": False,
        "ENABLE_TLS_1_3": True,
    }
    shared_settings.update(settings)
    return {"PKI_PATH": str(settings["PKI_PATH"])}


def _settle_logging(level: str) -> None:
    """The package installs a handler on the root logger that writes to standard output."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(level)
    logging.getLogger("py4j").setLevel(logging.CRITICAL)


def _start_codec():  # type: ignore[no-untyped-def]
    """Start the virtual machine and load every grammar, so that the first car does not wait for it."""
    from iso15118.shared.exi_codec import EXI

    from harness.emulator.secc.exi import _exi

    codec = _exi.Codec()
    EXI().set_exi_codec(codec)
    for message, namespace in _exi.samples():
        codec.prepare(message, namespace)
    return codec
