"""What applies, and why: from the tender's scope and the product's kind, never from the supplier's wish."""

from __future__ import annotations

import msgspec

from harness.profile import Product, Profile
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


def another_product(needs: dict[str, str], product: Product) -> str | None:
    """Why a case is for another kind of product, in plain words; None when it is for this one."""
    for kind in needs.get("product", "").split():
        if not (product.bidirectional if kind == "bidirectional" else kind in product.current):
            return f"the product is not {'bidirectional' if kind == 'bidirectional' else f'for {kind}'}"
    return None


def unmet_needs(needs: dict[str, str], profile: Profile) -> str | None:
    """Why a case cannot run on this bench and DUT, in plain words; None when it can."""
    pco, product = profile.pco, profile.product
    roles = [r for r in pco.bench if r != "pilot" or "AC" in product.current]  # by its duty cycle only AC charges
    if (why := another_product(needs, product)) is not None:
        return why
    if pco.csms is None and ("station" in needs or "ocpp" in needs):
        return "the profile gives no backend connection (pco.csms)"
    if pco.csms is not None and pco.csms.security_profile < int(needs.get("security_profile", 0)):
        return f"the charger is connected with security profile {pco.csms.security_profile} (pco.csms.security_profile)"
    for role in needs.get("without", "").split():
        if role in roles:
            return f"the bench has a {role.replace('_', ' ')}, with which another case shows more"
    for role in needs.get("bench", "").split():
        if role not in pco.bench:
            operator = " and no operator" if pco.operator is None else ""
            return f"the bench has no {role.replace('_', ' ')}{operator} (pco.bench.{role})"
        if role not in roles and "ev" not in needs:
            return f"it charges by the control pilot alone, as {' and '.join(product.current)} charging cannot"
    if "ev" in needs and pco.ev is None:
        return "the bench has no car that speaks ISO 15118 (pco.ev)"
    if "operator" in needs and pco.operator is None:
        return "nobody is there to look (pco.operator)"
    if (version := needs.get("ocpp")) and profile.declared(f"ocpp_{version.replace('.', '_')}") == "no":
        return f"the charger is declared not to speak OCPP {version}"
    for feature in needs.get("station", "").split():
        if profile.declared(feature) == "no":
            return f"the charger is declared not to support {feature.replace('_', ' ')}"
    if "firmware" in needs and profile.pixit.firmware_update is None and profile.launch is None:
        return "the vendor's newer firmware image, its signature and certificate are not given (pixit.firmware_update)"
    return None
