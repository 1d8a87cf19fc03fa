"""One schema's share of the Java codec, kept between messages; the package builds a JAXB context for each of them."""

from __future__ import annotations

from typing import Any

_STATE = "com.siemens.ct.exi.main.cmd.AbstractEXICodec"
_JSON = {"eclipselink.media-type": "application/json", "eclipselink.json.include-root": True}


class Refused(Exception):
    """The message is not as the schema has it."""


def whole_message(name: str) -> bool:
    """Whether this root is a message of its own; what is to be signed is encoded by another grammar."""
    return name.endswith(("Req", "Res", "V2G_Message"))


class Schema:
    """Encodes and decodes whole messages of one namespace, octet for octet as the package's codec does.

    `used` is a Java codec of its own that has just handled a whole message of this namespace: it then holds the
    grammar, the EXI settings and the JAXB context. JAXB writes straight into the EXI encoder and reads straight from
    the EXI decoder. The next message is none the worse for one that was refused. Not thread-safe.
    """

    def __init__(self, jvm: Any, used: Any, namespace: str) -> None:
        self._namespace = namespace
        context, factory = _field(jvm, used, "jaxbContext"), _field(jvm, used, "exiFactory")
        self._json_in, self._exi_in = context.createUnmarshaller(), context.createUnmarshaller()
        self._exi_out, self._json_out = context.createMarshaller(), context.createMarshaller()
        for each in (self._json_in, self._json_out):
            for name, value in _JSON.items():
                each.setProperty(name, value)
        # By itself JAXB leaves out a value that does not fit and goes on.
        self._complaints = jvm.javax.xml.bind.util.ValidationEventCollector()
        for each in (self._json_in, self._exi_in, self._exi_out, self._json_out):
            each.setEventHandler(self._complaints)
        stax = jvm.com.siemens.ct.exi.main.api.stream
        self._writer, self._parser = stax.StAXEncoder(factory), stax.StAXDecoder(factory)
        self._octets = jvm.java.io.ByteArrayOutputStream()
        self._text = jvm.java.io.StringWriter()
        # Every dotted name and every new object costs a round trip: classes are looked up once.
        self._reader, self._stream = jvm.java.io.StringReader, jvm.java.io.ByteArrayInputStream
        self._source = jvm.javax.xml.transform.stream.StreamSource
        self._element, self._name = jvm.javax.xml.bind.JAXBElement, jvm.javax.xml.namespace.QName
        self._roots: dict[str, tuple[Any, Any]] = {}

    def encode(self, text: str, name: str) -> bytes:
        """EXI of a message as JSON; `name` is its root's. Raises Refused or Py4JJavaError."""
        message = self._json_in.unmarshal(self._source(self._reader(text)))
        if self._namespace.startswith("urn:iso:std:iso:15118:-20:"):  # JSON has no namespaces, this root needs one
            value = message.getValue()
            if name not in self._roots and len(self._roots) < 256:
                self._roots[name] = self._name(self._namespace, name), value.getClass()
            message = self._element(*self._roots[name], value)
        self._octets.reset()
        self._writer.setOutputStream(self._octets)
        self._exi_out.marshal(message, self._writer)
        self._no_complaints()
        return bytes(self._octets.toByteArray())

    def decode(self, exi: bytes) -> str:
        """The message in `exi`, as JSON. Raises Refused or Py4JJavaError."""
        self._parser.setInputStream(self._stream(exi))
        self._text.getBuffer().setLength(0)
        self._json_out.marshal(self._exi_in.unmarshal(self._parser), self._text)
        self._no_complaints()
        text = str(self._text.toString())
        if "\\u00" in text:  # a control character: EXI can carry it, XML and so the schema's strings cannot
            raise Refused
        return text

    def _no_complaints(self) -> None:
        if self._complaints.hasEvents():
            self._complaints.reset()
            raise Refused


def _field(jvm: Any, codec: Any, name: str) -> Any:
    """A field the package's codec keeps to itself."""
    field = jvm.java.lang.Class.forName(_STATE).getDeclaredField(name)
    field.setAccessible(True)
    return field.get(codec)
