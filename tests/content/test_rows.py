"""Content → rows → content loses nothing, and rows that cannot be content say why."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.db import models as db

from dosing.content.load import shipped_formulary
from dosing.content.rows import (
    UnbuiltRows,
    UnknownSource,
    any_rows,
    problem_with,
    store,
    working_formulary,
)
from dosing.content.shape import LISTS, Shape, all_shapes
from dosing.engine.codec import digest, encode
from dosing.engine.formulary import Formulary
from dosing.models import (
    DoseRow,
    DoseTable,
    Drug,
    Edition,
    Phase,
    Rhythm,
    Source,
    Threshold,
    WorkedExample,
)

from .small_formulary import small_formulary


@pytest.mark.django_db
@pytest.mark.parametrize("make", [small_formulary, shipped_formulary])
def test_content_comes_back_from_the_rows_as_it_went_in(make: Callable[[], Formulary]) -> None:
    content = make()
    store(content)
    back = working_formulary()
    assert back == content
    assert digest(encode(back)) == digest(encode(content))


@pytest.mark.django_db
def test_lists_keep_their_order(small: Formulary) -> None:
    turned = dataclasses.replace(
        small,
        drugs=dict([*small.drugs.items()][::-1]),
        regimens=dict([*small.regimens.items()][::-1]),
        examples=small.examples[::-1],
    )
    store(turned)
    back = working_formulary()
    assert list(back.drugs) == list(turned.drugs) != list(small.drugs)
    assert list(back.regimens) == list(turned.regimens) != list(small.regimens)
    assert back.examples == turned.examples != small.examples


@pytest.mark.parametrize("shape", list(all_shapes()), ids=lambda shape: shape.model.__name__)
def test_every_column_is_a_field_of_the_dataclass(shape: Shape) -> None:
    """The other direction, a field without a column, already fails in shape()."""
    fields = {spec.name for spec in dataclasses.fields(shape.kind)}
    ours = {"id", "position"} | {
        field.name
        for field in shape.model._meta.fields
        if isinstance(field, db.ForeignKey) and field.name not in fields
    }
    columns = {field.name for field in (*shape.model._meta.fields, *shape.model._meta.many_to_many)}
    assert columns - ours <= fields


def test_every_list_of_the_formulary_has_rows() -> None:
    named = {spec.name for spec in dataclasses.fields(Formulary)}
    columns = {field.name for field in Edition._meta.fields} - {"id"}
    assert named == set(LISTS) | columns | {"format", "withdrawn", "closed"}


@pytest.mark.django_db
def test_a_row_of_every_kind_is_tried(small: Formulary) -> None:
    store(small)
    assert [
        one.model.__name__ for one in all_shapes() if not one.model._default_manager.exists()
    ] == []


@pytest.mark.django_db
def test_a_source_that_is_not_listed_is_named(small: Formulary) -> None:
    drug = dataclasses.replace(small.drugs["tabvir"], sources=("hearsay",))
    with pytest.raises(UnknownSource, match="tabvir names the source hearsay"):
        store(dataclasses.replace(small, drugs={**small.drugs, "tabvir": drug}))
    assert not any_rows()


def test_sources_are_read_in_the_order_of_the_source_list(rows: Formulary) -> None:
    assert working_formulary().drugs["vialvir"].sources == ("label", "default")
    Source.objects.filter(slug="default").update(position=1)
    assert working_formulary().drugs["vialvir"].sources == ("default", "label")


def test_a_new_row_goes_to_the_end_of_its_list(rows: Formulary) -> None:
    Rhythm.objects.create(slug="new", title="New")
    assert list(working_formulary().rhythms) == [*rows.rhythms, "new"]


def test_a_row_can_be_put_between_two_others(rows: Formulary) -> None:
    table = DoseTable.objects.get(drug__slug="vialvir", slug="induction")
    first, second = DoseRow.objects.filter(table=table).order_by("pk")[:2]
    between = (first.position + second.position) // 2
    assert first.position < between < second.position
    DoseRow.objects.filter(dialysis="continuous", table=table).update(position=between)
    order = [row.interval for row in working_formulary().drugs["vialvir"].tables["induction"].rows]
    assert order[:3] == ["[70, ∞)", "continuous", "[50, 70)"]


def test_without_an_edition_there_is_no_content(rows: Formulary) -> None:
    Edition.objects.all().delete()
    with pytest.raises(UnbuiltRows, match="There is no edition"):
        working_formulary()


def _upside_down() -> None:
    row = DoseRow.objects.get(table__slug="induction", table__drug__slug="vialvir", low="50")
    DoseRow.objects.filter(pk=row.pk).update(high="40")


def _without_preparation() -> None:
    Drug.objects.get(slug="vialvir").vial.delete()


def _without_phases() -> None:
    Phase.objects.filter(regimen__slug="together").delete()


def _without_rows() -> None:
    DoseRow.objects.filter(table__slug="maintenance", table__drug__slug="tabvir").delete()


def _facts_that_are_none() -> None:
    WorkedExample.objects.filter(slug="exactly-70").update(facts={"weight_kg": 94.5})


@pytest.mark.parametrize(
    ("spoil", "place", "sentence"),
    [
        (_upside_down, "drug vialvir, dose table vialvir induction, dose row 50–40", "is empty"),
        (_without_preparation, "drug vialvir", "is given IV and has no preparation"),
        (_without_phases, "regimen vialvir and bottlevir", "has no phase"),
        (_without_rows, "drug tabvir, dose table tabvir maintenance", "has rows or a formula"),
        (_facts_that_are_none, "worked example exactly-70", "94.5 is no Decimal"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_row_that_cannot_be_content_is_named_with_its_reason(
    rows: Formulary, spoil: Callable[[], None], place: str, sentence: str
) -> None:
    spoil()
    with pytest.raises(UnbuiltRows) as refused:
        working_formulary()
    ((where, why),) = refused.value.problems
    assert where == place
    assert sentence in why


def test_all_rows_that_cannot_be_content_are_named_at_once(rows: Formulary) -> None:
    _upside_down()
    _without_phases()
    with pytest.raises(UnbuiltRows) as refused:
        working_formulary()
    assert len(refused.value.problems) == 2


def test_a_row_is_tried_before_it_is_saved(rows: Formulary) -> None:
    table = DoseTable.objects.get(slug="induction", drug__slug="vialvir")
    row = DoseRow(table=table, low="70", high="50", amount="5", frequency="q12h")
    row.clean_fields(exclude=["table"])
    assert problem_with(row, ["label"]) == "band 70-50 is empty"
    assert problem_with(Threshold.objects.all()[0], ["label"]) is None


@pytest.mark.django_db
def test_reading_all_rows_takes_two_queries_a_table(
    small: Formulary, django_assert_max_num_queries: Any
) -> None:
    store(small)
    with django_assert_max_num_queries(2 * len(list(all_shapes())) + 1):
        working_formulary()
