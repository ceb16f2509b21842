"""A newer shipped edition beside ours: each difference in three columns, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

from dosing.content.alignment import items_of
from dosing.content.diff import Difference, Place, parts_of, weight_of
from dosing.content.merge import Change
from dosing.content.pairing import text_of
from dosing.content.upgrade import Standing
from dosing.engine.formulary import DoseRow, DoseTable, Formulary
from dosing.models import UpgradeDecision

from . import words
from .difference import Wording, dose_words, place_words, unit_of, where_words
from .field_words import as_written, label, tall

NOT_THERE = "not there"
#: What is in no drug's part of the content.
REST = "other"


@dataclass(frozen=True, slots=True)
class Cell:
    """One side: what it says, and the rows below it, which stand folded."""

    lines: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One difference. `loud`: taking it overwrites what we have edited."""

    key: str
    place: str
    before: Cell
    now: Cell
    ours: Cell
    says: str
    state: str
    loud: bool
    blocked: str
    decision: UpgradeDecision | None


@dataclass(frozen=True, slots=True)
class UpgradeView:
    """Where an upgrade stands, and the differences asked for."""

    standing: str
    two_columns: bool
    is_finished: bool
    lines: tuple[Line, ...]
    topics: tuple[tuple[str, str], ...]


def counted(stand: Standing) -> str:
    """12 differences: 5 taken, 3 left, 4 open."""
    counts = stand.counts
    said = [f"{counts['taken']} taken", f"{counts['left']} left", f"{counts['open']} open"]
    if counts["same"]:
        said.insert(2, f"{counts['same']} the same in ours already")
    return f"{words.plural(len(stand.changes), 'difference')}: {', '.join(said)}"


def upgrade_view(stand: Standing, *, about: str = "", only_open: bool = False) -> UpgradeView:
    """The differences of one drug, or all; those that are open, or all."""
    asked = [
        change
        for change in stand.changes
        if (not about or about in topics_of(change))
        and not (only_open and stand.state(change) != "open")
    ]
    drugs = {**stand.before.drugs, **stand.now.drugs}
    used = {topic for change in stand.changes for topic in topics_of(change)}
    topics = [(slug, tall(drug.name)) for slug, drug in drugs.items() if slug in used]
    if REST in used:
        topics.append((REST, "what is of no single drug"))
    return UpgradeView(
        standing=f"{counted(stand)}.",
        two_columns=bool(stand.upgrade.rows_then),
        is_finished=stand.is_finished,
        lines=lines(stand, asked),
        topics=tuple(topics),
    )


def topics_of(change: Change) -> frozenset[str]:
    """The drugs a difference is about; a regimen is about those it gives."""
    first = change.places[0] if change.places else None
    if first is not None and first.field == "drugs":
        return frozenset({first.key})
    sides = (first.before, first.after) if first and first.field == "regimens" else ()
    found = {phase.drug for side in sides if side is not None for phase in side.phases}
    return frozenset(found or {REST})


def lines(stand: Standing, changes: Sequence[Change]) -> tuple[Line, ...]:
    """Differences in words."""
    return tuple(_line(stand, change) for change in changes)


def _line(stand: Standing, change: Change) -> Line:
    sides = list(_cells(stand, change))
    if sides[0] == sides[1]:
        # 1.0 and 1.00: the same figure, and another digest.
        sides = [_as_typed(value) for value in (change.before, change.now, change.ours)]
    says, loud = _says(stand, change)
    return Line(
        key=change.key,
        place=_place(change),
        before=sides[0],
        now=sides[1],
        ours=sides[2],
        says=says,
        state=stand.state(change),
        loud=loud,
        blocked="" if change.is_same else change.blocked,
        decision=stand.decisions.get(change.key),
    )


def _says(stand: Standing, change: Change) -> tuple[str, bool]:
    """What the three columns mean, and whether taking it overwrites an edit."""
    if change.is_same:
        return "Ours says what is shipped now.", False
    if stand.upgrade.rows_then:
        return "Ours is another: whether we edited it is not known.", True
    if not change.is_conflict:
        return {
            "added": "New in the product.",
            "removed": "Not in the product any more; ours is as it was shipped.",
        }.get(change.kind, "Only the product changed it."), False
    if change.kind == "removed":
        return "Conflict: not in the product any more, and we edited ours.", True
    if change.ours is None:
        return "Conflict: the product changed it, and we removed it.", True
    if change.kind == "added":
        return "Conflict: new in the product, and we have another of this name.", True
    return "Conflict: the product changed it, and we changed it otherwise.", True


def _place(change: Change) -> str:
    fields = _told(change)
    kind = change.kind if change.kind == "moved" else ""
    field = change.fields[0] if kind else fields[0] if len(fields) == 1 else ""
    if "rows" in change.fields and not kind:
        field = "bands"
    return place_words(
        Difference(
            places=change.places,
            field=field,
            kind=kind,
            weight=weight_of(change.of, field),
            before=change.before,
            after=change.now,
        )
    )


def _told(change: Change) -> tuple[str, ...]:
    """Of fields that belong together, those that are not the same on every side."""
    if change.kind != "changed" or (change.of is DoseRow and change.fields[0] == "low"):
        return ()
    sides = [side for side in (change.before, change.now, change.ours) if side is not None]
    return tuple(
        name
        for place, name in enumerate(change.fields)
        if len({text_of(side[place]) for side in sides}) > 1
    )


def _cells(stand: Standing, change: Change) -> Iterator[Cell]:
    last = change.places[-1] if change.places else Place("", "", stand.before, stand.now)
    sides = (
        (stand.before, change.before, last.before, _table(change, 0)),
        (stand.now, change.now, last.after, _table(change, 1)),
        (stand.ours, change.ours, change.mine, _our_table(stand.ours, change)),
    )
    for formulary, value, item, table in sides:
        if value is None:
            yield Cell((NOT_THERE,))
        elif change.kind == "moved":
            rows = getattr(last.after, change.fields[0])
            names = [_name(row, stand.now) for row in items_of(rows)]
            yield Cell((tall("; ".join(names[place] for place in value)),))
        elif change.kind == "changed":
            yield Cell(tuple(_values(change, value, item, formulary, table)))
        elif isinstance(item, DoseRow):
            yield Cell((dose_words(item, table), *_cited(item, formulary)))
        else:
            yield _whole(change, item, formulary)


def _values(
    change: Change, value: Any, item: Any, formulary: Formulary, table: DoseTable | None
) -> Iterator[str]:
    wording = Wording(formulary)
    told = _told(change)
    if not told and isinstance(item, DoseRow):
        yield dose_words(item, table)
    for name in told:
        one = value[change.fields.index(name)]
        if name == "rows":
            for row in one:
                yield f"{where_words(row, item)}: {dose_words(row, item)}"
            continue
        said = (
            wording.summary(one)
            if is_dataclass(one)
            else wording.written(name, one, item, unit_of(item, name))
        )
        yield said if len(told) == 1 else f"{label(name)}: {said}"


def _whole(change: Change, item: Any, formulary: Formulary) -> Cell:
    wording = Wording(formulary)
    place = change.places[-1]
    inside = list(parts_of((*change.places[:-1], Place(place.field, place.key, None, item))))[1:]
    more = []
    for part in inside:
        row = part.places[-1].item
        if isinstance(row, DoseRow):
            table = next(p.item for p in part.places if isinstance(p.item, DoseTable))
            said = dose_words(row, table)
        else:
            said = wording.summary(row)
        # Below the row's own place: its name is said already.
        where = place_words(replace(part, places=part.places[len(change.places) :]))
        more.append(f"{where}: {said}")
    return Cell((wording.summary(item), *_cited(item, formulary)), tuple(more))


def _cited(item: Any, formulary: Formulary) -> Iterator[str]:
    if sources := Wording(formulary).sources(item):
        yield f"Source: {sources}"


def _as_typed(value: Any) -> Cell:
    return Cell((NOT_THERE if value is None else as_written(value),))


def _name(row: Any, formulary: Formulary) -> str:
    """A row of a list, in few words."""
    for field in ("title", "name", "question", "slug", "text"):
        if found := getattr(row, field, ""):
            return str(found)[:60]
    return Wording(formulary).summary(row)


def _table(change: Change, side: int) -> DoseTable | None:
    found = next((one for one in change.places if isinstance(one.item, DoseTable)), None)
    if found is None:
        return None
    table: DoseTable | None = (found.before, found.after)[side]
    return table


def _our_table(ours: Formulary, change: Change) -> DoseTable | None:
    """The table as ours counts it: mg or mg/kg."""
    keys = [one.key for one in change.places[:2]]
    if len(keys) < 2 or not isinstance(change.places[1].item, DoseTable):
        return None
    drug = ours.drugs.get(keys[0])
    return None if drug is None else drug.tables.get(keys[1])
