"""Numbers of our own method: refused where they make no sense, bound by the digest, shown with their reason."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import msgspec
import pytest

from requirement_catalog import CatalogueError, catalogue_digest, load_catalogue, load_tender
from requirement_catalog.export import export_html, export_json
from tests.catalog._copies import change, copy_of_catalogue

WRONG = {
    "value: 0.75, unit: s": ("value: 75, unit: s", "75 s makes no sense here; write a number from 0.2 to 10 s"),
    "name: bench.clock_agrees": ("name: bench.clock_jump", "'bench.clock_jump' stands here twice; keep one"),
    "kind: decides, value: 300": ("kind: decided, value: 300", "'decided' is not allowed"),
    "confidence: corroborated,": ("confidence: recalled,", "decides, and is only recalled; find out"),
    "name: rules.hole, ": ("nane: rules.hole, ", "'nane' is not a known key here; did you mean 'name'?"),
}


@pytest.mark.parametrize("old", WRONG)
def test_a_wrong_number_is_refused_with_its_line(tmp_path: Path, old: str) -> None:
    """As everything in the catalogue: file, line, what is wrong and what would be right; unchanged it is accepted."""
    root = copy_of_catalogue(tmp_path)
    assert load_catalogue(root).method == load_catalogue().method
    new, says = WRONG[old]
    line = change(root, "method.yaml", old, new)
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(root)
    assert any(f"method.yaml:{line}: " in each and says in each for each in str(caught.value).splitlines())


def test_another_number_is_another_catalogue() -> None:
    """The digest that a campaign is bound to holds the method's numbers."""
    catalogue = load_catalogue()
    first, *others = catalogue.method
    changed = dataclasses.replace(catalogue, method=(msgspec.structs.replace(first, value=2.0), *others))
    assert catalogue_digest(changed) != catalogue_digest(catalogue)


def test_each_is_shown_with_unit_range_reason_and_standing() -> None:
    """On the printable page and in JSON."""
    catalogue = load_catalogue()
    page, data = export_html(catalogue, load_tender(catalogue)), export_json(catalogue, load_tender(catalogue))
    assert "Numbers of our own method" in page and len(json.loads(data)["method"]) == len(catalogue.method) > 50
    for each in catalogue.method:
        assert each.meaning and each.reason and each.unit
        assert f'<td class="id">{each.name}</td>' in page
