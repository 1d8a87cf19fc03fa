"""V2G-PAR: limits that are declared, and what is told of what flows."""

from __future__ import annotations

from harness.judge.rules.v2g import Session, V2gMessage, rule
from harness.judge.rules.v2g._numbers import declared, present

_DISCOVERIES = ("res:ChargeParameterDiscovery", "res:DC_ChargeParameterDiscovery", "res:AC_ChargeParameterDiscovery")
_LOOPS = ("res:CurrentDemand", "res:DC_ChargeLoop")


@rule("V2G-PAR.R001", *_DISCOVERIES)
def least_is_not_above_most(s: Session, m: V2gMessage) -> list[bool | str] | None:
    """Of each quantity the minimum that the charger declares is not above its maximum."""
    if m.unreadable or m.failed:
        return None
    least, most = declared(m, "Minimum"), declared(m, "Maximum")
    return [
        least[each] <= most[each] or f"minimum {each.lower()} {least[each]:g}, maximum {most[each]:g}"
        for each in least
        if most.get(each, 0) > 0  # 0: there is none to be had now
    ]


@rule("V2G-PAR.R002", *_LOOPS)
def present_is_within_what_was_declared(s: Session, m: V2gMessage) -> list[bool | str] | None:
    """What flows is not beyond the highest maximum that the charger declared in this session."""
    if m.unreadable or m.failed or not s.fair:
        return None
    share, now = s.limits["share"], declared(m, "Maximum")
    most = {name: max(value, now.get(name, value)) for name, value in s.declared.items()}
    return [
        abs(value) <= most[name] * share + s.limits["grace"]
        or f"present {name.lower()} {value:g}, and at most {most[name]:g} was declared"
        for name, value in present(m).items()
        if name in most and (value >= 0 or name == "Voltage")
    ]
