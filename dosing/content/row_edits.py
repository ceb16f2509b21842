"""The history of the working rows: what a page's rows say, and what a save made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import models as db
from django.db import transaction
from django.utils import timezone

from dosing import models
from dosing.models import RowEdit

from .shape import Children, kind_of, shape

#: A row by its model's name and its key.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class RowState:
    """What one row says: its name in words, and its values by field."""

    words: str
    values: Mapping[str, Any]


#: The page's own row first, then every row that hangs on it, however deep.
Snapshot = Mapping[Key, RowState]


class NoReason(ValueError):
    """A change without a reason."""


def snapshot(row: db.Model) -> Snapshot:
    """What a stored row and all rows that hang on it say now."""
    stored = type(row)._default_manager.get(pk=row.pk)
    return dict(_states([stored], None))


def _states(rows: Sequence[db.Model], parent: str | None) -> Iterator[tuple[Key, RowState]]:
    if not rows:
        return
    model = type(rows[0])
    sources = _sources(rows)
    for row in rows:
        values = {
            one.name: _value(row, one)
            for one in model._meta.concrete_fields
            if not one.primary_key and one.name != parent
        }
        if row.pk in sources:
            values["sources"] = sources[row.pk]
        name = "" if parent is None else f"{model._meta.verbose_name} {row}"
        yield (str(model._meta.model_name), row.pk), RowState(name, values)
    for children in _below(model):
        found = children.model._default_manager.filter(
            **{f"{children.parent}__in": [row.pk for row in rows]}
        )
        yield from _states(list(found.order_by("position", "pk")), children.parent)


def _value(row: db.Model, field: Any) -> Any:
    value = getattr(row, field.attname)
    # A number says nothing to a reader; a slug does.
    return str(getattr(row, field.name)) if field.is_relation and isinstance(value, int) else value


def _below(model: type[db.Model]) -> Iterable[Children]:
    kind = kind_of(model)
    return () if kind is None else shape(kind, model).children


def _sources(rows: Sequence[db.Model]) -> Mapping[int, tuple[str, ...]]:
    model = type(rows[0])
    if not any(one.name == "sources" for one in model._meta.many_to_many):
        return {}
    found: dict[int, tuple[str, ...]] = {row.pk: () for row in rows}
    named = model._default_manager.filter(pk__in=found, sources__isnull=False)
    for pk, slug in named.order_by("sources__position", "sources").values_list(
        "pk", "sources__slug"
    ):
        found[pk] += (slug,)
    return found


@transaction.atomic
def record_edit(
    *,
    row: db.Model,
    key: int,
    action: str,
    by: User,
    reason: str,
    changes: Sequence[Mapping[str, str]],
) -> RowEdit:
    """Write down a change that was made in this very transaction; NoReason without one."""
    if not reason.strip():
        raise NoReason("Say why this change is made.")
    return RowEdit.objects.create(
        at=timezone.now(),
        by=by,
        reason=reason.strip(),
        action=action,
        kind=str(row._meta.model_name),
        row=key,
        label=f"{row._meta.verbose_name} {row}"[:500],
        drug=drug_of(row),
        changes=list(changes),
    )


def drug_of(row: Any) -> str:
    """The drug a row belongs to; "" where it belongs to none."""
    if isinstance(row, models.Drug):
        return row.slug
    if isinstance(row, models.ChildFormula):
        return row.table.drug.slug
    if isinstance(row, models.DoseTable | models.VialPreparation | models.BottlePreparation):
        return row.drug.slug
    return ""


def newest_edit(row: db.Model) -> RowEdit | None:
    """The last thing that was done to this row."""
    found = RowEdit.objects.filter(kind=row._meta.model_name, row=row.pk)
    return found.select_related("by").first()
