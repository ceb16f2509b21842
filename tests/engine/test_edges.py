"""Near an edge: how far, what is on the other side, and the creatinine that crosses it."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.engine import Formulary, PatientFacts, Plan, make_plan
from dosing.engine.edges import Edge, near_edges, printed
from dosing.engine.patient import Creatinine
from dosing.engine.renal import estimate
from tests.engine.formularies import (
    TODAY,
    bands,
    bottle_drug,
    formulary,
    laws,
    phase,
    regimen,
    table,
    vial_drug,
)

DOSES = [("5", "q12h"), ("2.5", "q12h"), None]
PER_KG = [("90", "q12h"), ("70", "q12h"), None]
FACTS = PatientFacts(
    assessed_on=TODAY, sex="male", age_years=Decimal(68), weight_kg=Decimal("70.0")
)


def content(above: bool, per_kg: bool = False) -> Formulary:
    """Edges 70 and 50 mL/min, or 1.4 and 1.0 mL/min/kg; `above`: the band above owns its edge."""
    if per_kg:
        rows = bands(["1.4", "1.0"], PER_KG, above)
        drug = bottle_drug("drug", [table("t", rows, measure="mL/min/kg")])
    else:
        rows = bands(["70", "50"], DOSES, above)
        drug = vial_drug("drug", [table("t", rows)], near_edge_caution_percent="3")
    return formulary([drug], [regimen("r", [phase("drug", "t", "course", 14, 21, 21)])])


ABOVE, BELOW = content(True), content(False)
PER_KG_ABOVE, PER_KG_BELOW = content(True, per_kg=True), content(False, per_kg=True)


def edges(made: Formulary, **facts: Any) -> tuple[Edge, ...]:
    patient = replace(FACTS, **facts)
    kidneys = estimate(patient, None)
    assert kidneys is not None
    drug = made.drugs["drug"]
    return near_edges(patient, kidneys, drug, drug.tables["t"])


def plan(made: Formulary, **facts: Any) -> Plan:
    return make_plan(replace(FACTS, **facts), made.regimens["r"], made, start=TODAY)


def band(made: Formulary, **facts: Any) -> str:
    row = plan(made, **facts).orders[0].row
    assert row is not None
    return row.interval


def level(made: Formulary, **facts: Any) -> str | None:
    found = {one.code: one.level for one in plan(made, **facts).findings}
    return found.get("near-band-edge")


# Which band


@pytest.mark.parametrize(
    ("clearance", "above", "below"),
    [
        ("70", "[70, ∞)", "(50, 70]"),
        ("69.9999", "[50, 70)", "(50, 70]"),
        ("70.0001", "[70, ∞)", "(70, ∞)"),
        ("69.6", "[50, 70)", "(50, 70]"),
        ("50", "[50, 70)", "[0, 50]"),
        ("49.9999", "[0, 50)", "[0, 50]"),
        ("50.0001", "[50, 70)", "(50, 70]"),
    ],
)
def test_the_band_by_the_owner_of_the_edge(clearance: str, above: str, below: str) -> None:
    assert band(ABOVE, crcl_ml_min=Decimal(clearance)) == above
    assert band(BELOW, crcl_ml_min=Decimal(clearance)) == below


@pytest.mark.parametrize(("value", "unit"), [("2.1", "mg/dL"), ("185.64", "umol/L")])
def test_an_edge_reached_exactly_through_a_creatinine(value: str, unit: str) -> None:
    """28 y, male, 94.5 kg, 2.1 mg/dL or 185.64 µmol/L is exactly 70 mL/min."""
    facts = {
        "age_years": Decimal(28),
        "weight_kg": Decimal("94.5"),
        "creatinine": Creatinine(Decimal(value), unit),
    }
    assert band(ABOVE, **facts) == "[70, ∞)"
    assert band(BELOW, **facts) == "(50, 70]"


# How near


@pytest.mark.parametrize(
    ("clearance", "found"),
    [
        ("77", ["70"]),  # exactly a tenth of the edge: inclusive
        ("77.0001", []),
        ("63", ["70"]),
        ("62.9999", []),
        ("55", ["50"]),
        ("55.0001", []),
        ("70", ["70"]),
        ("150", []),
    ],
)
def test_a_tenth_of_the_edge_is_near(clearance: str, found: list[str]) -> None:
    near = edges(ABOVE, crcl_ml_min=Decimal(clearance))
    assert [str(edge.edge) for edge in near] == found


def test_several_edges_the_nearest_first() -> None:
    close = formulary(
        [vial_drug("drug", [table("t", bands(["70", "64"], DOSES))])],
        [regimen("r", [phase("drug", "t", "course", 14, 21, 21)])],
    )
    near = edges(close, crcl_ml_min=Decimal(66))
    assert [(str(edge.edge), edge.upward, edge.distance) for edge in near] == [
        ("64", False, F(2)),
        ("70", True, F(4)),
    ]
    assert [edge.other.interval for edge in near] == ["[0, 64)", "[70, ∞)"]


@pytest.mark.parametrize(
    ("clearance", "changing", "expected"),
    [
        ("72.1", False, "caution"),  # exactly 3 % of 70
        ("72.1001", False, "note"),
        ("67.9", False, "caution"),
        ("67.8999", False, "note"),
        ("77", False, "note"),
        ("77", True, "caution"),
        ("77.0001", True, None),
        ("51.5", False, "caution"),
        ("49.9", False, None),  # stopped: never on a stopped order
    ],
)
def test_the_level(clearance: str, changing: bool, expected: str | None) -> None:
    conditions = {"kidney_function_changing": changing}
    assert level(ABOVE, crcl_ml_min=Decimal(clearance), conditions=conditions) == expected


def test_without_a_caution_percentage_it_is_always_a_note() -> None:
    conditions = {"kidney_function_changing": True}
    assert level(PER_KG_ABOVE, crcl_ml_min=Decimal("98.1"), conditions=conditions) == "note"


def test_on_dialysis_nothing_is_near() -> None:
    rows = bands(["70"], DOSES[:2])
    rows.append({"dialysis": "haemodialysis", "amount": "1.25", "frequency": "weekly"})
    rows[-1]["sources"] = ["print"]
    made = formulary(
        [vial_drug("drug", [table("t", rows)])],
        [regimen("r", [phase("drug", "t", "course", 14, 21, 21)])],
    )
    assert level(made, dialysis="haemodialysis", crcl_ml_min=Decimal(70)) is None


# The creatinine that crosses it. 68 y, male, 70 kg: clearance = 70 ÷ creatinine in mg/dL.


@pytest.mark.parametrize(
    ("made", "value", "unit", "upward", "creatinine"),
    [
        # the band above owns 70: at 1.00 mg/dL it is exactly reached
        (ABOVE, "1.05", "mg/dL", True, "1.00"),
        (ABOVE, "1.01", "mg/dL", True, "1.00"),
        (ABOVE, "1.00", "mg/dL", False, "1.01"),  # 1.00 is still above
        (ABOVE, "0.95", "mg/dL", False, "1.01"),
        (ABOVE, "92", "umol/L", True, "88"),  # 88.4 is the edge
        (ABOVE, "88", "umol/L", False, "89"),
        (ABOVE, "88.4", "umol/L", False, "89"),
        # the band below owns 70: 1.00 still lies below
        (BELOW, "1.05", "mg/dL", True, "0.99"),
        (BELOW, "1.00", "mg/dL", True, "0.99"),
        (BELOW, "0.95", "mg/dL", False, "1.00"),
        (BELOW, "0.99", "mg/dL", False, "1.00"),
        (BELOW, "92", "umol/L", True, "88"),
        (BELOW, "88.4", "umol/L", True, "88"),
        (BELOW, "86", "umol/L", False, "89"),
        # an edge between two reportable values: 50 mL/min is 1.4 mg/dL or 123.76 µmol/L
        (ABOVE, "1.35", "mg/dL", False, "1.41"),
        (BELOW, "1.35", "mg/dL", False, "1.40"),
        (ABOVE, "120", "umol/L", False, "124"),
        (BELOW, "120", "umol/L", False, "124"),
        # per kg: clearance = 1 ÷ creatinine; 1.0 mL/min/kg is 1.00 mg/dL
        (PER_KG_ABOVE, "1.00", "mg/dL", False, "1.01"),
        (PER_KG_ABOVE, "0.95", "mg/dL", False, "1.01"),
        (PER_KG_BELOW, "0.95", "mg/dL", False, "1.00"),
        (PER_KG_ABOVE, "0.70", "mg/dL", False, "0.72"),  # 1.4 is 0.714
        (PER_KG_BELOW, "0.73", "mg/dL", True, "0.71"),
        (PER_KG_BELOW, "84", "umol/L", False, "89"),
    ],
)
def test_the_creatinine_that_crosses(
    made: Formulary, value: str, unit: str, upward: bool, creatinine: str
) -> None:
    near = edges(made, creatinine=Creatinine(Decimal(value), unit))
    assert near[0].upward is upward
    assert near[0].creatinine == F(creatinine)


def test_an_entered_clearance_has_no_creatinine_to_name() -> None:
    assert [edge.creatinine for edge in edges(ABOVE, crcl_ml_min=Decimal(71))] == [None]


@laws(150)
@given(
    st.sampled_from([ABOVE, BELOW, PER_KG_ABOVE, PER_KG_BELOW]),
    st.integers(18, 95),
    st.integers(500, 1500),
    st.sampled_from(["female", "male"]),
    st.sampled_from(["mg/dL", "umol/L"]),
    st.integers(-6, 6),
)
def test_the_creatinine_named_lies_across_and_the_one_before_it_does_not(
    made: Formulary, age: int, decigrams: int, sex: str, unit: str, beside: int
) -> None:
    facts = {"age_years": Decimal(age), "weight_kg": Decimal(decigrams) / 10, "sex": sex}
    step = Decimal("0.01") if unit == "mg/dL" else Decimal(1)
    # The creatinine at the upper edge, give or take a few steps of the laboratory.
    per_mg_dl = F(140 - age, 72) * (F(85, 100) if sex == "female" else 1)
    at_edge = per_mg_dl * F(decigrams, 700) if made in (ABOVE, BELOW) else per_mg_dl / F(7, 5)
    if unit == "umol/L":
        at_edge *= F(884, 10)
    value = max(round(at_edge / F(step)) + beside, 10) * step
    today = band(made, creatinine=Creatinine(value, unit), **facts)
    near = edges(made, creatinine=Creatinine(value, unit), **facts)
    assert near or abs(beside) > 1
    for edge in near:
        assert edge.creatinine is not None
        named = Decimal(round(edge.creatinine / F(step))) * step
        assert F(named) == edge.creatinine
        back = step if edge.upward else -step
        assert band(made, creatinine=Creatinine(named, unit), **facts) == edge.other.interval
        assert band(made, creatinine=Creatinine(named + back, unit), **facts) == today


# Printed and meant


@pytest.mark.parametrize(
    ("clearance", "measure", "shown"),
    [
        ("69.5", "mL/min", "70"),
        ("69.4999", "mL/min", "69"),
        ("70.5", "mL/min", "71"),  # half-even would print 70
        ("1.395", "mL/min/kg", "1.4"),
        ("1.405", "mL/min/kg", "1.41"),
        ("0.3949", "mL/min/kg", "0.39"),
    ],
)
def test_a_clearance_as_printed(clearance: str, measure: str, shown: str) -> None:
    assert printed(F(clearance), measure) == F(shown)


@pytest.mark.parametrize(
    ("made", "clearance", "differs"),
    [
        (ABOVE, "69.6", True),
        (ABOVE, "69.4", False),
        (ABOVE, "70", False),
        (BELOW, "70.4", True),  # prints as 70, which the band below owns
        (BELOW, "69.6", False),
        (BELOW, "70", False),
        (ABOVE, "49.5", True),  # also on a stopped order
        (PER_KG_BELOW, "98.1", True),  # 1.4014 prints as 1.40
        (PER_KG_BELOW, "98", False),
    ],
)
def test_the_note_that_print_and_band_differ(
    made: Formulary, clearance: str, differs: bool
) -> None:
    codes = [one.code for one in plan(made, crcl_ml_min=Decimal(clearance)).findings]
    assert ("display-and-band-differ" in codes) is differs
