"""Dose tables drawn on the pages of the admin: as stored, or as typed and not yet saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dosing.content.rows import alone
from dosing.engine.formulary import DoseRow, DoseTable
from dosing.models import DoseTable as TableRow
from dosing.presenters.band_picture import BandPicture, band_picture


def stored_picture(table: TableRow) -> BandPicture | None:
    """The rows as they are in the database."""
    return _picture(table, _built(table.rows.order_by("position", "pk")))


def typed_picture(table: TableRow, formset: Any) -> BandPicture | None:
    """The rows as they stand on the page; rows with an entry that cannot be read are left out."""
    return _picture(table, _built(_typed(formset)))


def _typed(formset: Any) -> Iterator[Any]:
    for form in formset.forms:
        readable = not form.is_bound or set(form.errors) <= {"__all__"}
        if readable and form not in formset.deleted_forms and (form.instance.pk or form.is_bound):
            yield form.instance


def _built(rows: Iterable[Any]) -> Iterator[DoseRow]:
    for row in rows:
        try:
            yield alone(row)
        except ValueError:
            continue


def _picture(table: TableRow, rows: Iterable[DoseRow]) -> BandPicture | None:
    """None where there is nothing that could be drawn."""
    try:
        built = DoseTable(
            slug=table.slug,
            title=table.title,
            course=table.course,
            measure=table.measure,
            per_kg=bool(table.per_kg),
            ages=(),
            rows=tuple(rows),
            sources=(),
        )
    except ValueError:
        return None
    return band_picture(built, f"{table.drug}, {table.title}: dose by clearance", f"t{table.pk}")
