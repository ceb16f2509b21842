"""Exact conversions and the three ways to round, with every result typed by hand."""

from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.engine import units
from dosing.engine.body_size import (
    adjusted_weight,
    body_mass_index,
    body_surface_area,
    ideal_weight,
    weights,
)
from dosing.engine.patient import Creatinine, PatientFacts
from dosing.engine.renal import clearance_per_kg, cockcroft_gault, schwartz
from tests.engine.formularies import TODAY, laws


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        # ties always go up; half-even would give 0, 2, 2, 470
        ("0.5", "1", "1"),
        ("1.5", "1", "2"),
        ("2.5", "1", "3"),
        ("472.5", "5", "475"),
        ("467.5", "5", "470"),
        ("477.5", "5", "480"),
        ("12.5", "25", "25"),
        ("37.5", "25", "50"),
        ("62.5", "25", "75"),
        ("0.05", "0.1", "0.1"),
        ("0.15", "0.1", "0.2"),
        ("0.25", "0.1", "0.3"),
        ("69.5", "1", "70"),
        ("69.4999999999", "1", "69"),
        ("2.4999999999999999999999", "1", "2"),
        ("0", "5", "0"),
    ],
)
def test_half_up(value: str, step: str, expected: str) -> None:
    assert units.half_up(F(value), F(step)) == F(expected)


@pytest.mark.parametrize(
    ("value", "step", "below", "above"),
    [
        ("38.75", "1", "38", "39"),
        ("38.75", "5", "35", "40"),
        ("40", "5", "40", "40"),
        ("105.299", "0.1", "105.2", "105.3"),
        ("0.6", "1", "0", "1"),
        ("60.0000001", "1", "60", "61"),
    ],
)
def test_down_and_up(value: str, step: str, below: str, above: str) -> None:
    assert units.down(F(value), F(step)) == F(below)
    assert units.up(F(value), F(step)) == F(above)


@laws(200)
@given(st.fractions(0, 10_000), st.sampled_from([F(1), F(5), F(1, 10), F(25)]))
def test_rounding_lands_on_the_step_and_no_further_than_it_may(value: F, step: F) -> None:
    below, nearest, above = (one(value, step) for one in (units.down, units.half_up, units.up))
    assert below <= value <= above
    assert above - below in (0, step)
    assert nearest in (below, above)
    assert -step / 2 < nearest - value <= step / 2


def test_no_binary_fraction_can_come_in() -> None:
    """0.1 × 3 is 0.3 here."""
    assert units.TO_GIGA_PER_LITRE["/uL"] * 900 == Decimal("0.9")
    assert F(units.KG_PER_LB) * 100 == F("45.359237")
    assert F(units.CM_PER_INCH) * 60 == F("152.4")
    assert units.TO_G_PER_LITRE["g/dL"] * Decimal("8.1") == Decimal(81)


@pytest.mark.parametrize(
    ("value", "unit", "mg_dl"),
    [
        ("88.4", "umol/L", "1"),
        ("185.64", "umol/L", "2.1"),
        ("8.84", "umol/L", "0.1"),
        ("1768", "umol/L", "20"),
        ("2.1", "mg/dL", "2.1"),
        ("84", "umol/L", "210/221"),
    ],
)
def test_creatinine_in_mg_dl_is_exact(value: str, unit: str, mg_dl: str) -> None:
    assert Creatinine(Decimal(value), unit).mg_dl == F(mg_dl)


@pytest.mark.parametrize(
    ("value", "root"), [("0", "0"), ("4", "2"), ("2.25", "1.5"), ("1/9", "1/3"), ("0.55", None)]
)
def test_square_root(value: str, root: str | None) -> None:
    found = units.square_root(F(value))
    if root is not None:
        assert found == F(root)
    else:
        assert found**2 < F(value) < (found + F(1, 10**60)) ** 2


# The equations, by hand


def test_cockcroft_gault_of_the_first_case_is_exactly_70() -> None:
    """28 y, male, 94.5 kg, 2.1 mg/dL: 112 × 94.5 ÷ 151.2."""
    assert cockcroft_gault(F(28), F("94.5"), F("2.1"), "male") == 70
    assert cockcroft_gault(F(28), F("94.5"), F("2.1"), "female") == F("59.5")
    through_umol = Creatinine(Decimal("185.64"), "umol/L").mg_dl
    assert cockcroft_gault(F(28), F("94.5"), through_umol, "male") == 70


def test_clearance_per_kg_has_no_weight_in_it() -> None:
    """40 y, male, 1.0 mg/dL: 100 ÷ 72."""
    assert clearance_per_kg(F(40), F(1), "male") == F(25, 18)
    assert clearance_per_kg(F(40), F(1), "female") == F(85, 72)


def test_the_child_clearance_and_body_surface() -> None:
    """Boy of 5, 110 cm, 18 kg, 0.4 mg/dL: 0.55 × 110 ÷ 0.4; root of 0.55."""
    assert schwartz(Decimal("0.55"), Decimal(110), F("0.4")) == F("151.25")
    assert str(float(body_surface_area(Decimal(110), Decimal(18))))[:10] == "0.74161984"
    assert body_surface_area(Decimal(90), Decimal(10)) == F("0.5")


def test_body_sizes() -> None:
    assert ideal_weight(Decimal("152.4"), "male") == 50
    assert ideal_weight(Decimal("152.4"), "female") == F("45.5")
    assert ideal_weight(Decimal("177.8"), "male") == 73
    assert adjusted_weight(F(113), F(73)) == 89
    assert body_mass_index(Decimal(80), Decimal(200)) == 20


@pytest.mark.parametrize(
    ("height", "sex", "known"),
    [
        ("152.4", "male", {"actual", "ideal", "adjusted"}),
        ("152.39", "male", {"actual"}),
        ("170", None, {"actual"}),
        (None, "male", {"actual"}),
    ],
)
def test_ideal_and_adjusted_need_a_sex_and_60_inches(
    height: str | None, sex: str | None, known: set[str]
) -> None:
    cm = None if height is None else Decimal(height)
    facts = PatientFacts(assessed_on=TODAY, sex=sex, weight_kg=Decimal(60), height_cm=cm)
    assert weights(facts).keys() == known
    assert weights(PatientFacts(assessed_on=TODAY, sex=sex, height_cm=cm)) == {}
