"""What stands against a purpose at one EVSE: its kind of current, and what its supplier says that it has not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harness.judge import Conditions
from harness.plan._lacks import Lack, another_product, joined, not_at_this_evse, owed_at_this_evse
from harness.profile import Product, Profile
from requirement_catalog import Conformance, Feature, Purpose, evaluate

_TALKS = "iso15118_20 or iso15118_2 or din_70121"  # what a car that speaks needs of an EVSE


def lack_at_evse(
    purpose: Purpose,
    under: Conditions,
    profile: Profile,
    product: Product,
    declared: Mapping[str, str],
    features: Mapping[str, Feature],
) -> Lack | None:
    """None where the profile says nothing of that EVSE, or nothing that matters.

    An EVSE of another kind, and one without what a standard leaves open there: not applicable. One without anything
    else: it owes it, like every EVSE of what the tender buys. `product` is the product as the tender buys it.
    """
    evse = under.evse
    if profile.kind_of(evse) is None:
        return None
    kinds = tuple(c for c in profile.current_at(evse) if c in product.current)
    if not kinds:
        return another_product(f"EVSE {evse} is for {_and(profile.current_at(evse))}, which this tender does not buy")
    foreign = {name for name, each in features.items() if each.only_at and not set(each.only_at) & set(kinds)}
    if _denied(purpose, under, declared, foreign) or under.service[:2] in {"AC", "DC"} - set(kinds):
        return another_product(f"EVSE {evse} is for {_and(kinds)} only")
    denied = profile.denied_at(evse)
    if not _denied(purpose, under, declared, foreign | denied):
        return None
    names = joined([name.replace("_", " ") for name in sorted(denied)])
    reason = f"EVSE {evse} is declared not to support {names}"
    open_ = {name for name in denied if name in features and set(kinds) <= set(features[name].optional_at)}
    if purpose.conformance is Conformance.OPTIONAL:
        return not_at_this_evse(f"{reason}; the standard leaves this test purpose optional")
    if _denied(purpose, under, declared, foreign | open_):
        by = "; ".join(sorted({features[name].optional_by for name in open_}))
        return not_at_this_evse(f"{reason} ({by})")
    return owed_at_this_evse(f"{reason}, and no standard leaves that open there")


def _denied(purpose: Purpose, under: Conditions, declared: Mapping[str, str], gone: Iterable[str]) -> bool:
    """Whether it cannot be, once these features are gone."""
    here = {**declared, **dict.fromkeys(gone, "no")}
    name, _, control = under.service.partition("/")
    wanted = [purpose.applies, *(each for each in (name.lower(), f"{control.lower()}_control") if each in here)]
    wanted += [_TALKS] if purpose.needs.car == "iso15118" else []
    return any(evaluate(each, here).answer == "no" for each in wanted)


def _and(kinds: Iterable[str]) -> str:
    return " and ".join(kinds)
