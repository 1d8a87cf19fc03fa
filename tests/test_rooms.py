"""How the house is laid out: no circle of modules, and no folder that has outgrown itself."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOUSE = ("harness", "ev_emulator", "reports", "requirement_catalog", "plain_files")
MOST_FILES = 16  # about fifteen, and the package's face
SHELVES = {"defects", "variants"}  # long on purpose: one small file each


def _modules() -> dict[str, Path]:
    found = {}
    for path in (p for top in HOUSE for p in (ROOT / top).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports(module: str, path: Path) -> Iterator[str]:
    """Dotted names that a module imports, those for types only among them."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*up, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _circles(arrows: dict[str, set[str]]) -> set[str]:
    """The modules that stand in a circle, or lead from one into another: what is left when all ends are taken away."""
    left = {module: set(targets) for module, targets in arrows.items()}
    while ends := {module for module, targets in left.items() if not targets & left.keys()}:
        left = {module: targets for module, targets in left.items() if module not in ends}
    return set(left)


def test_no_circle_of_modules() -> None:
    """Who imports whom goes one way; a package's face may name what is in it."""
    modules = _modules()
    arrows = {
        name: {
            each
            for each in _imports(name, path)
            if each in modules and each != name and not name.startswith(f"{each}.")
        }
        for name, path in modules.items()
    }
    assert _circles(arrows) == set()


def test_a_circle_would_be_seen() -> None:
    """The search itself finds one, through a third module."""
    assert _circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}) == {"a", "b", "c", "d"}


def test_no_folder_has_outgrown_itself() -> None:
    """A folder of code past about fifteen files is cut into rooms."""
    sizes = Counter(path.parent for path in _modules().values())
    over = {str(f.relative_to(ROOT)): n for f, n in sizes.items() if n > MOST_FILES and f.name not in SHELVES}
    assert over == {}
