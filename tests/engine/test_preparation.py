"""Vials, bags, bottles, pumps and tablets: every figure typed by hand."""

from decimal import Decimal
from fractions import Fraction as F
from itertools import combinations_with_replacement
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.engine import decode
from dosing.engine.dose import TabletsCannot
from dosing.engine.formulary import DOSES_PER_DAY, DoseRow, DoseTable
from dosing.engine.handling import BottlePreparation, OralPreparation, VialPreparation
from dosing.engine.preparation import (
    BottleInfusion,
    OralDose,
    by_mouth,
    choose_bottles,
    doses_on_a_day,
    from_bottle,
    hydration_for,
    in_bag,
    infusion_rate,
    least_minutes,
)
from tests.engine.formularies import BOTTLE, ORAL, VIAL, bands, laws, table

GANCICLOVIR = decode(VialPreparation, VIAL)
FOSCARNET = decode(BottlePreparation, BOTTLE)
ORALLY = decode(OralPreparation, ORAL)


# Vials and bags


@pytest.mark.parametrize(
    ("mg", "vials", "ml", "bag", "total", "rate", "alternatives"),
    [
        ("475", 1, "9.5", "100", "109.5", "109.5", ["50"]),
        ("500", 1, "10", "100", "110", "110", ["50"]),
        ("501", 2, "10.02", "100", "110.02", "110", []),
        ("1000", 2, "20", "100", "120", "120", []),
        ("1001", 3, "20.02", "250", "270.02", "270", []),
        ("1750", 4, "35", "250", "285", "285", []),
        ("38", 1, "0.76", "100", "100.76", "100.7", ["50"]),
    ],
)
def test_a_dose_in_a_bag(
    mg: str, vials: int, ml: str, bag: str, total: str, rate: str, alternatives: list[str]
) -> None:
    """50 mg/mL; what runs is the bag and the drug; mL/h down to 0.1."""
    made = in_bag(GANCICLOVIR, F(mg))
    assert (made.vials, made.volume_ml, made.minutes) == (vials, F(ml), 60)
    assert (made.bag.bag_ml, made.bag.total_ml, made.bag.rate_ml_h) == (F(bag), F(total), F(rate))
    assert made.bag.concentration_mg_ml == F(mg) / F(total)
    assert [one.bag_ml for one in made.alternatives] == [F(size) for size in alternatives]


@pytest.mark.parametrize(
    ("mg", "bags", "ml", "discard", "rate"),
    [
        ("475", 1, "237.5", "12.5", "237.5"),
        ("500", 1, "250", "0", "250"),
        ("505", 2, "252.5", "247.5", "252.5"),
        ("38", 1, "19", "231", "19"),
    ],
)
def test_the_same_dose_from_ready_mixed_bags(
    mg: str, bags: int, ml: str, discard: str, rate: str
) -> None:
    premixed = in_bag(GANCICLOVIR, F(mg)).premixed
    assert premixed is not None
    assert (premixed.bags, premixed.volume_ml) == (bags, F(ml))
    assert (premixed.discard_ml, premixed.rate_ml_h) == (F(discard), F(rate))


def test_content_without_a_ready_mixed_bag_offers_none() -> None:
    plain = {key: item for key, item in VIAL.items() if not key.startswith("premixed")}
    assert in_bag(decode(VialPreparation, plain), F(475)).premixed is None


# Bottles


def infusion(
    mg: str, kg: str, per_kg: str, frequency: str, course: str = "induction", **more: Any
) -> BottleInfusion:
    rows = bands([], [(per_kg, frequency)])
    dose_table = decode(DoseTable, table("t", rows, course=course, measure="mL/min/kg"))
    (row,) = dose_table.rows
    settings = {"peripheral": False, "first": True} | more
    return from_bottle(FOSCARNET, dose_table, row, F(mg), F(kg), **settings)


def test_man_of_70_kg_by_a_peripheral_line() -> None:
    """70 mg/kg × 70 kg: 204.2 mL and as much diluent, 45.8 mL to discard, 49 mmol of sodium."""
    made = infusion("4900", "70", "70", "q12h", peripheral=True)
    assert (made.volume_ml, made.diluent_ml, made.total_ml) == (F("204.2"), F("204.2"), F("408.4"))
    assert (made.bottles, made.discard_ml) == (((Decimal(250), 1),), F("45.8"))
    assert (made.minutes, made.rate_ml_h) == (120, F("204.2"))
    assert made.sodium_mmol == 49
    assert made.first_hydration == (Decimal(750), Decimal(1000))
    assert made.hydration is not None
    assert (made.hydration.ml_min, made.hydration.ml_max) == (Decimal(750), Decimal(1000))
    # twice (408.4 + 750 to 1,000); twice (49 + 0.154 × (204.2 + 750 to 1,000))
    assert made.day_ml == (F("2316.8"), F("2816.8"))
    assert made.day_sodium_mmol == (F("391.8936"), F("468.8936"))


def test_a_central_line_is_not_diluted() -> None:
    made = infusion("4900", "70", "70", "q12h", first=False)
    assert (made.volume_ml, made.diluent_ml, made.total_ml) == (F("204.2"), F(0), F("204.2"))
    assert made.rate_ml_h == F("102.1")
    assert made.first_hydration is None


@pytest.mark.parametrize(
    ("mg", "kg", "per_kg", "course", "minutes", "rate"),
    [
        ("5100", "42.3", "120", "maintenance", 121, "105.3"),  # 120.57 min, up to a whole minute
        ("4250", "70.5", "60", "induction", 61, "174.1"),  # 60.28
        ("4200", "70", "60", "induction", 60, "175"),  # exactly 1 mg/kg/min
        ("4210", "70", "60", "induction", 61, "172.5"),
        ("4200", "70", "60", "maintenance", 120, "87.5"),
        ("4270", "70", "61", "induction", 120, "88.9"),
        ("2800", "70", "40", "induction", 60, "116.7"),
    ],
)
def test_minutes_and_rate(
    mg: str, kg: str, per_kg: str, course: str, minutes: int, rate: str
) -> None:
    made = infusion(mg, kg, per_kg, "q24h", course)
    assert (made.minutes, made.rate_ml_h) == (minutes, F(rate))
    assert F(mg) / made.minutes / F(kg) <= 1


@pytest.mark.parametrize(
    ("per_kg", "course", "minutes"),
    [
        ("60", "induction", 60),
        ("60.1", "induction", 120),
        ("90", "induction", 120),
        ("50", "maintenance", 120),
    ],
)
def test_the_least_minutes_follow_the_table_s_figure(
    per_kg: str, course: str, minutes: int
) -> None:
    dose_table = decode(DoseTable, table("t", bands([], [(per_kg, "q24h")]), course=course))
    assert least_minutes(FOSCARNET, dose_table, Decimal(per_kg)) == minutes


@pytest.mark.parametrize(
    ("ml", "sizes", "bottles"),
    [
        ("204.2", ["250"], [("250", 1)]),
        ("250", ["250"], [("250", 1)]),
        ("250.1", ["250"], [("250", 2)]),
        ("437.5", ["250"], [("250", 2)]),
        ("500.1", ["250"], [("250", 3)]),
        # fewest bottles, then least waste
        ("204.2", ["250", "500"], [("250", 1)]),
        ("437.5", ["250", "500"], [("500", 1)]),
        ("500.1", ["250", "500"], [("500", 1), ("250", 1)]),
        ("750", ["250", "500"], [("500", 1), ("250", 1)]),
        ("750.1", ["250", "500"], [("500", 2)]),
        ("1000.1", ["500", "250"], [("500", 2), ("250", 1)]),
        # two of 300 waste less than 500 and 300
        ("550", ["300", "500"], [("300", 2)]),
    ],
)
def test_bottles(ml: str, sizes: list[str], bottles: list[tuple[str, int]]) -> None:
    stocked = decode(BottlePreparation, BOTTLE | {"bottles_ml": sizes})
    assert choose_bottles(stocked, F(ml)) == tuple((Decimal(size), n) for size, n in bottles)


@laws(150)
@given(st.sets(st.sampled_from([100, 250, 300, 500]), min_size=1), st.integers(1, 15_000))
def test_bottles_against_every_other_choice(sizes: set[int], tenths: int) -> None:
    volume = F(tenths, 10)
    stocked = decode(BottlePreparation, BOTTLE | {"bottles_ml": sorted(sizes)})
    chosen = choose_bottles(stocked, volume)
    count = sum(n for _, n in chosen)
    held = sum(int(size) * n for size, n in chosen)
    assert held >= volume
    assert count == 1 or max(sizes) * (count - 1) < volume
    others = [sum(some) for some in combinations_with_replacement(sizes, count)]
    assert held == min(other for other in others if other >= volume)


@pytest.mark.parametrize(
    ("per_kg", "ml"), [("60", "500"), ("61", "750"), ("90", "750"), ("40", "500"), ("120", "750")]
)
def test_hydration_by_the_table_s_figure(per_kg: str, ml: str) -> None:
    row = hydration_for(FOSCARNET, Decimal(per_kg))
    assert row is not None
    assert row.ml_min == Decimal(ml)
    assert hydration_for(FOSCARNET, Decimal("120.1")) is None


def test_fluid_and_sodium_are_those_of_a_day_on_which_it_is_given() -> None:
    once = infusion("5100", "42.3", "120", "q48h", "maintenance")
    assert once.day_ml == (F("962.5"), F("1212.5"))
    assert once.sodium_mmol == 51
    assert once.day_sodium_mmol == (F("166.5"), F("205"))
    thrice = infusion("4200", "70", "60", "q8h")
    assert thrice.day_ml == (F(2025), F(2025))
    assert thrice.sodium_mmol == 42
    assert thrice.day_sodium_mmol == (F(357), F(357))
    assert doses_on_a_day("q48h") == doses_on_a_day("2/week") == 1
    assert set(map(doses_on_a_day, DOSES_PER_DAY)) == {1, 2, 3}


def test_sodium_is_worked_from_the_dose_and_the_rest_from_the_shown_volume() -> None:
    """4,250 mg is 177.083 mL, shown as 177.1; sodium stays 42.5 mmol."""
    made = infusion("4250", "70.5", "60", "q8h")
    assert (made.volume_ml, made.discard_ml, made.sodium_mmol) == (F("177.1"), F("72.9"), F("42.5"))
    tie = infusion("4950", "82.5", "60", "q8h")  # 206.25 mL: the tie goes up
    assert tie.volume_ml == F("206.3")


@pytest.mark.parametrize(
    ("ml", "minutes", "rate"),
    [("109.5", 60, "109.5"), ("212.5", 121, "105.3"), ("1", 60, "1"), ("0.1", 61, "0")],
)
def test_a_rate_is_rounded_down(ml: str, minutes: int, rate: str) -> None:
    assert infusion_rate(F(ml), minutes) == F(rate)


# By mouth


@pytest.mark.parametrize(
    ("mg", "formulation", "expected"),
    [
        ("900", "tablet", OralDose(tablets=2)),
        ("450", "tablet", OralDose(tablets=1)),
        ("475", "tablet", None),
        ("225", "tablet", None),
        ("775", "oral_solution", OralDose(volume_ml=F("15.5"))),
        ("900", "oral_solution", OralDose(volume_ml=F(18))),
    ],
)
def test_by_mouth(mg: str, formulation: str, expected: OralDose | None) -> None:
    assert by_mouth(ORALLY, F(mg), formulation) == expected


def test_the_refusal_of_tablets_keeps_the_exact_dose() -> None:
    assert TabletsCannot(F("778.7"), ORALLY).exact_mg == F("778.7")


def test_a_row_refuses_to_be_half_a_dose() -> None:
    rows: list[tuple[dict[str, Any], str]] = [
        ({"low": Decimal(0), "dialysis": "peritoneal", "advice": "a"}, "a band, a dialysis row or"),
        ({"low": Decimal(0), "taking": "nsaid", "advice": "a"}, "a band, a dialysis row or"),
        ({"taking": "aspirin", "advice": "a"}, "unknown medicine"),
        ({"region": "us", "advice": "a"}, "a region belongs to a medicine"),
        ({"taking": "nsaid", "region": "uk", "advice": "a"}, "region must be one of"),
        ({"low": Decimal(5), "high": Decimal(5), "advice": "a"}, "is empty"),
        ({"low": Decimal(0)}, "needs advice"),
        ({"low": Decimal(0), "amount": Decimal(0), "frequency": "q8h"}, "above 0"),
        ({"low": Decimal(0), "amount": Decimal(1), "frequency": "8-hourly"}, "unknown frequency"),
    ]
    for row, sentence in rows:
        with pytest.raises(ValueError, match=sentence):
            DoseRow(**row, sources=("s",))
