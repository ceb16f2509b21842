"""Slips of the kind that stand in public tables, typed into the pages of the shipped edition.

Where each is caught: "save", refused on the page, or "readiness", saved with a warning and in the
way of a release. `says` is in the sentence that names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models as db

from dosing.models import (
    ChildFormula,
    DoseTable,
    Drug,
    Regimen,
)

#: Inline, what the row says now, what is typed into it.
Typed = tuple[str, Mapping[str, str], Mapping[str, Any]]
DELETED: Mapping[str, Any] = {"DELETE": "on"}


@dataclass(frozen=True)
class Slip:
    """One page, what is typed there, and where and how it is caught."""

    model: type[db.Model]
    which: Mapping[str, str]
    caught: str
    says: str
    rows: tuple[Typed, ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)


def table(drug: str, slug: str, caught: str, says: str, *rows: Any, **own: Any) -> Slip:
    """A slip in a dose table: pairs of the row's low edge or dialysis, and what is typed."""
    typed = tuple(
        ("rows", {"low": which} if which[0].isdigit() else {"dialysis": which}, values)
        for which, values in rows
    )
    return Slip(DoseTable, {"drug__slug": drug, "slug": slug}, caught, says, typed, own)


def drug(slug: str, caught: str, says: str, *rows: Typed, **own: Any) -> Slip:
    return Slip(Drug, {"slug": slug}, caught, says, rows, own)


def regimen(slug: str, caught: str, says: str, *rows: Typed, **own: Any) -> Slip:
    return Slip(Regimen, {"slug": slug}, caught, says, rows, own)


SAVE, READINESS = "save", "readiness"
RISES = "though the clearance is lower"
FAILS = "Order 1: "

SLIPS: Mapping[str, Slip] = {
    # Figures
    "50 mg/kg for 5 in the highest band": table(
        "ganciclovir", "induction", READINESS, "dose should be", ("70", {"amount": "50"})
    ),
    "0.5 mg/kg for 5 in the highest band": table(
        "ganciclovir", "induction", SAVE, RISES, ("70", {"amount": "0.5"})
    ),
    "25 mg/kg for 2.5": table("ganciclovir", "induction", SAVE, RISES, ("50", {"amount": "25"})),
    "6.25 mg/kg for 0.625": table(
        "ganciclovir", "maintenance", SAVE, RISES, ("10", {"amount": "6.25"})
    ),
    "6.25 mg/kg for 0.625 on haemodialysis": table(
        "ganciclovir",
        "maintenance",
        READINESS,
        "dose should be",
        ("haemodialysis", {"amount": "6.25"}),
    ),
    "1450 mg for 450": table(
        "valganciclovir", "induction", SAVE, RISES, ("40", {"amount": "1450"})
    ),
    "a comma for the point": table(
        "ganciclovir", "induction", SAVE, "“2,5” is no number here", ("50", {"amount": "2,5"})
    ),
    "mg for mg/kg": table("ganciclovir", "induction", READINESS, FAILS, per_kg=None),
    # How often
    "12 and 24 hours exchanged between two rows": table(
        "ganciclovir",
        "induction",
        SAVE,
        RISES,
        ("50", {"frequency": "q24h"}),
        ("25", {"frequency": "q12h"}),
    ),
    "once a day for every 12 hours at 50 to 69": table(
        "ganciclovir",
        "induction",
        READINESS,
        "frequency should be q12h",
        ("50", {"frequency": "q24h"}),
    ),
    "450 mg a week for twice a week": table(
        "valganciclovir",
        "maintenance",
        READINESS,
        "frequency should be 2/week",
        ("10", {"frequency": "weekly"}),
    ),
    "every 12 hours on haemodialysis": table(
        "ganciclovir",
        "induction",
        READINESS,
        "frequency should be 3/week-after-haemodialysis",
        ("haemodialysis", {"frequency": "q12h"}),
    ),
    "maintenance doses in the induction table": table(
        "ganciclovir",
        "induction",
        READINESS,
        FAILS,
        ("70", {"amount": "5", "frequency": "q24h"}),
        ("50", {"amount": "2.5", "frequency": "q24h"}),
        ("25", {"amount": "1.25", "frequency": "q24h"}),
        ("10", {"amount": "0.625", "frequency": "q24h"}),
        ("haemodialysis", {"amount": "0.625"}),
    ),
    # Edges
    "rows of 50 to 69 and of 70 on": table(
        "ganciclovir",
        "induction",
        SAVE,
        "No row covers a clearance from 69 to 70 mL/min",
        ("50", {"high": "69"}),
    ),
    "the row of 50 to 69 left out": table(
        "ganciclovir",
        "maintenance",
        SAVE,
        "No row covers a clearance from 50 to 70 mL/min",
        ("50", DELETED),
    ),
    "50 to 59 left out": table(
        "ganciclovir",
        "induction",
        SAVE,
        "No row covers a clearance from 50 to 60 mL/min",
        ("50", {"low": "60"}),
    ),
    "rows that overlap": table("ganciclovir", "induction", SAVE, "overlap", ("25", {"high": "55"})),
    "0 to 10 and 10 to 24": table(
        "ganciclovir",
        "induction",
        SAVE,
        "Exactly 10 mL/min belongs to",
        ("0", {"high_closed": "True"}),
    ),
    "above 70 for 70 or more": table(
        "ganciclovir",
        "induction",
        SAVE,
        "Exactly 70 mL/min belongs to no row",
        ("70", {"low_closed": "False"}),
    ),
    "the edge of 70 given to the lower row": table(
        "ganciclovir",
        "induction",
        READINESS,
        "band should be [70, ∞)",
        ("70", {"low_closed": "False"}),
        ("50", {"high_closed": "True"}),
    ),
    "30 for 25 as the edge of both rows": table(
        "ganciclovir",
        "induction",
        READINESS,
        FAILS,
        ("25", {"low": "30"}),
        ("10", {"high": "30"}),
    ),
    "full dose from 80 on": table(
        "valganciclovir",
        "induction",
        READINESS,
        FAILS,
        ("60", {"low": "80"}),
        ("40", {"high": "80"}),
    ),
    "14 for 1.4 mL/min/kg": table(
        "foscarnet",
        "induction-90",
        SAVE,
        "No row covers a clearance from 1.4 to 14",
        ("1.4", {"low": "14"}),
    ),
    "mL/min/kg for mL/min": table(
        "ganciclovir", "induction", READINESS, FAILS, measure="mL/min/kg"
    ),
    "mL/min for mL/min/kg": table("foscarnet", "induction-90", READINESS, FAILS, measure="mL/min"),
    "ages from 21 months for 216": Slip(
        DoseTable,
        {"drug__slug": "ganciclovir", "slug": "induction"},
        READINESS,
        "17-years",
        (("ages", {"from_months": "216"}, {"from_months": "21"}),),
    ),
    # Sources
    "a row without source": table(
        "ganciclovir", "induction", SAVE, "No source is given", ("50", {"sources": []})
    ),
    # Regimens
    "the maintenance table for an induction": regimen(
        "ganciclovir-induction",
        SAVE,
        "but the phase is watched as induction",
        ("phases", {"table": "induction"}, {"table": "maintenance"}),
    ),
    "a table of another name": regimen(
        "ganciclovir-induction",
        SAVE,
        "ganciclovir has no table “inducton”",
        ("phases", {"table": "induction"}, {"table": "inducton"}),
    ),
    "another drug with the old table": regimen(
        "ganciclovir-induction",
        SAVE,
        "foscarnet has no table “induction”",
        ("phases", {"table": "induction"}, {"drug": "foscarnet"}),
    ),
    "20 days for 200": regimen(
        "prophylaxis-kidney",
        SAVE,
        "shortest ≤ usual ≤ longest",
        ("transplant_ends", {"organ": "kidney"}, {"usual": "20"}),
    ),
    "a medicine nobody asks for": drug(
        "ganciclovir",
        SAVE,
        "The form does not ask “taking:imipenam”",
        ("rules", {"when": "taking:imipenem"}, {"when": "taking:imipenam"}),
    ),
    "an allergy nobody asks for": drug(
        "ganciclovir",
        SAVE,
        "The form does not ask “allergy:gancyclovir”",
        ("rules", {"when": "allergy:ganciclovir"}, {"when": "allergy:gancyclovir"}),
    ),
    "the higher maintenance table in a regimen": regimen(
        "ganciclovir-resistant",
        READINESS,
        "Order 2: dose should be 5950, but is 7900.",
        ("phases", {"table": "maintenance-90"}, {"table": "maintenance-120"}),
    ),
    "a stop in pregnancy typed as a caution": drug(
        "ganciclovir",
        READINESS,
        "pregnant",
        ("rules", {"when": "pregnant"}, {"level": "caution"}),
    ),
    # Counts
    "neutrophils 0.05 for 0.5": drug(
        "ganciclovir",
        SAVE,
        "at most ten times as much",
        ("thresholds", {"lab": "anc"}, {"stop_below": "0.05"}),
    ),
    "neutrophils 0.4 for 0.5": drug(
        "ganciclovir",
        READINESS,
        "neutrophils",
        ("thresholds", {"lab": "anc"}, {"stop_below": "0.4"}),
    ),
    "more tests below 10 neutrophils for 1.0": drug(
        "ganciclovir",
        SAVE,
        "No dose below 0.5, more tests below 10:",
        ("thresholds", {"lab": "anc"}, {"caution_below": "10"}),
    ),
    "more tests below 0.1 neutrophils for 1.0": drug(
        "ganciclovir",
        SAVE,
        "must be above the first",
        ("thresholds", {"lab": "anc"}, {"caution_below": "0.1"}),
    ),
    "platelets 250 for 25": drug(
        "ganciclovir",
        READINESS,
        FAILS,
        ("thresholds", {"lab": "platelets"}, {"stop_below": "250"}),
    ),
    "haemoglobin 8 (g/dL) for 80": drug(
        "ganciclovir",
        READINESS,
        "haemoglobin",
        ("thresholds", {"lab": "haemoglobin"}, {"stop_below": "8"}),
    ),
    # Children
    "factor 70 for 7": Slip(
        ChildFormula,
        {"table__drug__slug": "valganciclovir"},
        READINESS,
        FAILS,
        own={"factor": "70"},
    ),
    "a cap of 9000 mg for 900": Slip(
        ChildFormula,
        {"table__drug__slug": "valganciclovir"},
        READINESS,
        FAILS,
        own={"dose_cap_mg": "9000"},
    ),
    "a clearance cap of 1500 for 150": Slip(
        ChildFormula,
        {"table__drug__slug": "valganciclovir"},
        READINESS,
        FAILS,
        own={"clearance_cap": "1500"},
    ),
    "a k that begins a year too late": Slip(
        ChildFormula,
        {"table__drug__slug": "valganciclovir"},
        SAVE,
        "No k for female, 24 months",
        (("k_rows", {"from_months": "24", "sex": "female"}, {"from_months": "36"}),),
    ),
}
