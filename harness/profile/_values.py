"""What types cannot tell of a profile's values, and a run would only notice when it begins: names, ports, addresses."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec

from harness.profile._model import EvseValues, Pixit, Profile
from requirement_catalog import Located

_LONGEST = 500  # characters of any text in a profile
_MOST_EVSES, _HIGHEST_NUMBER = 100, 10_000
_MOST_W, _LARGEST = 5_000_000.0, 1e12
_MOST_BAUD = 12_000_000
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_HIDDEN = {"Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp"}
_ADDRESS = "write an address of this computer such as 192.168.1.10, or 0.0.0.0 for all of them"


def check_values(profile: Profile, located: Located) -> None:
    """Every text is one that can be shown, every name and number one that can be used. Raises CatalogueError."""
    for path, value in _leaves(msgspec.to_builtins(profile), ""):
        if isinstance(value, str):
            _check_text(path, value, located)
        elif isinstance(value, int | float) and not isinstance(value, bool) and not abs(value) <= _LARGEST:
            raise located.error(path, "is a number beyond all measure", f"write one of at most {_LARGEST:g}")
    _check_identity(profile, located)
    _check_numbers(profile, located)
    _check_addresses(profile, located)
    _check_instruments(profile, located)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, each in value.items():
            below = f"{path}.{key}" if path else key
            yield below, key
            yield from _leaves(each, below)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _leaves(each, f"{path}[{number}]")
    else:
        yield path, value


def _check_text(path: str, text: str, located: Located) -> None:
    if len(text) > _LONGEST:
        raise located.error(path[:_LONGEST], f"has {len(text):,} characters", f"write at most {_LONGEST}")
    for char in text:
        if unicodedata.category(char) in _HIDDEN:
            wrong = f"holds a character that nobody sees (U+{ord(char):04X})"
            raise located.error(path, wrong, "write it in one line of plain characters")


def is_identity(text: str) -> bool:
    """Whether a charger can have it as its identity, as OCPP-J Part 4, 3.1.1 has it and as a URL carries it."""
    hidden = any(unicodedata.category(char) in _HIDDEN for char in text)
    return 1 <= len(text) <= 48 and not hidden and not any(char in ":/?#" or char.isspace() for char in text)


def _check_identity(profile: Profile, located: Located) -> None:
    identity = profile.pixit.identity
    if not is_identity(identity):
        right = "write the last part of the address it connects to: 1 to 48 characters, no blank, none of : / ? #"
        raise located.error("pixit.identity", f"is {identity!r}", right)


def _check_numbers(profile: Profile, located: Located) -> None:
    pixit = profile.pixit
    if len(pixit.evses) > _MOST_EVSES:
        raise located.error("pixit.evses", f"names {len(pixit.evses)} EVSEs", f"at most {_MOST_EVSES} can be tested")
    numbers: list[tuple[str, Pixit | EvseValues]] = [("pixit", pixit)]
    numbers += [(f"pixit.evse_values.{n}", each) for n, each in enumerate(pixit.evse_values)]
    for at, given in numbers:
        for name in ("evse_id", "ac_connector", "dc_connector"):
            value = getattr(given, name)
            if value is not None and not 1 <= value <= _HIGHEST_NUMBER:
                right = f"EVSEs and connectors are numbered from 1, and to {_HIGHEST_NUMBER} at most"
                raise located.error(f"{at}.{name}", f"is {value}", right)
        if given.phases is not None and given.phases not in (1, 2, 3):
            raise located.error(f"{at}.phases", f"is {given.phases}", "a charger has 1, 2 or 3 phases")
        if given.rated_discharge_w is not None and not 0 <= given.rated_discharge_w <= _MOST_W:
            right = f"write it without a sign, in W, at most {_MOST_W:,.0f}"
            raise located.error(f"{at}.rated_discharge_w", f"is {given.rated_discharge_w:g}", right)
    for number in pixit.evses:
        if number > _HIGHEST_NUMBER:
            raise located.error("pixit.evses", f"names EVSE {number}", f"the highest is {_HIGHEST_NUMBER}")


def _check_addresses(profile: Profile, located: Located) -> None:
    csms, operator = profile.pco.csms, profile.pco.operator
    for name, pco in (("csms", csms), ("operator", operator)):
        if pco is None:
            continue
        if not 0 <= pco.port <= 65535:
            raise located.error(f"pco.{name}.port", f"is {pco.port}", "a port is 0 (any free one) to 65535")
        if not is_host(pco.listen):
            raise located.error(f"pco.{name}.listen", f"is {pco.listen!r}, which is no address", _ADDRESS)
    if csms is not None and not is_host(csms.host_name):
        right = "write the name or the address by which the charger reaches this computer"
        raise located.error("pco.csms.host_name", f"is {csms.host_name!r}, which is no name of a computer", right)
    if operator is not None and operator.driver == "web" and csms is not None and 0 != csms.port == operator.port:
        raise located.error("pco.operator.port", f"is {operator.port}, as that of csms", "give each a port of its own")


def is_host(text: str) -> bool:
    """Whether it is an IP address, or a name that a computer can have."""
    try:
        ipaddress.ip_address(text)
        return True
    except ValueError:
        labels = text.removesuffix(".").split(".")
        named = len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
        return named and not labels[-1].isdigit()  # 300.1.1.1 is a mistyped address


def _check_instruments(profile: Profile, located: Located) -> None:
    for role, instrument in profile.pco.bench.items():
        if not 1 <= instrument.baud <= _MOST_BAUD:
            right = "write the speed of the line in bit/s, such as 115200"
            raise located.error(f"pco.bench.{role}.baud", f"is {instrument.baud}", right)
