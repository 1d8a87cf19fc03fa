"""What is written is read back, for every message of every schema."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ev_emulator.exi import NAMESPACES
from tests.exi.content import CODEC, Kind, kinds, messages

FEW = settings(max_examples=4, suppress_health_check=list(HealthCheck))


def test_every_schema_has_messages() -> None:
    """All nine schemas are there; the signatures' alone has no messages of its own."""
    assert {kind.namespace for kind in kinds()} == set(NAMESPACES) - {"http://www.w3.org/2000/09/xmldsig#"}
    assert len(kinds()) == 130


@pytest.mark.parametrize("kind", kinds(), ids=str)
@FEW
@given(data=st.data())
def test_read_is_what_was_written(kind: Kind, data: st.DataObject) -> None:
    """decode(encode(x)) = x, nothing deviates, and written without strictness it has the same octets."""
    message: dict[str, Any] = data.draw(messages(kind))
    exi = CODEC.encode(message, kind.namespace)
    found = CODEC.read(exi, kind.namespace)
    assert found.message == message
    assert not found.deviations
    assert CODEC.decode(exi, kind.namespace) == message
    assert CODEC.encode_as_written(message, kind.namespace) == exi


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        ("urn:iso:15118:2:2013:MsgDef", "AuthorizationReq"),
        ("urn:iso:15118:2:2013:MsgDef", "ContractSignatureCertChain"),
        ("urn:iso:15118:2:2013:MsgDef", "SignedInfo"),
        ("urn:iso:std:iso:15118:-20:CommonMessages", "PnC_AReqAuthorizationMode"),
        ("urn:iso:std:iso:15118:-20:CommonMessages", "AbsolutePriceSchedule"),
        ("urn:iso:std:iso:15118:-20:CommonMessages", "SignedInfo"),
        ("http://www.w3.org/2000/09/xmldsig#", "SignedInfo"),
    ],
)
@FEW
@given(data=st.data())
def test_what_is_signed(namespace: str, name: str, data: st.DataObject) -> None:
    """Elements that Plug & Charge signs are written by the fragment grammar, and read back."""
    element = next(each for each in CODEC.grammars(namespace).fragments if each.name == name)
    message = data.draw(messages(Kind(namespace, name, element.type)))
    exi = CODEC.encode(message, namespace, fragment=True)
    assert CODEC.decode(exi, namespace, fragment=True) == message
