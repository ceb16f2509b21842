"""Between the content as the engine reads it and the working rows, in both directions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models as db
from django.db import transaction

from dosing.engine.codec import decode, encode
from dosing.engine.formulary import Formulary
from dosing.models import Edition, Source

from .shape import LISTS, Children, Column, kind_of, shape

#: Positions leave room, so that a row can be put between two others.
STEP = 10


class UnbuiltRows(ValueError):
    """Rows that cannot become content; each problem names the row and says why."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{place}: {sentence}" for place, sentence in problems))
        self.problems = tuple(problems)


class UnknownSource(ValueError):
    """A row names a source that the source list does not have."""


def any_rows() -> bool:
    """Whether anything has been entered or loaded yet."""
    found = [Edition.objects.exists()]
    found += [model._default_manager.exists() for _, model in LISTS.values()]
    return any(found)


# Content → rows


@transaction.atomic
def store(formulary: Formulary) -> None:
    """Write a formulary into empty tables; UnknownSource where a row cites what is not listed."""
    Edition.objects.create(
        edition=formulary.edition,
        review_by=formulary.review_by,
        contact=formulary.contact,
        owner=formulary.owner,
    )
    for name, (kind, model) in LISTS.items():
        value = getattr(formulary, name)
        items = list(value.values() if isinstance(value, Mapping) else value)
        places = [Item(item, STEP * place) for place, item in enumerate(items, start=1)]
        store_items(kind, model, places, {})


@dataclass(frozen=True, slots=True)
class Item:
    """A row to be stored: what it says, its place, and the row it hangs on."""

    value: Any
    position: int
    parent: Mapping[str, Any] = field(default_factory=dict)


def store_items(
    kind: type, model: type[db.Model], items: list[Item], sources: dict[str, int]
) -> None:
    """New rows with everything below them."""
    if not items:
        return
    known = shape(kind, model)
    rows = [
        model(position=item.position, **item.parent, **column_values(known.columns, item.value))
        for item in items
    ]
    model._default_manager.bulk_create(rows)
    if known.cited:
        sources = sources or dict(Source.objects.values_list("slug", "pk"))
        cite(model, rows, [item.value for item in items], sources)
    for children in known.children:
        below = [
            Item(value, STEP * place, {children.parent: row})
            for row, item in zip(rows, items, strict=True)
            for place, value in enumerate(
                children.spread(getattr(item.value, children.name)), start=1
            )
        ]
        store_items(children.kind, children.model, below, sources)


def column_values(columns: tuple[Column, ...], item: Any) -> dict[str, Any]:
    """A row's own columns, as they are stored."""
    values: dict[str, Any] = {}
    for column in columns:
        value = getattr(item, column.name)
        if column.inside is not None:
            value = encode(value)
        # A reference to nothing is NULL; the dataclass writes it "".
        values[column.attribute] = value or None if column.reference else value
    return values


def cite(
    model: type[db.Model], rows: list[db.Model], items: list[Any], sources: dict[str, int]
) -> None:
    """Link each row with its sources; UnknownSource where the list does not have one."""
    links = model._meta.get_field("sources").remote_field.through  # type: ignore[union-attr]
    attribute = f"{model._meta.model_name}_id"
    wanted = []
    for row, item in zip(rows, items, strict=True):
        for slug in item.sources:
            if slug not in sources:
                raise UnknownSource(f"{row} names the source {slug}, which is not in the list.")
            wanted.append(links(**{attribute: row.pk, "source_id": sources[slug]}))
    links._default_manager.bulk_create(wanted)


# Rows → content


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """A row that cannot become content: the row after those it hangs on, and why."""

    rows: tuple[db.Model, ...]
    sentence: str

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return ", ".join(map(_words, self.rows)) or "edition"


@dataclass(frozen=True, slots=True)
class Reading:
    """The working rows as content, without those that cannot be built.

    `row_of`: from the id of what was built to the row it was built from.
    """

    formulary: Formulary | None
    problems: tuple[Unbuilt, ...]
    row_of: Mapping[int, db.Model]


def working_formulary() -> Formulary:
    """The working rows as content; UnbuiltRows with every row that cannot be built."""
    found = read_rows()
    if found.formulary is None or found.problems:
        raise UnbuiltRows([(one.place, one.sentence) for one in found.problems])
    return found.formulary


def read_rows() -> Reading:
    """The working rows as content, as far as they can be built."""
    reader = _Reader()
    edition = Edition.objects.first()
    if edition is None:
        missing = Unbuilt((), "There is no edition: enter name, review date, contact.")
        return Reading(None, (missing,), {})
    values: dict[str, Any] = {}
    for name, (kind, model) in LISTS.items():
        built = [reader.build(kind, row) for row in reader.rows(model)]
        whole = [one for one in built if one is not None]
        listed = name in ("policies", "considerations", "examples")
        values[name] = tuple(whole) if listed else {one.slug: one for one in whole}
    formulary = None
    try:
        formulary = Formulary(
            edition=edition.edition,
            review_by=edition.review_by,
            contact=edition.contact,
            owner=edition.owner,
            **values,
        )
    except ValueError as problem:
        # Where a policy cannot be built, that there is none is its echo.
        if not reader.problems:
            reader.problems.append(Unbuilt((), str(problem)))
    return Reading(formulary, tuple(reader.problems), reader.row_of)


def problem_with(row: db.Model, sources: Sequence[str]) -> str | None:
    """Why the engine would refuse this row, saved or not; None when it takes it.

    Of a row with child rows only its own columns are asked: its children may be on their way.
    """
    try:
        alone(row, sources)
    except ValueError as problem:
        return str(problem)
    return None


def alone(row: db.Model, sources: Sequence[str] = ()) -> Any:
    """The dataclass of a row without child rows, saved or not; ValueError where it refuses.

    None for a row that no dataclass keeps, or one that child rows belong to.
    """
    kind = kind_of(type(row))
    if kind is None:
        return None
    known = shape(kind, type(row))
    values: dict[str, Any] = {"sources": tuple(sources)} if known.cited else {}
    values |= {column.name: _value(column, row) for column in known.columns}
    return None if known.children else kind(**values)


class _Reader:
    """Rows read once for each table, and what could not be built from them."""

    def __init__(self) -> None:
        self.problems: list[Unbuilt] = []
        self.row_of: dict[int, db.Model] = {}
        self._children: dict[type[db.Model], dict[int, list[db.Model]]] = {}
        self._sources: dict[type[db.Model], dict[int, list[str]]] = {}

    def rows(self, model: type[db.Model]) -> list[db.Model]:
        return list(model._default_manager.order_by("position", "pk"))

    def build(self, kind: type, row: db.Model, above: tuple[db.Model, ...] = ()) -> Any:
        """The dataclass of a row with all its children; None when something refuses."""
        known = shape(kind, type(row))
        whole = True
        values: dict[str, Any] = {}
        if known.cited:
            values["sources"] = tuple(self._slugs(row))
        for children in known.children:
            built = [
                self.build(children.kind, child, (*above, row))
                for child in self._below(children, row)
            ]
            whole = whole and all(one is not None for one in built)
            values[children.name] = children.gather(built) if whole else None
        if not whole:
            return None
        try:
            for column in known.columns:
                values[column.name] = _value(column, row)
            item = kind(**values)
        except ValueError as problem:
            self.problems.append(Unbuilt((*above, row), str(problem)))
            return None
        self.row_of[id(item)] = row
        return item

    def _below(self, children: Children, row: db.Model) -> list[db.Model]:
        if children.model not in self._children:
            grouped: dict[int, list[db.Model]] = defaultdict(list)
            for child in self.rows(children.model):
                grouped[getattr(child, f"{children.parent}_id")].append(child)
            self._children[children.model] = grouped
        return self._children[children.model].get(row.pk, [])

    def _slugs(self, row: db.Model) -> list[str]:
        model = type(row)
        if model not in self._sources:
            links = model._meta.get_field("sources").remote_field.through  # type: ignore[union-attr]
            grouped: dict[int, list[str]] = defaultdict(list)
            pairs = links._default_manager.order_by("source__position", "source_id")
            for pk, slug in pairs.values_list(f"{model._meta.model_name}_id", "source__slug"):
                grouped[pk].append(slug)
            self._sources[model] = grouped
        return self._sources[model].get(row.pk, [])


def _value(column: Column, row: db.Model) -> Any:
    value = getattr(row, column.attribute)
    if column.inside is not None:
        return decode(column.inside, value, column.name)
    return value or "" if column.reference else value


def _words(row: db.Model) -> str:
    return f"{row._meta.verbose_name} {row}"
