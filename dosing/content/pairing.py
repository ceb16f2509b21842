"""Which row of one edition is which of another: the same, the same kind of thing, or alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from functools import lru_cache
from typing import Any

from dosing.engine.codec import canonical, encode
from dosing.engine.formulary import (
    ActionLimit,
    AgeRange,
    ClockStep,
    DoseRow,
    Hydration,
    InfusionTime,
    MonitoringRule,
    Phase,
    PublishedDose,
    Rounding,
    Rule,
    SchwartzRow,
    Threshold,
    TransplantEnd,
)

#: What makes a row without a slug the same row when its figures change. Others are paired by
#: likeness alone, so that a class that is not named here is never missed.
IDENTITY: dict[type, tuple[str, ...]] = {
    ActionLimit: ("course", "test"),
    AgeRange: ("organ",),
    ClockStep: ("from_minutes", "until_minutes"),
    DoseRow: ("low", "low_closed", "high", "high_closed", "dialysis", "taking", "region"),
    Hydration: ("from_per_kg",),
    InfusionTime: ("course", "up_to_per_kg"),
    MonitoringRule: ("course", "test", "when"),
    Phase: ("drug", "table"),
    PublishedDose: ("situation",),
    Rounding: ("dialysis",),
    Rule: ("code", "when"),
    SchwartzRow: ("from_months", "sex", "low_birth_weight"),
    Threshold: ("lab",),
    TransplantEnd: ("organ",),
}
#: Two rows are the same one, changed, when they agree in at least this share.
ALIKE = 0.5

Pair = tuple[int | None, int | None]


def text_of(value: Any) -> str:
    """A value as it goes into the digest: two values are the same when these texts are."""
    return canonical(encode(value))


def pairs(before: Sequence[Any], after: Sequence[Any], *, alike: bool = True) -> list[Pair]:
    """Places of belonging rows, in the order of `after`; what has gone, where it stood.

    None on the left is an addition, None on the right a removal. Not `alike`: only what is equal,
    or the same by its name or kind.
    """
    partner: dict[int, int] = {}
    for key in (text_of, _slug, _identity):
        _meet(before, after, key, partner)
    if alike:
        _meet_alike(before, after, partner)
    taken = {new: old for old, new in partner.items()}
    found: list[Pair] = [(taken.get(place), place) for place in range(len(after))]
    for old in range(len(before)):
        if old not in partner:
            at = next(
                (
                    place
                    for place, pair in enumerate(found)
                    if pair[0] is not None and pair[0] > old
                ),
                len(found),
            )
            found.insert(at, (old, None))
    return found


def is_moved(found: Sequence[Pair]) -> bool:
    """Whether rows that stayed stand in another order."""
    stayed = [old for old, new in found if old is not None and new is not None]
    return stayed != sorted(stayed)


def _meet(
    before: Sequence[Any],
    after: Sequence[Any],
    key: Callable[[Any], object],
    partner: dict[int, int],
) -> None:
    """Pair what has the same key and no partner yet, in order."""
    waiting: dict[object, list[int]] = {}
    taken = set(partner.values())
    for place, item in enumerate(after):
        name = key(item)
        if place not in taken and name is not None:
            waiting.setdefault(name, []).append(place)
    for place, item in enumerate(before):
        if place not in partner and (known := waiting.get(key(item))):
            partner[place] = known.pop(0)


def _slug(item: Any) -> object:
    return getattr(item, "slug", None)


def _identity(item: Any) -> object:
    names = IDENTITY.get(type(item))
    return None if names is None else tuple(text_of(getattr(item, name)) for name in names)


def _meet_alike(before: Sequence[Any], after: Sequence[Any], partner: dict[int, int]) -> None:
    """Pair what is left by likeness, the most alike first."""
    taken = set(partner.values())
    left = [place for place in range(len(before)) if place not in partner]
    right = [place for place in range(len(after)) if place not in taken]
    said = [
        {place: _said(items[place]) for place in places}
        for items, places in ((before, left), (after, right))
    ]
    scored = sorted(
        ((_likeness(said[0][old], said[1][new]), -old, -new) for old in left for new in right),
        reverse=True,
    )
    for score, old, new in scored:
        if score >= ALIKE and -old not in partner and -new not in taken:
            partner[-old] = -new
            taken.add(-new)


def _said(item: Any) -> dict[str, str]:
    """What a row says in each field that is not as it is by default, its slug apart."""
    return {
        spec.name: text_of(getattr(item, spec.name))
        for spec in fields(item)
        if spec.name != "slug" and not _is_default(spec, getattr(item, spec.name))
    }


def _likeness(one: Mapping[str, str], other: Mapping[str, str]) -> float:
    """The share of what two rows say that is the same; texts count by the words they share."""
    names = {**one, **other}
    if not names:
        return 0.0
    return sum(_alike(one.get(name, ""), other.get(name, "")) for name in names) / len(names)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if one[:1] != '"' or other[:1] != '"':
        return 0.0
    words, others = _words(one), _words(other)
    return 2 * len(words & others) / (len(words) + len(others) or 1)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(text.strip('"').split())


def _is_default(spec: Field[Any], value: object) -> bool:
    return spec.default is not MISSING and bool(value == spec.default)
