"""Where instruments stand: "meter" at the EVSE that a profile names first, "meter@2" at EVSE 2."""

from __future__ import annotations

AT_AN_EVSE = ("pilot", "meter", "light")  # what each EVSE has its own of; the rest belongs to the whole station


def role_at(role: str, evse: int, home: int = 1) -> str:
    """The name under which a profile lists the instrument of a role at an EVSE: "meter", or "meter@2"."""
    return role if evse in (0, home) or role not in AT_AN_EVSE else f"{role}@{evse}"


def role_and_evse(name: str) -> tuple[str, int | None]:
    """ "meter@2" as ("meter", 2); a name without an EVSE has None. Raises ValueError for what is no such name."""
    role, at, number = name.partition("@")
    if not at:
        return role, None
    if role not in AT_AN_EVSE or not number.isdigit() or int(number) < 1:
        raise ValueError(f"{name!r}: only {', '.join(AT_AN_EVSE)} stand at an EVSE, written like meter@2")
    return role, int(number)
