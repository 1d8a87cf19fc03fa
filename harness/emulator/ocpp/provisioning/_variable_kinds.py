"""Short ways to write down a variable of the device model: "Component.Variable.Instance" and what it holds."""

from __future__ import annotations

from typing import Any

from harness.emulator.ocpp.provisioning._model import Variable

RW, RO, WO = "ReadWrite", "ReadOnly", "WriteOnly"


def plain(path: str, value: object = "", kind: str = "string", mutability: str = RO, **more: Any) -> Variable:
    component, name, *instance = path.split(".", 2)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Variable(component, name, text, kind, mutability, instance[0] if instance else "", **more)


def whole(path: str, value: int, mutability: str = RW, low: float | None = 0, **more: Any) -> Variable:
    return plain(path, value, "integer", mutability, low=low, **more)


def flag(path: str, value: bool, mutability: str = RO, **more: Any) -> Variable:
    return plain(path, value, "boolean", mutability, **more)


def members(path: str, value: str, choices: tuple[str, ...], mutability: str = RW, **more: Any) -> Variable:
    return plain(path, value, "MemberList", mutability, choices=choices, **more)
