"""Which texts of a message are a person's, or open a door: by the key they stand under."""

from __future__ import annotations

from collections.abc import Iterator

from harness.evidence.surrogates._mint import Sort
from harness.evidence.surrogates._texts import Box, Text, letters_of

# by their letters alone: case and underscores do not count
IDENTIFIERS = frozenset(
    {"idtoken", "additionalidtoken", "customeridentifier", "evccid", "vin", "emaid", "prioritizedemaid"}
    | {"provisioningcertificateid", "pcid"}
)
SECRETS = frozenset({"password", "basicauthpassword", "apnpassword", "apnusername", "simpin", "authorization"})
KEYS = frozenset(
    {"privatekey", "encryptedprivatekey", "contractsignatureencryptedprivatekey", "exirequest", "exiresponse"}
)
CHAINS = frozenset(
    {"contractsignaturecertchain", "contractcertificatechain", "contractcertificate", "oemprovisioningcert"}
    | {"oemprovisioningcertificatechain", "contractsignaturecertificatechain"}
)
FIELDS = IDENTIFIERS | SECRETS | KEYS | CHAINS
SECRET_VARIABLES = ("password", "simpin")  # device model variables whose value is a secret: BasicAuthPassword, ...
_CAR = "vehicleid"  # ConnectedEV: what the car said of itself
_VPN = frozenset({"user", "password", "key"})
_VALUES = frozenset({"attributevalue", "actualvalue", "value"})
_LEAST_DIGITS = 4  # a number under one of our keys that is shorter tells nobody


def hidden_in(texts: list[Text], action: str | None, whole: bool) -> Iterator[tuple[Text, Sort]]:
    """Those of them that are replaced by their place; `whole` when the text they stand in is JSON.

    Of a torn text that speaks of a password every value goes: whose it is cannot be told.
    """
    secret, of_a_car = _records(texts, SECRET_VARIABLES), _records(texts, (_CAR,))
    any_value = not whole and any(name in t.value.lower() for t in texts for name in SECRET_VARIABLES)
    for text in texts:
        sort = None if text.is_key or not text.value else _sort(text, action)
        if sort is None and text.key in _VALUES and (any_value or _in_one_of(text.box, secret)):
            sort = "secret"
        if sort is None and text.key in _VALUES and _in_one_of(text.box, of_a_car):
            sort = "id"
        if sort is not None and text.quoted:
            yield text, sort
        elif sort is not None and len(text.value) >= _LEAST_DIGITS:
            yield text, "number"


def _sort(text: Text, action: str | None) -> Sort | None:
    key, around = text.key, text.box
    if key == "value" and around.key:  # ISO 15118-2 wraps a value with its XML id
        key = around.key if around.key in FIELDS else key
    if key in IDENTIFIERS or key.removesuffix("s") in IDENTIFIERS:
        return "id"
    if key in SECRETS or key.removesuffix("s") in SECRETS or (around.key == "vpn" and key in _VPN):
        return "secret"
    if key in KEYS or key.removesuffix("s") in KEYS or _under(around, CHAINS) or key in CHAINS:
        return "key"
    if action == "Authorize" and key == "certificate":  # the car's contract, made out to its eMAID
        return "key"
    if key == "serialnumber" and _under(around, frozenset({"iso15118certificatehashdata"})):
        return "id"
    return None


def _under(box: Box | None, keys: frozenset[str]) -> bool:
    for _ in range(4):
        if box is None:
            return False
        if box.key in keys:
            return True
        box = box.within
    return False


def _records(texts: list[Text], names: tuple[str, ...]) -> set[int]:
    """Objects beside whose `variable` stands one of these names."""
    return {
        id(text.box.within)
        for text in texts
        if text.key == "name" and text.box.key == "variable" and text.box.within is not None
        if any(name in letters_of(text.value) for name in names)
    }


def _in_one_of(box: Box | None, records: set[int]) -> bool:
    """In the record itself, or in an entry of its list of attributes."""
    if box is None or not records:
        return False
    if id(box) in records:
        return True
    outer = box.within.within if box.key == "variableattribute" and box.within is not None else None
    return outer is not None and id(outer) in records
