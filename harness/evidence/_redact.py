"""Redaction at the recorder: what identifies a person or opens a door becomes a keyed hash before it is written."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Self

import msgspec

# Keys whose text is replaced, by their letters alone (case and underscores do not count).
IDENTIFIERS = frozenset(
    {"idtoken", "additionalidtoken", "customeridentifier", "evccid", "vin", "emaid", "prioritizedemaid"}
)
SECRETS = frozenset({"password", "basicauthpassword", "apnpassword", "apnusername", "simpin", "authorization"})
KEYS = frozenset({"privatekey", "encryptedprivatekey", "contractsignatureencryptedprivatekey", "exirequest"})
FIELDS = IDENTIFIERS | SECRETS | KEYS

_MARK = "redacted:"
_SECRET_VARIABLES = ("password", "simpin")  # device model variables whose value is a secret: BasicAuthPassword, ...
_VPN = frozenset({"user", "password", "key"})
_PLAIN_KINDS = frozenset({"bench.sample", "wait.started", "wait.ended", "case.started", "case.ended"})
_PEM_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_TEXT = r'\s*:\s*)"((?:[^"\\]|\\.)*)("|\\?\Z)'  # a text that the frame's end cut off counts as well
_ANY_VALUE = re.compile(rf'("(?:attributeValue|value)"{_TEXT}', re.DOTALL)
_SHORT = 8  # a known value shorter than this is replaced only where it stands alone


class Redactor:
    """Called by the recorder with each event's kind and data; returns what may be written.

    The same value always becomes the same `redacted:<16 hex>` within a campaign, so judges can still compare. `key` is
    the campaign's secret: whoever holds it can test a guess, so it stays out of the bundle. `known` are values the
    bench itself holds (the profile's token and password) and that are replaced wherever they stand.
    """

    def __init__(self, key: bytes, fields: Iterable[str] = FIELDS, known: Iterable[str] = ()) -> None:
        if len(key) < 16:
            raise ValueError("a redaction key has at least 16 bytes; Redactor.fresh() makes one")
        self._key = key
        self._fields = frozenset(_letters(field) for field in fields)
        self._known = {value: self.hide(value) for value in known if value}
        names = "|".join(re.escape(field) for field in sorted(self._fields))
        self._by_key = re.compile(rf'("(?:{names})"{_TEXT}', re.IGNORECASE | re.DOTALL)
        self._needles = (
            *(f'"{field}' for field in sorted(self._fields)),
            *(value.lower() for value in self._known),
            *_SECRET_VARIABLES,
            '"vpn"',
            "private key",
            "\\u",
        )

    @classmethod
    def fresh(cls, known: Iterable[str] = ()) -> Self:
        """With a new random key that nobody else has."""
        return cls(secrets.token_bytes(32), known=known)

    def __call__(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        if kind in _PLAIN_KINDS:
            return data
        if kind == "ocpp.frame" and isinstance(data.get("raw"), str):
            return self._frame(data)
        clean: dict[str, Any] = self._walk(data, {})
        if kind == "v2g.message" and clean.get("payload") != data.get("payload"):
            # EXI is no text that could be cut: all of it goes, and only its equality stays.
            clean["exi"], clean["exi_redacted"] = "", self.hide(str(data.get("exi", "")))
        return clean

    def hide(self, value: str) -> str:
        """`redacted:<16 hex>` of a value; what is empty or already hidden stays."""
        if not value or value.startswith(_MARK):
            return value
        digest = hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        return _MARK + digest[:16]

    # -- OCPP frames --------------------------------------------------------------------------------------------------

    def _frame(self, data: dict[str, Any]) -> dict[str, Any]:
        raw: str = data["raw"]
        low = raw.lower()
        if not any(needle in low for needle in self._needles):
            return data
        hidden: dict[str, str] = {}
        clean = self._text(raw, hidden)
        if clean == raw:
            return data
        changed = {**data, "raw": clean}
        if "octets" in changed:  # no text that could be cut: only its equality stays
            changed["octets_redacted"] = self.hide(str(changed.pop("octets")))
        if isinstance(data.get("errors"), list):  # a schema's complaint may quote the value it complains about
            changed["errors"] = [_replaced(error, hidden) for error in data["errors"]]
        return changed

    def _text(self, raw: str, hidden: dict[str, str]) -> str:
        """A frame's text without its secrets; all other bytes stay as the station wrote them where that is safe."""
        try:
            value = msgspec.json.decode(raw)
        except (msgspec.DecodeError, RecursionError):
            return self._no_json(raw, hidden)
        clean = self._walk(value, hidden)
        if clean == value:
            return raw
        cut = self._cut(self._by_key, raw, hidden)
        try:
            if msgspec.json.decode(cut) == clean:
                return cut
        except msgspec.DecodeError:
            pass
        return json.dumps(clean, ensure_ascii=False, separators=(",", ":"))

    def _no_json(self, raw: str, hidden: dict[str, str]) -> str:
        """Text that is no JSON: by key names alone, and rather too much than too little."""
        cut = self._cut(self._by_key, raw, hidden)
        if any(name in raw.lower() for name in _SECRET_VARIABLES):
            cut = self._cut(_ANY_VALUE, cut, hidden)
        return self._plain(cut, hidden)

    def _cut(self, pattern: re.Pattern[str], raw: str, hidden: dict[str, str]) -> str:
        def replace(match: re.Match[str]) -> str:
            end = '"' if match[3] == '"' else ""
            return f'{match[1]}"{self._note(_unescaped(match[2]), hidden)}{end}'

        return pattern.sub(replace, raw)

    # -- any data -----------------------------------------------------------------------------------------------------

    def _walk(self, value: Any, hidden: dict[str, str]) -> Any:
        """A copy in which every text under one of our keys, and every known value, is replaced."""
        if isinstance(value, Mapping):
            return self._variable({k: self._member(_letters(str(k)), v, hidden) for k, v in value.items()}, hidden)
        if isinstance(value, list | tuple):
            return [self._walk(each, hidden) for each in value]
        return self._plain(value, hidden) if isinstance(value, str) else value

    def _member(self, letters: str, value: Any, hidden: dict[str, str]) -> Any:
        if letters == "vpn" and isinstance(value, Mapping):
            return {k: self._note(v, hidden) if k in _VPN else self._walk(v, hidden) for k, v in value.items()}
        if letters not in self._fields and letters.removesuffix("s") not in self._fields:
            return self._walk(value, hidden)
        if isinstance(value, str):
            return self._note(value, hidden)
        if isinstance(value, list | tuple):
            return [self._note(v, hidden) if isinstance(v, str) else self._walk(v, hidden) for v in value]
        if isinstance(value, Mapping):  # ISO 15118-2 wraps a value with its XML id
            return {
                k: self._note(v, hidden) if k == "value" else self._walk({k: v}, hidden)[k] for k, v in value.items()
            }
        return value

    def _variable(self, record: dict[str, Any], hidden: dict[str, str]) -> dict[str, Any]:
        """A device model variable that is a password: its name stands beside its value."""
        variable = record.get("variable")
        name = _letters(str(variable.get("name", ""))) if isinstance(variable, Mapping) else ""
        if any(secret in name for secret in _SECRET_VARIABLES):
            attributes = record.get("variableAttribute")
            for holder in (record, *(attributes if isinstance(attributes, list) else ())):
                for key in ("attributeValue", "value"):
                    if isinstance(holder, dict) and key in holder:
                        holder[key] = self._note(holder[key], hidden)
        return record

    def _plain(self, text: str, hidden: dict[str, str]) -> str:
        """Known values and private keys inside a text."""
        for value, mark in self._known.items():
            if value == text or (len(value) >= _SHORT and value in text):
                hidden[value] = mark
                text = text.replace(value, mark)
        if "PRIVATE KEY-----" in text:
            text = _PEM_KEY.sub(lambda match: self._note(match[0], hidden), text)
        return text

    def _note(self, value: Any, hidden: dict[str, str]) -> Any:
        if not isinstance(value, str):
            return value
        hidden[value] = self.hide(value)
        return hidden[value]


@lru_cache(maxsize=4096)
def _letters(key: str) -> str:
    return "".join(c for c in key.lower() if c.isalnum())


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _replaced(error: Any, hidden: Mapping[str, str]) -> Any:
    if isinstance(error, str):
        for value, mark in sorted(hidden.items(), key=lambda item: -len(item[0])):
            error = error.replace(value, mark) if value else error
    return error
