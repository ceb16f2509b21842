"""How numbers are written, for machines and for people."""

from decimal import Decimal
from fractions import Fraction

import pytest

from dosing.presenters.numbers import (
    amount,
    at_most,
    clearance,
    fixed,
    grouped,
    number,
    plain,
    span,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("475.0"), "475"),
        (Decimal("0.625"), "0.625"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(945, 2), "472.5"),
        (Fraction(1, 2**20), "0.00000095367431640625"),
        (Decimal("1E+3"), "1000"),
        (0, "0"),
    ],
)
def test_plain_is_exact_or_six_places(value: Fraction, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("2.5"), 0, "3"),  # half up, not to even
        (Decimal("-2.5"), 0, "-3"),
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("-0.004"), 2, "0"),  # never -0
        (Decimal("69.99995"), 4, "70"),
    ],
)
def test_at_most_rounds_half_up_and_trims(value: Decimal, places: int, text: str) -> None:
    assert at_most(value, places) == text


def test_fixed_keeps_its_places() -> None:
    assert fixed(70, 4) == "70.0000"
    assert fixed(Decimal("69.99995"), 4) == "70.0000"


@pytest.mark.parametrize(
    ("text", "read"),
    [("999", "999"), ("1350", "1,350"), ("-1350.5", "-1,350.5"), ("1234567", "1,234,567")],
)
def test_a_comma_every_three_digits(text: str, read: str) -> None:
    assert grouped(text) == read


def test_a_number_keeps_its_unit() -> None:
    assert amount(1350, "mg") == "1,350\u00a0mg"
    assert number(Decimal("0.50")) == "0.5"
    assert span(750, 1000, "mL") == "750 to 1,000\u00a0mL"
    assert span(500, 500, "mL") == "500\u00a0mL"


def test_a_clearance_is_whole_or_has_two_decimals() -> None:
    assert clearance(Decimal("69.6"), "mL/min") == "70\u00a0mL/min"
    assert clearance(Decimal("1.4"), "mL/min/kg") == "1.40\u00a0mL/min/kg"
