"""One schema's share of the Java codec, kept between messages; the package builds a JAXB context for each of them."""

from __future__ import annotations

from typing import Any

_STATE = "com.siemens.ct.exi.main.cmd.AbstractEXICodec"
_JSON = {"eclipselink.media-type": "application/json", "eclipselink.json.include-root": True}


def whole_message(name: str | None) -> bool:
    """Whether this root is a message of its own; what is to be signed is encoded by another grammar."""
    return name is not None and name.endswith(("Req", "Res", "V2G_Message"))


class Schema:
    """Encodes and decodes whole messages of one namespace, octet for octet as the package's codec does.

    `used` is a Java codec of its own that has just handled a whole message of this namespace: it then holds the
    grammar, the EXI settings and the JAXB context. Messages go from JAXB straight into the EXI writer. What Java
    refuses raises py4j's Py4JJavaError; the objects are good for the next message then. Not thread-safe.
    """

    def __init__(self, jvm: Any, used: Any, namespace: str) -> None:
        self._namespace = namespace
        context, factory = _field(jvm, used, "jaxbContext"), _field(jvm, used, "exiFactory")
        self._json_in, self._exi_in = context.createUnmarshaller(), context.createUnmarshaller()
        self._exi_out, self._json_out = context.createMarshaller(), context.createMarshaller()
        for each in (self._json_in, self._json_out):
            for name, value in _JSON.items():
                each.setProperty(name, value)
        api = jvm.com.siemens.ct.exi.main.api
        self._writer, self._source = api.stream.StAXEncoder(factory), api.sax.EXISource(factory)
        self._octets = jvm.java.io.ByteArrayOutputStream()
        self._text = jvm.java.io.StringWriter()
        # Every dotted name and every new object costs a round trip: classes are looked up once.
        self._reader, self._stream = jvm.java.io.StringReader, jvm.java.io.ByteArrayInputStream
        self._json_source, self._exi_source = jvm.javax.xml.transform.stream.StreamSource, jvm.org.xml.sax.InputSource
        self._element, self._name = jvm.javax.xml.bind.JAXBElement, jvm.javax.xml.namespace.QName
        self._roots: dict[str, tuple[Any, Any]] = {}

    def encode(self, text: str, name: str) -> bytes:
        """EXI of a message as JSON; `name` is its root's."""
        message = self._json_in.unmarshal(self._json_source(self._reader(text)))
        if self._namespace.startswith("urn:iso:std:iso:15118:-20:"):  # JSON has no namespaces, this root needs one
            value = message.getValue()
            if name not in self._roots and len(self._roots) < 256:
                self._roots[name] = self._name(self._namespace, name), value.getClass()
            message = self._element(*self._roots[name], value)
        self._octets.reset()
        self._writer.setOutputStream(self._octets)
        self._exi_out.marshal(message, self._writer)
        return bytes(self._octets.toByteArray())

    def decode(self, exi: bytes) -> str:
        """The message in `exi`, as JSON."""
        self._source.setInputSource(self._exi_source(self._stream(exi)))
        self._text.getBuffer().setLength(0)
        self._json_out.marshal(self._exi_in.unmarshal(self._source), self._text)
        return str(self._text.toString())


def _field(jvm: Any, codec: Any, name: str) -> Any:
    """A field the package's codec keeps to itself."""
    field = jvm.java.lang.Class.forName(_STATE).getDeclaredField(name)
    field.setAccessible(True)
    return field.get(codec)
