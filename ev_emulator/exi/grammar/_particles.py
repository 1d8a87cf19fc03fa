"""What may come next in a content model: EXI 1.0, 8.5.4.1.4 to 8.5.4.2, as one state after the other."""

from __future__ import annotations

from ev_emulator.exi._model import UNBOUNDED, Element, Particle

# What is still to come: a particle, how often at least, how often at most, and what follows it.
Rest = tuple[Particle, int, int, "Rest"] | None
# An element, or the namespaces of a wildcard (None: any), and what is still to come after it.
Next = tuple[Element | tuple[str, ...] | None, Rest]


def begin(content: Particle | None) -> Rest:
    """The state before anything came."""
    return None if content is None else (content, content.least, content.most, None)


def following(rest: Rest) -> tuple[list[Next], bool]:
    """What may come, in the order of the schema, and whether the content may end here."""
    found: list[Next] = []
    while rest is not None:
        particle, least, most, after = rest
        more, skippable = _first_of(particle, least, most, after)
        found += more
        if not skippable:
            return found, False
        rest = after
    return found, True


def _first_of(particle: Particle, least: int, most: int, after: Rest) -> tuple[list[Next], bool]:
    if most == 0:
        return [], True
    if most == UNBOUNDED:
        after = (particle, max(least - 1, 0), most, after)
    elif most > 1:
        after = (particle, max(least - 1, 0), most - 1, after)
    found, empty = _once(particle, after)
    return found, empty or least == 0


def _once(particle: Particle, after: Rest) -> tuple[list[Next], bool]:
    if particle.of == "element":
        return [(element, after) for element in particle.elements], False
    if particle.of == "any":
        return [(particle.uris, after)], False
    found: list[Next] = []
    if particle.of == "choice":
        empty = not particle.parts
        for part in particle.parts:
            more, skippable = _first_of(part, part.least, part.most, after)
            found, empty = found + more, empty or skippable
        return found, empty
    chain: list[Rest] = [after]
    for part in reversed(particle.parts):
        chain.append((part, part.least, part.most, chain[-1]))
    for place, part in enumerate(particle.parts):
        more, skippable = _first_of(part, part.least, part.most, chain[len(particle.parts) - 1 - place])
        found += more
        if not skippable:
            return found, False
    return found, True
