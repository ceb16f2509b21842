"""From the exact dose to the measured one: content file §3, row by row."""

from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.engine import PatientFacts
from dosing.engine.dose import Dose, NotMeasurable, TabletsCannot, from_formula
from dosing.engine.formulary import Rounding
from dosing.engine.preparation import OralDose
from dosing.engine.renal import KidneyFunction
from dosing.engine.rounding import change_percent, round_dose
from tests.engine.formularies import PRINT, TODAY, formulary, laws, table, tablet_drug


def rule(*steps: str, most: str, downward: bool = False) -> Rounding:
    return Rounding(
        steps_mg=tuple(Decimal(step) for step in steps),
        max_change_percent=Decimal(most),
        downward=downward,
        sources=("s",),
    )


GANCICLOVIR = rule("5", "1", most="5")
AFTER_DIALYSIS = rule("5", "1", most="5", downward=True)
FOSCARNET = rule("50", "10", most="2.5")


@pytest.mark.parametrize(
    ("exact", "dose", "step"),
    [
        ("472.5", "475", "5"),  # the tie goes up; half-even would give 470
        ("467.5", "470", "5"),
        ("350", "350", "5"),
        ("52.4", "50", "5"),  # 4.58 %
        ("47.5", "48", "1"),  # 50 is 5.26 %; the tie goes up, half-even too
        ("47.62", "50", "5"),  # 4.998 %
        ("50", "50", "5"),
        ("42.5", "43", "1"),  # 45 is 5.88 %; 42.5 ties up to 43
        ("62.5", "65", "5"),  # 4 %
        ("12.5", "13", "1"),  # 15 is 20 %; half-even would give 12
        ("99.99", "100", "5"),
    ],
)
def test_ganciclovir_to_5_mg_else_to_1_mg(exact: str, dose: str, step: str) -> None:
    rounded = round_dose(F(exact), GANCICLOVIR)
    assert (rounded.dose_mg, rounded.step_mg) == (F(dose), F(step))
    assert not rounded.over_limit


def test_the_largest_change_is_inclusive() -> None:
    """100 → 105 is exactly 5 %."""
    wide = rule("105", "1", most="5")
    assert round_dose(F(100), wide).dose_mg == 105
    assert round_dose(F(100) - F(1, 10**12), wide).dose_mg == 100
    at_limit = round_dose(F(100), wide)
    assert at_limit.change_percent == 5
    assert not at_limit.over_limit


@pytest.mark.parametrize(
    ("exact", "dose", "over"),
    [
        ("38.75", "38", False),  # 62 kg: 35 is 9.7 %, 38 is 1.9 %
        ("77.5", "75", False),  # 3.2 %
        ("31.25", "30", False),  # 4 %
        ("13.94", "13", True),  # 6.7 %: the label's maximum is never passed
        ("12.5", "12", False),
        ("19.375", "19", False),
        ("20", "20", False),
        ("0.625", "0", True),
    ],
)
def test_after_haemodialysis_always_down(exact: str, dose: str, over: bool) -> None:
    rounded = round_dose(F(exact), AFTER_DIALYSIS)
    assert rounded.dose_mg == F(dose)
    assert rounded.over_limit is over
    assert rounded.change_percent <= 0


@pytest.mark.parametrize(
    ("exact", "dose", "step"),
    [
        ("4900", "4900", "50"),
        ("5076", "5100", "50"),  # 42.3 kg × 120
        ("4230", "4250", "50"),
        ("6325", "6350", "50"),  # the tie goes up
        ("1025", "1050", "50"),  # 2.44 %
        ("1024", "1000", "50"),  # 2.34 %
        ("975", "980", "10"),  # 1000 is 2.56 %: 10 mg steps, and the tie goes up
        ("1000", "1000", "50"),
        ("825", "830", "10"),
    ],
)
def test_foscarnet_to_50_mg_else_to_10_mg(exact: str, dose: str, step: str) -> None:
    rounded = round_dose(F(exact), FOSCARNET)
    assert (rounded.dose_mg, rounded.step_mg) == (F(dose), F(step))


@laws(200)
@given(
    st.fractions("0.1", 10_000),
    st.lists(st.sampled_from(["1", "2.5", "5", "10", "50"]), min_size=1, max_size=3),
    st.sampled_from(["0.5", "2.5", "5"]),
    st.booleans(),
)
def test_the_first_step_that_keeps_the_limit(
    exact: F, steps: list[str], most: str, downward: bool
) -> None:
    rounded = round_dose(exact, rule(*steps, most=most, downward=downward))
    tried = []
    for step in map(F, steps):
        below = exact // step * step
        tried.append(below + step if exact - below >= step / 2 and not downward else below)
    kept = [dose for dose in tried if abs(dose - exact) / exact <= F(most) / 100]
    assert rounded.dose_mg == (kept or tried[-1:])[0]
    assert rounded.over_limit is (not kept)


def test_where_no_step_keeps_the_limit_the_last_one_is_used_and_marked() -> None:
    rounded = round_dose(F("3.4"), GANCICLOVIR)
    assert (rounded.dose_mg, rounded.step_mg, rounded.over_limit) == (F(3), F(1), True)
    assert rounded.change_percent == F(-200, 17)


def test_tablets_are_not_rounded() -> None:
    rounded = round_dose(F(450), None)
    assert (rounded.dose_mg, rounded.change_percent, rounded.step_mg) == (F(450), F(0), None)


def test_the_change_is_signed() -> None:
    assert change_percent(F("472.5"), F(475)) == F(100, 189)
    assert change_percent(F(40), F(38)) == -5


# The child formula: 7 × BSA × clearance, capped, to 25 mg


def child(cap: str, clearance: str, formulation: str = "oral_solution") -> Dose:
    """BSA of exactly 1 m²: the dose is seven times the clearance, or the cap."""
    k_rows = [{"from_months": 0, "k": "0.5", "sources": PRINT}]
    formula = {"factor": "7", "clearance_cap": "150", "dose_cap_mg": cap, "k_rows": k_rows}
    ages = [{"from_months": 0, "sources": PRINT}]
    row = table("t", [], per_kg=False, ages=ages, formula=formula | {"sources": PRINT})
    del row["rows"]
    drug = formulary([tablet_drug("drug", [row])], []).drugs["drug"]
    kidneys = KidneyFunction(method="schwartz", bsa_m2=F(1), capped=F(clearance))
    facts = PatientFacts(assessed_on=TODAY, formulation=formulation)
    made = drug.tables["t"].formula
    assert made is not None
    return from_formula(facts, drug, made, kidneys)


@pytest.mark.parametrize(
    ("cap", "clearance", "exact", "dose"),
    [
        ("900", "100", "700", "700"),
        ("900", "101.8", "712.6", "725"),
        ("900", "12.5", "87.5", "100"),  # the tie goes up
        ("900", "8.9285", "62.4995", "50"),
        ("900", "5.3572", "37.5004", "50"),
        ("900", "128.5", "899.5", "900"),
        ("900", "150", "900", "900"),
        ("915", "150", "915", "915"),  # caps win over rounding: 925 would pass this one
        ("890", "150", "890", "890"),
    ],
)
def test_a_child_dose(cap: str, clearance: str, exact: str, dose: str) -> None:
    made = child(cap, clearance)
    assert (made.exact_mg, made.dose_mg) == (F(exact), F(dose))
    assert made.preparation == OralDose(volume_ml=F(dose) / 50)
    computed = F(clearance) * 7
    assert made.uncapped_mg == (computed if computed > F(cap) else None)


def test_a_child_dose_that_rounds_to_nothing() -> None:
    assert child("900", "1.7858").dose_mg == 25  # 12.5006 mg
    with pytest.raises(NotMeasurable):
        child("900", "1.7857")  # 12.4999 mg


@pytest.mark.parametrize(
    ("clearance", "tablets"),
    [("57.857142857142857143", 1), ("64", 1), ("70.714285714285714285", 1), ("150", 2)],
)
def test_a_child_dose_in_tablets(clearance: str, tablets: int) -> None:
    """405 to 495 mg exactly is one tablet; the highest dose is two."""
    made = child("900", clearance, "tablet")
    assert made.preparation == OralDose(tablets=tablets)
    assert made.dose_mg == 450 * tablets


@pytest.mark.parametrize("clearance", ["57.857142857142857142", "70.714285714285714286", "128.57"])
def test_a_child_dose_that_tablets_cannot_make(clearance: str) -> None:
    with pytest.raises(TabletsCannot) as caught:
        child("900", clearance, "tablet")
    assert caught.value.exact_mg == F(clearance) * 7
