"""What leaves the bench: card numbers, passwords and keys give way to surrogates of their length, all else stays."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterable
from typing import Any, Self

import msgspec

from harness.evidence.surrogates._fields import FIELDS, SECRET_VARIABLES, hidden_in
from harness.evidence.surrogates._in_exi import replaced_in_exi
from harness.evidence.surrogates._inside import NEEDLES, looks_like_json, secrets_inside, writings
from harness.evidence.surrogates._mint import Mint, Sort, is_hex
from harness.evidence.surrogates._texts import Text, escaped_as, texts_in

_PLAIN_KINDS = frozenset({"bench.sample", "wait.ended", "case.ended"})  # no text of a charger or a person in them
_PEM_KEY = re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)(.*?)(?=-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_NEEDLES = ("private key", "\\u", '"vpn"', '"certificate"', "certificatehashdata", "vehicleid", *SECRET_VARIABLES)
_KEYS = (*_NEEDLES, *(f'"{name}' for name in sorted(FIELDS)))
_FRAMES = re.compile("|".join((*map(re.escape, _KEYS), *NEEDLES)))
_DEEPEST = 4  # JSON in a text of JSON, and so on
_MOST, _WORD = 256, r"[^\W_][\w*\-:+|@.]{6,}[^\W_]"  # of the values that are looked for one by one; an identifier
_PART = re.compile(r"(\W)")
_LONG = 8  # a value shorter than this is replaced only where it stands alone, or by its key
_encoder = msgspec.json.Encoder()
_DROPPED = "not found in them bit for bit, so all octets of the message were taken out"


class Surrogates:
    """Called with an event's kind and data; returns what may leave the bench, as long and as well-formed as before.

    `key` is the campaign's secret: whoever holds it can test a guess, so it stays out of the bundle. `known` are values
    the bench itself holds (the profile's token and password). `learn` every event first where the whole journal is
    there: then a value is found wherever else it stands, also ahead of the message that gives it away. `spare` are
    texts that are no secret though a card had the same number, such as the charger's own serial number.
    """

    def __init__(self, key: bytes, known: Iterable[tuple[str, Sort]] = (), spare: Iterable[str] = ()) -> None:
        self._mint = Mint(key)
        self._spare = frozenset(spare)
        self._known: dict[str, Sort] = {}
        self._alone: dict[str, Sort] = {}  # too short to be looked for inside of other texts
        self._anywhere: re.Pattern[str] | None = None
        self.count = 0
        for value, sort in known:
            if value:
                self._mint.learn(value, sort)
                (self._known if len(value) >= _LONG else self._alone)[value] = sort
                self._known |= {each: kind for each, kind in writings(value) if each not in self._known}
        self._given = re.compile("|".join(map(re.escape, self._known))) if self._known else None

    @classmethod
    def fresh(cls, known: Iterable[tuple[str, Sort]] = ()) -> Self:
        """With a new random key that nobody else has."""
        return cls(secrets.token_bytes(32), known=known)

    def learn(self, kind: str, data: dict[str, Any]) -> None:
        """Take note of the values in an event."""
        if kind in _PLAIN_KINDS:
            return
        for raw in _texts_of(kind, data):
            if kind not in ("ocpp.frame", "v2g.message") or _FRAMES.search(raw.lower()):
                self._learn(raw, _action(data))

    def _learn(self, raw: str, action: str | None, depth: int = 0) -> None:
        texts = list(texts_in(raw))
        by_key = {id(text): sort for text, sort in hidden_in(texts, action, _is_json(raw))}
        for text in texts:
            if (sort := by_key.get(id(text))) is not None:
                self._note(text.value, sort)
            elif text.quoted and depth < _DEEPEST and looks_like_json(text.value):
                self._learn(text.value, None, depth + 1)
            elif text.quoted:
                for start, end, inner in secrets_inside(text.value):
                    self._note(text.value[start:end], inner)

    def __call__(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        if kind in _PLAIN_KINDS:
            return data
        if kind == "ocpp.frame":
            return self._frame(data)
        hidden: dict[str, str] = {}
        exi = data.get("exi") if kind == "v2g.message" else None
        raw = _json({**data, "exi": ""} if exi else data)
        if kind == "v2g.message" and data.get("payload") is not None and not self._concerns(raw):
            return data
        clean = self._text(raw, hidden, None)
        if exi and isinstance(exi, str):
            return self._v2g(data, msgspec.json.decode(clean) if clean != raw else data, exi, hidden)
        return msgspec.json.decode(clean) if clean != raw else data

    def plain(self, text: str, hidden: dict[str, str] | None = None) -> str:
        """A text without the values that are known, and without private keys."""
        hidden = {} if hidden is None else hidden
        if text in self._alone:
            return self._hide(text, self._alone[text], hidden)
        if (pattern := self._pattern()) is not None:
            if pattern.pattern == _WORD and self._given is not None:
                text = self._given.sub(lambda found: self._found(found[0], hidden), text)
            text = pattern.sub(lambda found: self._found(found[0], hidden), text)
        if "PRIVATE KEY-----" in text:
            text = _PEM_KEY.sub(lambda found: found[1] + self._hide(found[2], "key", hidden), text)
        return text

    # -- OCPP and EXI -------------------------------------------------------------------------------------------------

    def _frame(self, data: dict[str, Any]) -> dict[str, Any]:
        hidden: dict[str, str] = {}
        changed = dict(data)
        if isinstance(data.get("raw"), str):
            changed["raw"] = self._message(data["raw"], hidden, _action(data))
        if (octets := _octets(data)) is not None:
            text = self._message(octets.decode("utf-8", "surrogateescape"), hidden, _action(data))
            changed["octets"] = base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()
        if data.get("truncated") and isinstance(data.get("sha256"), str):  # nobody knows what was cut off
            changed["sha256"] = self._mint.of(data["sha256"], "id")
        if isinstance(data.get("errors"), list):  # a complaint may quote the value it complains about
            changed["errors"] = [self._quoted(each, hidden) for each in data["errors"]]
        if isinstance(data.get("id"), str):
            changed["id"] = self.plain(data["id"])
        return data if changed == data else changed

    def _message(self, raw: str, hidden: dict[str, str], action: str | None) -> str:
        return self._text(raw, hidden, action) if self._concerns(raw) else raw

    def _concerns(self, raw: str) -> bool:
        return bool(_FRAMES.search(raw.lower()) or self.plain(raw) != raw or any(each in raw for each in self._alone))

    def _v2g(self, data: dict[str, Any], clean: dict[str, Any], exi: str, hidden: dict[str, str]) -> dict[str, Any]:
        try:
            octets = bytes.fromhex(exi)
        except ValueError:
            octets = b""
        undecoded = data.get("payload") is None  # what is known may stand in it all the same
        values = {value: self._mint.of(value, sort) for value, sort in self._known.items()} if undecoded else hidden
        octets, found = replaced_in_exi(octets, {old: new for old, new in values.items() if old != new})
        if not found and not undecoded:
            return {**clean, "exi": "", "exi_dropped": _DROPPED}
        return {**clean, "exi": octets.hex()} if octets.hex() != exi.lower() else {**clean, "exi": exi}

    # -- texts --------------------------------------------------------------------------------------------------------

    def _text(self, raw: str, hidden: dict[str, str], action: str | None, depth: int = 0) -> str:
        """A JSON text with its values replaced where they stand; each other character stays as it was written."""
        texts, whole = list(texts_in(raw)), _is_json(raw)
        by_key = {id(text): sort for text, sort in hidden_in(texts, action, whole)}
        parts, at = [], 0
        for text in texts:
            new = self._replaced(text, by_key.get(id(text)), hidden, depth)
            if new != text.value:
                parts += [raw[at : text.start], escaped_as(raw[text.start : text.end], new)]
                at = text.end
        clean = "".join([*parts, raw[at:]])
        return clean if whole else self.plain(clean, hidden)

    def _replaced(self, text: Text, sort: Sort | None, hidden: dict[str, str], depth: int) -> str:
        if sort is None:
            return self._inside(text.value, hidden, depth) if text.quoted else text.value
        if sort == "key" and "-----BEGIN" in text.value:
            return "".join(
                line if line.startswith("-----") else self._hide(line, sort, hidden)
                for line in re.split(r"(-----[A-Z ]+-----)", text.value)
            )
        return self._hide(text.value, sort, hidden)

    def _inside(self, value: str, hidden: dict[str, str], depth: int) -> str:
        """A text that is no secret as a whole: what it holds in JSON of its own, in a URL, after an equals sign."""
        if depth < _DEEPEST and looks_like_json(value):
            value = self._text(value, hidden, None, depth + 1)
        parts, at = [], 0
        for start, end, sort in secrets_inside(value):
            parts += [value[at:start], self._hide(value[start:end], sort, hidden)]
            at = end
        return self.plain("".join([*parts, value[at:]]), hidden)

    def _hide(self, value: str, sort: Sort, hidden: dict[str, str]) -> str:
        self._note(value, sort)
        sort = self._known.get(value) or self._alone.get(value) or sort  # one value, one surrogate, wherever it stands
        hidden[value] = self._mint.of(value, sort)
        self.count += hidden[value] != value
        return hidden[value]

    def _found(self, value: str, hidden: dict[str, str]) -> str:
        whole = value in self._known or len(self._known) <= _MOST
        parts = [value] if whole else _PART.split(value)
        return "".join(self._hide(each, self._known[each], hidden) if each in self._known else each for each in parts)

    def _note(self, value: str, sort: Sort) -> None:
        """A value of our keys is looked for elsewhere too, where it cannot be an ordinary word."""
        self._mint.learn(value, sort)
        telling = len(value) >= _LONG and (any(c.isdigit() for c in value) or is_hex(value))
        if telling and value not in self._known and value not in self._spare:
            self._known[value], self._anywhere = sort, None
            if sort == "secret" and len(self._known) < _MOST:
                self._known |= {each: kind for each, kind in writings(value) if each not in self._known}

    def _pattern(self) -> re.Pattern[str] | None:
        """All of them; of a great many, which a charger may invent, whole words, so that it stays linear."""
        if self._anywhere is None and self._known:
            parts = map(re.escape, sorted(self._known, key=len, reverse=True))
            self._anywhere = re.compile(_WORD if len(self._known) > _MOST else "|".join(parts))
        return self._anywhere

    def _quoted(self, value: Any, hidden: dict[str, str]) -> Any:
        if not isinstance(value, str):
            return value
        for old in sorted(hidden, key=len, reverse=True):
            value = hidden[old].join(re.split(rf"(?<!\w){re.escape(old)}(?!\w)", value)) if old else value
        return self.plain(value)


def _texts_of(kind: str, data: dict[str, Any]) -> list[str]:
    if kind != "ocpp.frame":
        return [_json({**data, "exi": ""} if "exi" in data else data)]
    octets = _octets(data)
    found = [] if octets is None else [octets.decode("utf-8", "surrogateescape")]
    return [*found, data["raw"]] if isinstance(data.get("raw"), str) else found


def _octets(data: dict[str, Any]) -> bytes | None:
    try:
        return base64.b64decode(data["octets"], validate=True) if isinstance(data.get("octets"), str) else None
    except ValueError:
        return None


def _action(data: dict[str, Any]) -> str | None:
    action = data.get("action")
    return action if isinstance(action, str) else None


def _json(data: dict[str, Any]) -> str:
    return _encoder.encode(data).decode()


def _is_json(raw: str) -> bool:
    try:
        msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True
