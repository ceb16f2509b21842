"""Slips in how a dose is rounded, made up and given, typed as those of typing_slips.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dosing.models import BottlePreparation, VialPreparation

from .typing_slips import FAILS, READINESS, SAVE, Slip, drug

GANCICLOVIR = {"drug__slug": "ganciclovir"}


def vial(says: str, **own: Any) -> Slip:
    return Slip(VialPreparation, GANCICLOVIR, READINESS, says, own=own)


HANDLING_SLIPS: Mapping[str, Slip] = {
    "foscarnet rounded to 500 mg": drug(
        "foscarnet",
        READINESS,
        FAILS,
        ("roundings", {"dialysis": "False"}, {"steps_mg": "500", "max_change_percent": "25"}),
    ),
    "rounding up after haemodialysis": drug(
        "ganciclovir",
        READINESS,
        FAILS,
        ("roundings", {"dialysis": "True"}, {"downward": None}),
    ),
    "100 mg/mL for 10 as the strongest solution": drug(
        "ganciclovir",
        SAVE,
        "100 mg/mL",
        ("vial", {}, {"max_concentration_mg_ml": "100"}),
    ),
    "1 mg/mL for 10 as the strongest solution": drug(
        "ganciclovir",
        SAVE,
        "stronger than 1 mg/mL",
        ("vial", {}, {"max_concentration_mg_ml": "1"}),
    ),
    "2.4 mg/mL for 24": drug(
        "foscarnet",
        SAVE,
        "is no dilution of 2.4",
        ("bottle", {}, {"concentration_mg_ml": "2.4"}),
    ),
    "12 minutes for 120": Slip(
        BottlePreparation,
        {"drug__slug": "foscarnet"},
        SAVE,
        "minutes",
        (("times", {"course": "induction", "minutes": "120"}, {"minutes": "12"}),),
    ),
    "6 minutes for 60": Slip(
        BottlePreparation,
        {"drug__slug": "foscarnet"},
        SAVE,
        "mg/kg a minute",
        (("times", {"course": "induction", "minutes": "60"}, {"minutes": "6"}),),
    ),
    "0.1 mg/kg a minute for 1": drug(
        "foscarnet",
        SAVE,
        "mg/kg a minute",
        ("bottle", {}, {"max_mg_kg_min": "0.1"}),
    ),
    "7500 mL of fluid for 750": drug(
        "foscarnet",
        SAVE,
        "is no range",
        ("bottle", {}, {"first_hydration_ml_min": "7500"}),
    ),
    "a change by rounding of 25% for 2.5": drug(
        "foscarnet",
        READINESS,
        "Order 1: dose should be 920, but is 900.",
        ("roundings", {"dialysis": "False"}, {"max_change_percent": "25"}),
    ),
    "10 mg/kg a minute for 1": drug(
        "foscarnet",
        READINESS,
        "minutes of infusion should be 61, but is 60.",
        ("bottle", {}, {"max_mg_kg_min": "10"}),
    ),
    "6 minutes for 60 from a vial": vial(
        "minutes of infusion should be 60, but is 6.", minutes="6"
    ),
    "1 mL for 10 to make up a vial": vial("mL of the drug should be 9.5, but", diluent_ml="1"),
    "5,000 mg for 500 in a vial": vial("mL of the drug should be 9.5, but", vial_mg="5000"),
    "a bag of 1,000 mL for 100": Slip(
        VialPreparation,
        GANCICLOVIR,
        READINESS,
        "mL in all should be 109.5, but",
        (("bags", {"up_to_mg": "1000"}, {"ml": "1000"}),),
    ),
    "the bag of 100 mL up to 100 mg for 1,000": Slip(
        VialPreparation,
        GANCICLOVIR,
        READINESS,
        "mL in all should be 109.5, but is 259.5.",
        (("bags", {"up_to_mg": "1000"}, {"up_to_mg": "100"}),),
    ),
    "240 mg/mL for 24": drug(
        "foscarnet",
        READINESS,
        "mL of the drug should be 262.5, but is 26.3.",
        ("bottle", {}, {"concentration_mg_ml": "240"}),
    ),
    "1.2 mg/mL for 12 by a peripheral line": drug(
        "foscarnet",
        READINESS,
        "mL in all should be 525, but is 5250.",
        ("bottle", {}, {"peripheral_mg_ml": "1.2"}),
    ),
    "the solution 5 mg/mL for 50": drug(
        "valganciclovir",
        READINESS,
        "mL of the drug should be 15.5, but is 155.",
        ("oral", {}, {"solution_mg_ml": "5"}),
    ),
    "tablets of 20 mg for 200": drug(
        "maribavir",
        READINESS,
        "tablets should be 2, but is 20.",
        ("oral", {}, {"tablet_mg": "20"}),
    ),
    "10,000 mL of fluid for 1,000": drug(
        "foscarnet",
        SAVE,
        "10000 mL of fluid stands beside 500 mL",
        ("bottle", {}, {"first_hydration_ml_max": "10000"}),
    ),
    "5,000 mL of fluid for 500": Slip(
        BottlePreparation,
        {"drug__slug": "foscarnet"},
        SAVE,
        "5000 mL of fluid stands beside 500 mL",
        (("hydration", {"from_per_kg": "40"}, {"ml_max": "5000"}),),
    ),
}
