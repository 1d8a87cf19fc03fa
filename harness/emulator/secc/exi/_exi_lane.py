"""One schema's way through the Java codec with its JAXB context kept; the package builds one for every message."""

from __future__ import annotations

import re
from typing import Any

_CODEC = "com.siemens.ct.exi.main.cmd.AbstractEXICodec"
_V20 = "urn:iso:std:iso:15118:-20:"
_CONTROL = re.compile(r"\\u00[01]")  # XML has no such characters, EXI carries them all the same


class Refusal(Exception):
    """Not a message of this schema, or not whole; the text says what was found."""


class Lane:
    """Encodes and decodes one namespace's messages, octet for octet as the package's codec does, but quickly.

    `codec` is a fresh Java codec that has just handled a message of this namespace, so that its grammar, EXI settings
    and JAXB context are those for it. What does not follow the schema raises Refusal or py4j's Py4JJavaError and
    leaves nothing behind for the next message.
    """

    def __init__(self, gateway: Any, codec: Any, namespace: str) -> None:
        self._jvm = gateway.jvm
        self._namespace = namespace
        self._factory = self._private(codec, "exiFactory")
        context = self._private(codec, "jaxbContext")
        self._from_json, self._from_exi = context.createUnmarshaller(), context.createUnmarshaller()
        self._to_json, self._to_xml = context.createMarshaller(), context.createMarshaller()
        for each in (self._from_json, self._to_json):
            each.setProperty("eclipselink.media-type", "application/json")
            each.setProperty("eclipselink.json.include-root", True)
        # Unasked, JAXB only warns of a value that does not fit its type, and goes on without it.
        self._warnings = self._jvm.javax.xml.bind.util.ValidationEventCollector()
        for each in (self._from_json, self._from_exi, self._to_json, self._to_xml):
            each.setEventHandler(self._warnings)
        self._reader = self._jvm.org.xml.sax.helpers.XMLReaderFactory.createXMLReader()

    def _private(self, codec: Any, name: str) -> Any:
        field = self._jvm.java.lang.Class.forName(_CODEC).getDeclaredField(name)
        field.setAccessible(True)
        return field.get(codec)

    def encode(self, message: str) -> bytes:
        """JSON to EXI."""
        io, sax = self._jvm.java.io, self._jvm.com.siemens.ct.exi.main.api.sax
        self._warnings.reset()
        element = self._from_json.unmarshal(io.ByteArrayInputStream(message.encode()))
        if self._namespace.startswith(_V20):  # JSON has no namespaces, and here the root needs one
            value = element.getValue()
            name = self._jvm.javax.xml.namespace.QName(self._namespace, element.getName().getLocalPart())
            element = self._jvm.javax.xml.bind.JAXBElement(name, value.getClass(), value)
        xml, exi = io.ByteArrayOutputStream(), io.ByteArrayOutputStream()
        self._to_xml.marshal(element, xml)
        self._refuse_what_was_warned_of()
        result = sax.EXIResult(self._factory)
        result.setOutputStream(exi)
        self._reader.setContentHandler(result.getHandler())
        self._reader.parse(self._jvm.org.xml.sax.InputSource(io.ByteArrayInputStream(xml.toByteArray())))
        encoded: bytes = exi.toByteArray()
        return encoded

    def decode(self, stream: bytes) -> str:
        """EXI to JSON."""
        io = self._jvm.java.io
        self._warnings.reset()
        # As a SAX source EXI that leaves the grammar just ends, and what came before passes for the whole message.
        pulled = self._jvm.com.siemens.ct.exi.main.api.stream.StAXDecoder(self._factory)
        pulled.setInputStream(io.ByteArrayInputStream(stream))
        text = io.StringWriter()
        self._to_json.marshal(self._from_exi.unmarshal(pulled), text)
        self._refuse_what_was_warned_of()
        decoded: str = text.toString()
        if _CONTROL.search(decoded):
            raise Refusal("a control character in a string")
        return decoded

    def _refuse_what_was_warned_of(self) -> None:
        if self._warnings.hasEvents():
            raise Refusal(self._warnings.getEvents()[0].getMessage())
