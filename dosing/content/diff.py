"""What differs between two editions: every difference as data, those of doses first.

The walk goes through all fields of all dataclasses, so that nothing can be left out: two editions
without a difference have the same digest. Bands are compared by clearance, not row by row: what
counts is which clearances get another dose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from dosing.engine.formulary import (
    ActionLimit,
    AgeRange,
    Bag,
    BottlePreparation,
    ClockStep,
    Consideration,
    Disagreement,
    DoseRow,
    DoseTable,
    Formulary,
    Guidance,
    Hydration,
    InfusionTime,
    Instruction,
    MonitoringPolicy,
    MonitoringRule,
    OralPreparation,
    Point,
    PublishedDose,
    Rhythm,
    Rule,
    Side,
    Source,
    StartConditions,
    Threshold,
    VialPreparation,
)
from dosing.engine.patient import Creatinine, ExpectedOrder, PatientFacts, WorkedExample

from .pairing import Pair, is_moved, pairs, text_of
from .segments import disjoint, named, same_dose, segments

#: How weighty a difference is, the weightiest first.
WEIGHTS = ("dose", "limit", "preparation", "schedule", "text", "example", "source")
KINDS = ("added", "removed", "changed", "moved", "renamed")

_EXAMPLE = (WorkedExample, ExpectedOrder, PatientFacts, Creatinine)
_OF_CLASS: Mapping[type, str] = {
    **dict.fromkeys((AgeRange, Rule, StartConditions, Threshold), "limit"),
    **dict.fromkeys(
        (
            Bag,
            BottlePreparation,
            ClockStep,
            Hydration,
            InfusionTime,
            Instruction,
            OralPreparation,
            VialPreparation,
        ),
        "preparation",
    ),
    **dict.fromkeys((ActionLimit, MonitoringPolicy, MonitoringRule, Rhythm), "schedule"),
    **dict.fromkeys((Consideration, Disagreement, Guidance, Point, PublishedDose, Side), "text"),
    Source: "source",
}
_OF_FIELD: Mapping[str, str] = {
    "sources": "source",
    # Of the start conditions this one is given, not looked at.
    "reduced_per_kg": "dose",
    "clock": "preparation",
    **dict.fromkeys(
        (
            "hard_max_mg_per_day",
            "limited_data_creatinine_mg_dl",
            "limited_data_crcl_ml_min",
            "near_edge_caution_percent",
            "near_edge_percent",
            "start_conditions",
            "start_late_after_day",
        ),
        "limit",
    ),
    **dict.fromkeys(
        (
            "advice",
            "audience",
            "brands",
            "considerations",
            "contact",
            "description",
            "disagreements",
            "drug_class",
            "edition",
            "form",
            "format",
            "groups",
            "guidance",
            "immunoglobulin",
            "name",
            "note_from_months",
            "note_text",
            "owner",
            "purpose",
            "review_by",
            "situations",
            "stop_criteria",
            "text",
            "title",
        ),
        "text",
    ),
    **dict.fromkeys(
        (
            "action_limits",
            "days_after",
            "each_dose",
            "fixed",
            "monitoring",
            "policies",
            "rhythms",
            "weeks_after",
        ),
        "schedule",
    ),
    "examples": "example",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One step down from the edition: a field, which item of it, and that item on both sides."""

    field: str
    key: str
    before: Any
    after: Any

    @property
    def item(self) -> Any:
        """The item as it will be; as it was, where it is removed."""
        return self.before if self.after is None else self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference. `field` is of the last place's item; "" means the item itself.

    kind: added, removed, changed; moved (the same items in another order, then both sides are
    their names); renamed (a slug).
    """

    places: tuple[Place, ...]
    field: str
    kind: str
    weight: str
    before: Any
    after: Any

    @property
    def path(self) -> str:
        """The place as one text: drugs.ganciclovir.tables.induction.title."""
        parts = [part for place in self.places for part in (place.field, place.key) if part]
        return ".".join([*parts, self.field] if self.field else parts)


def differences(before: Formulary, after: Formulary) -> tuple[Difference, ...]:
    """Every difference, the weightiest first, otherwise in the order of the content."""
    found = _object((), before, after)
    return tuple(sorted(found, key=lambda one: WEIGHTS.index(one.weight)))


def weight_of(kind: type, field: str) -> str:
    """How weighty a field of a class is; what nobody classified counts as a dose."""
    if kind in _EXAMPLE:
        return "example"
    if field in _OF_FIELD:
        return _OF_FIELD[field]
    return _OF_CLASS.get(kind, "dose")


def _object(places: tuple[Place, ...], before: Any, after: Any) -> Iterator[Difference]:
    """Differences between two of a kind, field by field."""
    for spec in fields(after):
        name = spec.name
        old, new = getattr(before, name), getattr(after, name)
        if text_of(old) == text_of(new):
            continue
        known = type(after) is DoseTable and name == "rows" and disjoint(old) and disjoint(new)
        walk = _rows(places, old, new) if known else _field(places, type(after), name, old, new)
        found = list(walk)
        # Should a walk ever see nothing where something is: the whole field, rather than silence.
        yield from found or [_leaf(places, type(after), name, old, new)]


def _leaf(places: tuple[Place, ...], kind: type, name: str, old: Any, new: Any) -> Difference:
    return Difference(
        places=places,
        field=name,
        kind="renamed" if name == "slug" else "changed",
        weight=weight_of(kind, name),
        before=old,
        after=new,
    )


def _field(
    places: tuple[Place, ...], kind: type, name: str, old: Any, new: Any
) -> Iterator[Difference]:
    many = [list(_items(value)) for value in (old, new)]
    if any(many):
        found = pairs(*many)
        yield from _paired(places, name, many[0], many[1], found)
        if is_moved(found):
            moved = _orders(many, found)
            yield Difference(
                places=places,
                field=name,
                kind="moved",
                weight=weight_of(kind, name),
                before=tuple(moved[0]),
                after=tuple(moved[1]),
            )
    elif is_dataclass(old) or is_dataclass(new):
        yield from _one(places, name, "", old, new)
    else:
        yield _leaf(places, kind, name, old, new)


def _orders(
    many: Sequence[Sequence[Any]], found: Sequence[tuple[int | None, int | None]]
) -> tuple[list[str], list[str]]:
    """The order of rows before and after: by slug, and without one by the places before."""
    before, after = _names(many[0]), _names(many[1])
    came_from = {new: old for old, new in found if old is not None and new is not None}
    for place, item in enumerate(many[1]):
        if not getattr(item, "slug", ""):
            after[place] = before[came_from[place]] if place in came_from else "new"
    return before, after


def _items(value: Any) -> Sequence[Any]:
    """The rows a field holds; nothing where it holds no rows."""
    items = value.values() if isinstance(value, Mapping) else value
    if not isinstance(value, Mapping | tuple):
        return ()
    return tuple(item for item in items if is_dataclass(item))


def _paired(
    places: tuple[Place, ...],
    name: str,
    before: Sequence[Any],
    after: Sequence[Any],
    found: Sequence[Pair],
) -> Iterator[Difference]:
    keys = _names(before), _names(after)
    for old, new in found:
        one = None if old is None else before[old]
        other = None if new is None else after[new]
        key = keys[1][new] if new is not None else keys[0][old or 0]
        if one is None or other is None or text_of(one) != text_of(other):
            yield from _one(places, name, key, one, other)


def _names(items: Sequence[Any]) -> list[str]:
    """How rows are told apart: by slug, or by their place, counted from 1."""
    return [getattr(item, "slug", "") or str(place) for place, item in enumerate(items, start=1)]


def _one(
    places: tuple[Place, ...], name: str, key: str, old: Any, new: Any
) -> Iterator[Difference]:
    inside = (*places, Place(name, key, old, new))
    if old is not None and new is not None:
        yield from _object(inside, old, new)
        return
    yield _whole(inside)
    # What an added or removed item is made of, each part for itself: a table is read by its rows.
    item = new if old is None else old
    for spec in fields(item):
        value = getattr(item, spec.name)
        parts = [value] if is_dataclass(value) else _items(value)
        keys = [""] if is_dataclass(value) else _names(parts)
        for part, own in zip(parts, keys, strict=True):
            yield from _one(
                inside, spec.name, own, *((None, part) if old is None else (part, None))
            )


def parts_of(places: tuple[Place, ...]) -> Iterator[Difference]:
    """The last place's item, on one side only, and everything it is made of."""
    *above, last = places
    yield from _one(tuple(above), last.field, last.key, last.before, last.after)


def _whole(places: tuple[Place, ...]) -> Difference:
    last = places[-1]
    return Difference(
        places=places,
        field="",
        kind="added" if last.before is None else "removed",
        weight=weight_of(type(last.item), ""),
        before=last.before,
        after=last.after,
    )


def _rows(
    places: tuple[Place, ...], before: Sequence[Any], after: Sequence[Any]
) -> Iterator[Difference]:
    """The rows of a dose table: by clearance, then those with a name, then the edges."""
    for one in segments(before, after):
        inside = (*places, Place("rows", one.words, one, one))
        yield _row(inside, one.field, one.before, one.after)
    kinds = [[row for row in rows if row.low is None] for rows in (before, after)]
    for place, old, new in _both(*kinds):
        inside = (*places, Place("rows", place, old, new))
        if old is None or new is None or not same_dose(old, new):
            yield _row(inside, "", old, new)
        elif text_of(old) != text_of(new):
            yield from _object(inside, old, new)
    yield from _edges(places, before, after)


def _both(
    before: Sequence[DoseRow], after: Sequence[DoseRow]
) -> Iterator[tuple[str, DoseRow | None, DoseRow | None]]:
    """Each kind of dialysis or medicine taken with its row on both sides."""
    old, new = ({named(row): row for row in rows} for rows in (before, after))
    for kind in dict.fromkeys((*old, *new)):
        yield kind, old.get(kind), new.get(kind)


def _row(
    places: tuple[Place, ...], field: str, before: DoseRow | None, after: DoseRow | None
) -> Difference:
    """One row that gives another dose, or says something else beside the same one."""
    gone = "added" if before is None else "removed"
    return Difference(
        places=places,
        field=field,
        kind="changed" if before is not None and after is not None else gone,
        weight=weight_of(DoseRow, field),
        before=getattr(before, field) if field else before,
        after=getattr(after, field) if field else after,
    )


def _edges(
    places: tuple[Place, ...], before: Sequence[Any], after: Sequence[Any]
) -> Iterator[Difference]:
    """The bands as they stand, with the content's own digits; or only their order."""
    bands = [tuple(row.interval for row in rows if row.low is not None) for rows in (before, after)]
    if sorted(bands[0]) != sorted(bands[1]):
        yield Difference(
            places=places,
            field="bands",
            kind="changed",
            weight="dose",
            before=bands[0],
            after=bands[1],
        )
    stayed = {named(row) for row in before} & {named(row) for row in after}
    orders = [
        tuple(name for row in rows if (name := named(row)) in stayed) for rows in (before, after)
    ]
    if orders[0] != orders[1]:
        yield Difference(
            places=places,
            field="rows",
            kind="moved",
            weight="dose",
            before=orders[0],
            after=orders[1],
        )
