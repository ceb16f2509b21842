"""Three editions of the content at once: shipped before, shipped now, and ours.

What an editor decides is one Change: a row that came or went, another order, or the fields of a
row that mean something only together (an amount and how often it is given). Which changes there
are follows from the two shipped editions alone, so that a decision keeps its place while our rows
change. One walk both lists the changes and makes ours with some of them put in.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any

from dosing.engine.codec import decode, encode
from dosing.engine.formulary import DoseRow, DoseTable, Drug, Formulary, Regimen

from .alignment import Entry, Triple, gathered, is_list, items_of, put_in, triples
from .diff import Place, weight_of
from .load import in_source_order
from .pairing import text_of
from .segments import disjoint

#: Whose fields say each something of its own; of every other row the figures are one thing.
APART = (Formulary, Drug, Regimen)
TOGETHER = ("full_first_phase_days", "course_days_after_short_phase")

NO_PARENT = (
    "Our rows do not have what this belongs to: leave it, or take it once that is there again."
)
OTHER_BANDS = "Our table has other bands, or counts otherwise: edit the table by hand, or leave it."


class Incomplete(ValueError):
    """What was chosen makes no whole row by itself. `key` is the row's."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between the shipped editions, and what ours says there.

    kind "changed": the three sides are the values of `fields`; "added", "removed": the row;
    "moved": places in the list as it is shipped now. None: not there. `mine` is our row.
    """

    key: str
    places: tuple[Place, ...]
    fields: tuple[str, ...] = ()
    kind: str
    before: Any
    now: Any
    ours: Any
    mine: Any = None
    blocked: str = ""

    @property
    def is_same(self) -> bool:
        """Whether ours says what is shipped now."""
        return text_of(self.ours) == text_of(self.now)

    @property
    def is_conflict(self) -> bool:
        """Whether ours is neither what was shipped before nor what is shipped now."""
        return not self.is_same and text_of(self.ours) != text_of(self.before)

    @property
    def of(self) -> type:
        """The class whose fields or which itself has changed."""
        return type(self.places[-1].item) if self.places else Formulary


def changes(before: Formulary, now: Formulary, ours: Formulary) -> tuple[Change, ...]:
    """Every difference between the shipped editions, once, in the order of the content."""
    walk = _Walk({})
    walk.row((), "", before, now, ours, "")
    return tuple(walk.found)


def merged(
    before: Formulary, now: Formulary, ours: Formulary, chosen: Mapping[str, Any]
) -> Formulary:
    """Ours with these values at these changes; Incomplete where a row cannot be built."""
    found = _Walk(chosen).row((), "", before, now, ours, "")
    order = {slug: place for place, slug in enumerate(found.sources)}
    data = in_source_order(encode(found), order)
    try:
        return decode(Formulary, data)
    except ValueError as problem:
        raise Incomplete("", str(problem)) from problem


def value_of(change: Change, data: Any) -> Any:
    """A side of a change again, from its JSON data."""
    if data is None or change.kind == "moved":
        return data if data is None else tuple(data)
    if change.kind != "changed":
        return decode(change.of, data)
    hints = typing.get_type_hints(change.of)
    named_data = zip(change.fields, data, strict=True)
    return tuple(decode(hints[name], item, name) for name, item in named_data)


class _Walk:
    def __init__(self, chosen: Mapping[str, Any]) -> None:
        self.chosen = chosen
        self.found: list[Change] = []

    def row(
        self, places: tuple[Place, ...], key: str, before: Any, now: Any, ours: Any, blocked: str
    ) -> Any:
        """Our row with what was chosen; None where there is none, or none any more."""
        kind: Any = type(now)
        columns, below = _parts(kind)
        recut = kind is DoseTable and _recut(before, now)
        values: dict[str, Any] = {}
        whole: Any = ours
        for names in _groups(kind, columns, recut):
            change = _fields(places, key, names, before, now, ours, blocked)
            if change is None:
                continue
            self.found.append(change)
            if change.key not in self.chosen:
                continue
            put = self.chosen[change.key]
            # A row of ours that is not there comes back whole, and goes whole.
            whole = None if put is None else whole or now
            values |= zip(names, put or (), strict=put is not None)
        for name in below:
            if recut and name == "rows":
                continue
            if text_of(getattr(before, name)) == text_of(getattr(now, name)):
                continue
            why = blocked or ("" if ours is not None else NO_PARENT)
            values[name] = self.rows(places, key, name, (before, now, ours), why)
        if whole is None or ours is None:
            return whole
        try:
            return replace(whole, **values)
        except ValueError as problem:
            raise Incomplete(key, str(problem)) from problem

    def rows(
        self,
        places: tuple[Place, ...],
        key: str,
        name: str,
        parents: tuple[Any, Any, Any],
        blocked: str,
    ) -> Any:
        """Our list with what was chosen, in the form of the field."""
        before, now, ours = (None if one is None else getattr(one, name) for one in parents)
        old, new, own = (items_of(side) for side in (before, now, ours))
        several = is_list(before, now)
        # One row or none: the same row, whatever it says.
        same = (0 if old else None, 0 if new else None, 0 if own else None)
        found = list(triples(old, new, own)) if several else [same]
        known = {mine: (left, right) for left, right, mine in found}
        entries = [Entry(*known.get(place, (None, None)), item) for place, item in enumerate(own)]
        by_own = dict(enumerate(entries))
        self._move(places, f"{key}{name}:order", name, found, entries, blocked)
        for left, right, mine in found:
            one = None if left is None else old[left]
            other = None if right is None else new[right]
            if text_of(one) == text_of(other):
                continue
            item = one if other is None else other
            why = blocked or _other_cut(item, parents[0], parents[2])
            slug = getattr(item, "slug", "")
            place = (left if right is None else right) or 0
            inside = (*places, Place(name, slug or str(place + 1) if several else "", one, other))
            path = f"{key}{name}/"
            if several:
                path += f"{slug or (left if left is not None else f'+{right}')}/"
            both = one is not None and other is not None
            step = self.row if both else self._whole
            made = step(inside, path, one, other, None if mine is None else own[mine], why)
            if mine is not None:
                by_own[mine].item = made
            elif made is not None:
                put_in(entries, Entry(left, right, made))
        items = [entry.item for entry in entries if entry.item is not None]
        return gathered(items, like=before if now is None else now)

    def _whole(
        self, places: tuple[Place, ...], key: str, before: Any, now: Any, ours: Any, blocked: str
    ) -> Any:
        """A row that was added or removed."""
        key = key.removesuffix("/")
        change = Change(
            key=key,
            places=places,
            kind="added" if before is None else "removed",
            before=before,
            now=now,
            ours=ours,
            mine=ours,
            blocked=blocked,
        )
        self.found.append(change)
        return self.chosen.get(key, ours)

    def _move(
        self,
        places: tuple[Place, ...],
        key: str,
        name: str,
        found: Sequence[Triple],
        entries: list[Entry],
        blocked: str,
    ) -> None:
        """The order of a list, where the rows that stayed stand in another one now."""
        stayed = _stayed(found)
        if stayed == sorted(stayed):
            return
        ours = tuple(entry.now for entry in entries if entry.now is not None)
        own = [place for place in ours if place in stayed]
        before = tuple(place for place in stayed if place in own)
        change = Change(
            key=key,
            places=places,
            fields=(name,),
            kind="moved",
            before=ours if list(before) == own else before,
            now=tuple(sorted(ours)),
            ours=ours,
            blocked=blocked,
        )
        self.found.append(change)
        if wanted := self.chosen.get(key):
            moving = [place for place, entry in enumerate(entries) if entry.now in wanted]
            turned = sorted((entries[at] for at in moving), key=lambda one: wanted.index(one.now))
            for at, entry in zip(moving, turned, strict=True):
                entries[at] = entry


def _stayed(found: Sequence[Triple]) -> list[int]:
    """Places now of the rows that stayed, in their order before."""
    both = [(left, right) for left, right, _ in found if left is not None and right is not None]
    return [right for _, right in sorted(both)]


def _fields(
    places: tuple[Place, ...],
    key: str,
    names: tuple[str, ...],
    before: Any,
    now: Any,
    ours: Any,
    blocked: str,
) -> Change | None:
    """What differs in fields that belong together, if anything does."""
    old, new = (_values(side, names) for side in (before, now))
    if text_of(old) == text_of(new):
        return None
    return Change(
        key=f"{key}:{names[0]}",
        places=places,
        fields=names,
        kind="changed",
        before=old,
        now=new,
        ours=None if ours is None else _values(ours, names),
        mine=ours,
        blocked=blocked,
    )


def _values(item: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    """Sources count as a set: their order is the source list's."""
    found = ((name, getattr(item, name)) for name in names)
    return tuple(tuple(sorted(value)) if name == "sources" else value for name, value in found)


@cache
def _parts(kind: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields of a row that are its own, and those that hold rows."""
    hints = typing.get_type_hints(kind)
    columns: list[str] = []
    below: list[str] = []
    for spec in fields(kind):
        if spec.name in ("slug", "format") or not spec.metadata.get("travels", True):
            continue
        inside = any(is_dataclass(one) for one in typing.get_args(hints[spec.name]))
        (below if inside else columns).append(spec.name)
    return tuple(columns), tuple(below)


def _groups(kind: type, columns: Sequence[str], recut: bool) -> Iterator[tuple[str, ...]]:
    """Texts and sources each for itself; figures of a row together, bands with them if recut."""
    figures = tuple(
        name
        for name in columns
        if name != "sources" and weight_of(kind, name) not in ("text", "source")
    )
    if kind in APART:
        figures = tuple(name for name in figures if name in TOGETHER)
    if figures:
        yield (*figures, "rows") if recut else figures
    for name in columns:
        if name not in figures:
            yield (name,)


def _recut(before: DoseTable, now: DoseTable) -> bool:
    """Whether the rows of a table are to be read as a whole: other bands, or another measure."""
    if not (disjoint(before.rows) and disjoint(now.rows)):
        return text_of(before.rows) != text_of(now.rows)
    return _cut(before) != _cut(now)


def _cut(table: DoseTable) -> tuple[Any, ...]:
    bands = sorted(row.interval for row in table.rows if row.low is not None)
    return table.measure, table.per_kg, bands


def _other_cut(item: Any, before: Any, ours: Any) -> str:
    """A dose of a table cannot be put into one that is cut or counted otherwise."""
    if not isinstance(item, DoseRow) or ours is None:
        return ""
    depth = 2 if item.low is None else 3
    fits = disjoint(ours.rows) and _cut(before)[:depth] == _cut(ours)[:depth]
    return "" if fits else OTHER_BANDS
