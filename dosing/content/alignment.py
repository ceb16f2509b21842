"""Which row of three lists is which, and how a row finds its place in ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dosing.engine.formulary import DoseRow

from .pairing import pairs
from .segments import named

#: Places of one and the same row as shipped before, as shipped now, and in ours.
Triple = tuple[int | None, int | None, int | None]


@dataclass(slots=True)
class Entry:
    """A row of ours on its way into the new list, and which shipped row it is."""

    before: int | None
    now: int | None
    item: Any


def is_list(*sides: Any) -> bool:
    """Whether a field holds a list of rows, and not one row or none."""
    return any(isinstance(side, Mapping | tuple) for side in sides)


def items_of(value: Any) -> list[Any]:
    """The rows a field holds."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, tuple) else [value]


def gathered(items: Sequence[Any], *, like: Any) -> Any:
    """Rows in the form of another side's field."""
    if isinstance(like, Mapping):
        return {item.slug: item for item in items}
    if isinstance(like, tuple):
        return tuple(items)
    return items[0] if items else None


def put_in(entries: list[Entry], new: Entry) -> None:
    """After the row it stands behind in the list it comes from; first where none is there."""
    side = "now" if new.now is not None else "before"
    for place in range(getattr(new, side) - 1, -1, -1):
        for at, entry in enumerate(entries):
            if getattr(entry, side) == place:
                entries.insert(at + 1, new)
                return
    entries.insert(0, new)


def triples(before: Sequence[Any], now: Sequence[Any], ours: Sequence[Any]) -> Iterator[Triple]:
    """Every row that was or is shipped, with ours: in the order of now, then what went."""
    shipped = paired(before, now)
    own = paired(before, ours)
    added = [place for place in range(len(now)) if place not in shipped.values()]
    extra = [place for place in range(len(ours)) if place not in own.values()]
    # A row we added is that of the product only where it is the same one by name, not by likeness.
    both = paired([now[place] for place in added], [ours[place] for place in extra], alike=False)
    came = {new: old for old, new in shipped.items()}
    for place in range(len(now)):
        if (old := came.get(place)) is not None:
            yield old, place, own.get(old)
        else:
            at = both.get(added.index(place))
            yield None, place, None if at is None else extra[at]
    for old in range(len(before)):
        if old not in shipped:
            yield old, None, own.get(old)


def paired(one: Sequence[Any], other: Sequence[Any], *, alike: bool = True) -> dict[int, int]:
    """Place → place. A row with a name is the row of that name: others refer to it by that."""
    first = next(iter((*one, *other)), None)
    if not isinstance(first, DoseRow) and not hasattr(first, "slug"):
        found = pairs(one, other, alike=alike)
        return {old: new for old, new in found if old is not None and new is not None}
    places = {_name(row): place for place, row in reversed(list(enumerate(other)))}
    met: dict[int, int] = {}
    for place, row in enumerate(one):
        if (at := places.pop(_name(row), None)) is not None:
            met[place] = at
    return met


def _name(row: Any) -> str:
    return named(row) if isinstance(row, DoseRow) else str(row.slug)
