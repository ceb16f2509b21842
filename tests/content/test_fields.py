"""Numbers come back from the database with the digits they were written with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from dosing.models import Rhythm
from dosing.models.fields import ExactDecimalField, ExactDecimalsField, WholeNumbersField
from dosing.models.handling import Rounding

DIGITS = ["0", "1", "1.0", "1.00", "0.625", "1350", "123456789.123456789"]


@pytest.mark.parametrize("text", DIGITS)
def test_an_exact_number_keeps_its_digits_in_the_database(rows: Any, text: str) -> None:
    Rounding.objects.update(max_change_percent=Decimal(text))
    assert {str(row.max_change_percent) for row in Rounding.objects.all()} == {text}


def test_a_list_of_exact_numbers_keeps_digits_and_order(rows: Any) -> None:
    Rounding.objects.update(steps_mg=(Decimal("5.0"), Decimal("10"), Decimal("0.5")))
    assert [str(step) for step in Rounding.objects.all()[0].steps_mg] == ["5.0", "10", "0.5"]


def test_a_list_of_days_keeps_its_order_and_may_be_empty(rows: Any) -> None:
    Rhythm.objects.filter(slug="once").update(fixed_days=(1, 8, 3))
    assert Rhythm.objects.get(slug="once").fixed_days == (1, 8, 3)
    assert Rhythm.objects.get(slug="weekly").fixed_days == ()


@pytest.mark.parametrize(
    "text", ["-1", "+1", "1e3", "NaN", "Infinity", "1 000", "1.", ".5", "\uff15", "0x1"]
)
@pytest.mark.parametrize("field", [ExactDecimalField(), ExactDecimalsField(), WholeNumbersField()])
def test_anything_but_plain_digits_is_refused(field: Any, text: str) -> None:
    with pytest.raises(ValidationError, match="number"):
        field.read(text)


def test_a_decimal_comma_is_refused_where_one_number_stands() -> None:
    with pytest.raises(ValidationError, match="with a point where needed"):
        ExactDecimalField().read("1,5")


def test_a_number_that_is_no_plain_number_cannot_be_saved_past_the_form(rows: Any) -> None:
    with pytest.raises(ValidationError):
        Rounding.objects.update(max_change_percent=Decimal("NaN"))
    with pytest.raises(ValidationError):
        Rounding.objects.update(max_change_percent="5 %")


@pytest.mark.parametrize(("initial", "typed"), [("5", "5.0"), ("5.0", "5"), ("5", "50")])
def test_a_form_notices_changed_digits(initial: str, typed: str) -> None:
    field = ExactDecimalField().formfield()
    assert field.has_changed(Decimal(initial), typed)
    assert not field.has_changed(Decimal(initial), initial)
    assert not field.has_changed(Decimal(initial), f" {initial} ")


def test_a_form_shows_the_digits_as_written() -> None:
    assert ExactDecimalField().formfield().prepare_value(Decimal("1.0")) == "1.0"
    shown = ExactDecimalsField().formfield().prepare_value((Decimal("50"), Decimal("2.5")))
    assert shown == "50, 2.5"
