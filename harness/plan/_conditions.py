"""Under which conditions a purpose can run on this product, and which of them a depth asks for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from harness.judge import Conditions
from harness.plan._at_evse import lack_at_evse
from harness.plan._lacks import Lack, another_product, by_pilot_alone, declared_no, no_case, offers
from harness.profile import Product, Profile
from requirement_catalog import Depth, Feature, Purpose, evaluate

_CURRENTS = ("AC", "DC")


@dataclass(frozen=True)
class Possible:
    """Conditions of a purpose, and what in the product or its declaration stands against them."""

    conditions: Conditions
    lack: Lack | None = None


@dataclass(frozen=True)
class Ground:
    """What the runs are decided on. `product` is the product as the tender buys it.

    `declared`: the PICS answer for every feature. `criteria`: every criterion's id, with "" where it applies and else
    the reason why not.
    """

    profile: Profile
    product: Product
    depth: Depth
    declared: Mapping[str, str]
    criteria: Mapping[str, str]
    features: Mapping[str, Feature]
    own: frozenset[str] = frozenset()  # criteria that some purpose for this product's role serves

    @property
    def role(self) -> str:
        """The role of purposes that are about such a product."""
        return "csms" if self.product.role == "backend" else "station"

    def serves(self, purpose: Purpose, conditions: Conditions) -> tuple[str, ...]:
        """The applicable criteria that it serves under these conditions."""
        return tuple(
            dict.fromkeys(
                each.criterion
                for each in purpose.serves
                if self.criteria[each.criterion] == ""
                and all(str(getattr(conditions, name)) == value for name, value in each.when.items())
            )
        )


def possible(purpose: Purpose, ground: Ground) -> list[Possible]:
    """All combinations in order of preference: versions, then services, directions and EVSEs.

    Short of depth thorough one EVSE is asked for: the first of the profile's that is of its kind. One that is declared
    not to have what it owes is not passed over.
    """
    against = _whole(purpose, ground)
    axes = (purpose.versions or ("",), purpose.services or ("",), purpose.directions or ("",), evses(purpose, ground))
    found = [
        Possible(under, against or _part(under, ground) or _at_evse(purpose, under, ground))
        for version, service, direction, evse in itertools.product(*axes)
        for under in (Conditions(version=version, service=service, direction=direction, evse=evse),)
    ]
    return found if ground.depth is Depth.THOROUGH else list(_at_one_evse(purpose, found, ground))


def _at_one_evse(purpose: Purpose, found: Sequence[Possible], ground: Ground) -> Iterator[Possible]:
    def unfit(each: Possible) -> tuple[bool, bool]:
        alone = by_pilot_alone(purpose.needs) and "AC" not in ground.profile.current_at(each.conditions.evse)
        return each.lack is not None and each.lack.kind in ("product", "evse"), alone

    for _, at in itertools.groupby(found, lambda each: msgspec.structs.replace(each.conditions, evse=0)):
        yield min(at, key=unfit)


def _at_evse(purpose: Purpose, under: Conditions, ground: Ground) -> Lack | None:
    return lack_at_evse(purpose, under, ground.profile, ground.product, ground.declared, ground.features)


def due(
    combinations: Sequence[Possible], serves: Callable[[Conditions], tuple[str, ...]], ground: Ground, *, beyond: bool
) -> list[Possible]:
    """Those that the depth asks for; with them each impossible one whose criterion no possible one serves.

    What an EVSE is declared not to have, and would have been run at, is told whatever another EVSE serves.

    `short`: only what serves a criterion that none before it serves. `beyond`: it serves no criterion at all.
    """
    able = [each for each in combinations if each.lack is None]
    if ground.depth is Depth.SHORT:  # `short` asks for one version: one that our backend offers, and that is declared
        able.sort(key=lambda each: _unlikely(each.conditions.version, ground))
        kept = able[:1] if beyond else list(_fresh(able, serves, set()))
    else:
        kept = able
    served = {criterion for each in kept for criterion in serves(each.conditions)}
    unable = [each for each in combinations if each.lack is not None]
    kept += [each for each in unable if each.lack is not None and each.lack.kind in ("evse", "owed")]
    kept += _fresh([each for each in unable if each not in kept], serves, served)
    return kept or list(combinations[:1])


def _unlikely(version: str, ground: Ground) -> tuple[bool, bool]:
    undeclared = bool(version) and ground.profile.declared_to_speak(version) != "yes"
    return not offers(ground.profile.pco, version), undeclared


def _fresh(
    combinations: Sequence[Possible], serves: Callable[[Conditions], tuple[str, ...]], served: set[str]
) -> Iterator[Possible]:
    for each in combinations:
        if fresh := set(serves(each.conditions)) - served:
            served |= fresh
            yield each


def evses(purpose: Purpose, ground: Ground) -> tuple[int, ...]:
    """The numbers of the EVSEs that it can be run at, the profile's own first; (0,) when it does not matter."""
    if not at_an_evse(purpose):
        return (0,)
    pixit = ground.profile.pixit
    return tuple(dict.fromkeys((pixit.evse_id, *pixit.evses)))


def at_an_evse(purpose: Purpose) -> bool:
    """Whether it is about one EVSE: it needs a car or an instrument."""
    return purpose.needs.car != "none" or bool(purpose.needs.bench)


def _whole(purpose: Purpose, ground: Ground) -> Lack | None:
    """What stands against every combination: the role, its criteria, the declared features."""
    if purpose.role != ground.role:
        words = f"it is for a {purpose.role}, and the product under test is a {ground.product.role}"
        applying = [s.criterion for s in purpose.serves if ground.criteria[s.criterion] == ""]
        alone = [criterion for criterion in applying if criterion not in ground.own]
        return no_case(f"{words}, which nothing tests for this yet") if alone else another_product(words)
    pixit = ground.profile.pixit
    if purpose.needs.evses > len({pixit.evse_id, *pixit.evses}):
        return another_product(f"it is for a product with {purpose.needs.evses} EVSEs (pixit.evses names them)")
    reasons = [ground.criteria[each.criterion] for each in purpose.serves]
    if reasons and all(reasons):
        return another_product(reasons[0])
    if evaluate(purpose.applies, ground.declared).answer == "no":
        return declared_no(f"the charger is declared not to support it ({purpose.applies.replace('_', ' ')})")
    return None


def _part(under: Conditions, ground: Ground) -> Lack | None:
    """What stands against one combination: another kind of product, or a version or service declared unsupported."""
    name, _, control = under.service.partition("/")
    current = name[:2]
    if current in _CURRENTS and current not in ground.product.current:
        return another_product(f"the product is not for {current}")
    if ("BPT" in name or under.direction == "export") and not ground.product.bidirectional:
        return another_product("the product is not bidirectional")
    if under.version and ground.profile.declared_to_speak(under.version) == "no":
        return declared_no(f"the charger is declared not to speak OCPP {under.version}")
    for feature in (name.lower(), f"{control.lower()}_control"):
        if ground.declared.get(feature) == "no":
            return declared_no(f"the charger is declared not to support {feature.replace('_', ' ')}")
    return None
