"""How rows and dataclasses belong together, found from their shared names.

A dataclass field is a column of the same name, or rows that hang on it by a relation of that name.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from django.db import models as db
from django.db.models.fields.related import ForeignKey, ManyToManyField
from django.db.models.fields.reverse_related import ManyToOneRel, OneToOneRel

from dosing import models
from dosing.engine.formulary import (
    Consideration,
    Disagreement,
    Drug,
    Guidance,
    MonitoringPolicy,
    Regimen,
    Rhythm,
    Source,
)
from dosing.engine.patient import WorkedExample

#: The lists of the formulary, in an order in which every row is loaded after what it names.
LISTS: Mapping[str, tuple[type, type[db.Model]]] = {
    "sources": (Source, models.Source),
    "rhythms": (Rhythm, models.Rhythm),
    "policies": (MonitoringPolicy, models.MonitoringPolicy),
    "drugs": (Drug, models.Drug),
    "regimens": (Regimen, models.Regimen),
    "considerations": (Consideration, models.Consideration),
    "guidance": (Guidance, models.Guidance),
    "disagreements": (Disagreement, models.Disagreement),
    "examples": (WorkedExample, models.WorkedExample),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A value in the row itself. `attribute` holds the slug where the column is a reference."""

    name: str
    attribute: str
    reference: bool
    #: A dataclass kept as JSON in one column (the facts of a worked example).
    inside: type | None


@dataclass(frozen=True, slots=True)
class Children:
    """Rows that hang on a row: one or none, a tuple, or a mapping by slug."""

    name: str
    kind: type
    model: type[db.Model]
    parent: str
    form: str

    def gather(self, built: list[Any]) -> Any:
        """The field's value, from its rows in order."""
        if self.form == "one":
            return built[0] if built else None
        return {one.slug: one for one in built} if self.form == "mapping" else tuple(built)

    def spread(self, value: Any) -> list[Any]:
        """The rows of a field's value, in order."""
        if self.form == "one":
            return [] if value is None else [value]
        return list(value.values() if self.form == "mapping" else value)


@dataclass(frozen=True, slots=True)
class Shape:
    """All fields of one dataclass, as its model keeps them."""

    kind: type
    model: type[db.Model]
    columns: tuple[Column, ...]
    children: tuple[Children, ...]
    cited: bool


@cache
def shape(kind: type, model: type[db.Model]) -> Shape:
    """Match a dataclass with its model; LookupError where a name has no counterpart."""
    hints = typing.get_type_hints(kind)
    columns: list[Column] = []
    children: list[Children] = []
    cited = False
    for spec in fields(kind):
        place = model._meta.get_field(spec.name)
        if isinstance(place, ManyToManyField):
            cited = True
        elif isinstance(place, ManyToOneRel):
            children.append(_children(spec.name, hints[spec.name], place))
        else:
            columns.append(_column(spec.name, hints[spec.name], place))
    return Shape(kind, model, tuple(columns), tuple(children), cited)


def kind_of(model: type[db.Model]) -> type | None:
    """The dataclass whose rows this model keeps, if it keeps any."""
    return _kinds().get(model)


@cache
def _kinds() -> Mapping[type[db.Model], type]:
    return {one.model: one.kind for one in all_shapes()}


def all_shapes() -> Iterator[Shape]:
    """Every pair of dataclass and model, parents before children."""
    waiting = [shape(*pair) for pair in LISTS.values()]
    for one in waiting:
        yield one
        waiting += [shape(child.kind, child.model) for child in one.children]


def _column(name: str, hint: Any, place: Any) -> Column:
    inside = hint if is_dataclass(hint) and isinstance(hint, type) else None
    return Column(name, place.attname, isinstance(place, ForeignKey), inside)


def _children(name: str, hint: Any, place: ManyToOneRel) -> Children:
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if isinstance(place, OneToOneRel) and origin in (types.UnionType, typing.Union):
        form, kind = "one", arguments[0]
    elif origin is Mapping:
        form, kind = "mapping", arguments[1]
    else:
        form, kind = "tuple", arguments[0]
    return Children(name, kind, place.related_model, place.field.name, form)
