"""What applies, and why: from the tender's scope and the product's kind, never from the supplier's wish."""

from __future__ import annotations

import msgspec

from harness.profile import Product
from requirement_catalog import AppliesWhen, Criterion, Requirement

_ROLE_BINDS = {"station": {"station", "contractor"}, "backend": {"backend", "contractor"}}


def narrowed(product: Product, scope: AppliesWhen | None) -> Product:
    """The product as this tender buys it: a product for public and private sites bought for public ones only."""
    if scope is None:
        return product
    return msgspec.structs.replace(
        product,
        current=tuple(c for c in product.current if not scope.current or c in scope.current),
        sites=tuple(s for s in product.sites if not scope.site or s in scope.site),
        bidirectional=product.bidirectional if scope.bidirectional is None else scope.bidirectional,
    )


def applies(requirement: Requirement, criterion: Criterion, product: Product) -> tuple[bool, str]:
    """Whether a criterion applies to this product, with the reason in plain words."""
    if not _ROLE_BINDS[product.role] & set(requirement.binds):
        bound = " and the ".join(requirement.binds)
        return False, f"it binds the {bound}, and the product under test is a {product.role}"
    for condition in (requirement.applies_when, criterion.applies_when):
        if condition is not None and (why := _unmet(condition, product)) is not None:
            return False, why
    return True, f"it binds every {'charging station' if product.role == 'station' else 'backend'} of this kind"


def _unmet(condition: AppliesWhen, product: Product) -> str | None:
    if condition.current and not set(condition.current) & set(product.current):
        return f"it is for {' and '.join(condition.current)} only, and this product is {' and '.join(product.current)}"
    if condition.site and not set(condition.site) & set(product.sites):
        wanted, has = (" and ".join(s.replace("_", "-") for s in sites) for sites in (condition.site, product.sites))
        return f"it is for {wanted} charge points only, and this product is for {has} ones"
    if condition.bidirectional is not None and condition.bidirectional != product.bidirectional:
        return "it is for bidirectional products only" if condition.bidirectional else "it is for one-way products only"
    if condition.product and product.role not in condition.product:
        return f"it is for the {' and the '.join(condition.product)}"
    return None
